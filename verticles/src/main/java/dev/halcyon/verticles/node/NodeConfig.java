package dev.halcyon.verticles.node;

import dev.halcyon.core.access.Network;
import dev.halcyon.core.clip.ClipPolicy;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.access.AccessOptions;
import dev.halcyon.verticles.access.TrustedProxies;
import dev.halcyon.verticles.api.ApiOptions;
import dev.halcyon.verticles.api.ShareOptions;
import dev.halcyon.verticles.blob.SweepOptions;
import dev.halcyon.verticles.blob.s3.S3Options;
import dev.halcyon.verticles.clip.after.AftercareOptions;
import dev.halcyon.verticles.inference.InferenceOptions;
import dev.halcyon.verticles.ingest.PublishHook;
import dev.halcyon.verticles.ingest.rtsp.RtspOptions.PortRange;
import dev.halcyon.verticles.ingest.whip.WhipOptions;
import dev.halcyon.verticles.job.JobOptions;
import dev.halcyon.verticles.record.DownloadOptions;
import dev.halcyon.verticles.record.RecordOptions;
import dev.halcyon.verticles.store.DatabaseAddress;
import dev.halcyon.verticles.upload.UploadOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The whole configuration of a node, read once and validated. {@code conf/halcyon.yaml} tells it.
 */
public record NodeConfig(
    Path dataDir,
    String logFormat,
    String logLevel,
    Http http,
    Listen management,
    Rtmp rtmp,
    Rtsp rtsp,
    Optional<Tls> tls,
    int soundThreads,
    Optional<PublishHook.Options> publishHook,
    WhipOptions whip,
    Optional<String> publicHost,
    long maxBitrateBps,
    RingSpace ring,
    Recording recording,
    int tapThreads,
    InferenceOptions inference,
    ClipCutting clip,
    Optional<String> databaseUrl,
    Blobs blobs,
    Clips clips,
    SourceUploading sourceUploads,
    JobOptions jobs,
    Access access,
    FetchConfig fetch,
    List<String> unknownEnvironment) {

  private static final Pattern PORT_RANGE = Pattern.compile("([0-9]{1,5})-([0-9]{1,5})");
  private static final long MAX_SHARE_S = Duration.ofDays(365).toSeconds();

  /** A week: some 300,000 fragments, whose places are in memory while they are sent. */
  private static final long MAX_DOWNLOAD_S = Duration.ofDays(7).toSeconds();

  /** A day: some millions of packets, which are planned at once. */
  private static final long MAX_RECORDED_CLIP_S = Duration.ofDays(1).toSeconds();

  private static final long MAX_UPLOAD_LINK_S = Duration.ofDays(1).toSeconds();
  private static final long MAX_SWEEP_S = Duration.ofDays(365).toSeconds();
  private static final long MAX_RECONNECT_WAIT_MS = 600_000;
  private static final long MAX_UNDO_S = Duration.ofDays(365).toSeconds();

  /** Where a listener binds; port 0 takes a free one. */
  public record Listen(String host, int port) {}

  public record Http(
      Listen listen,
      List<String> corsOrigins,
      int maxConnections,
      TrustedProxies trustedProxies,
      Optional<String> publicUrl,
      Duration maxShare) {
    ApiOptions options(Set<String> pullSchemes) {
      return new ApiOptions(
          listen.host(),
          listen.port(),
          Set.copyOf(corsOrigins),
          pullSchemes,
          maxConnections,
          trustedProxies,
          publicUrl,
          new ShareOptions(maxShare));
    }
  }

  /**
   * The addresses that are served by TLS; those that are not wanted are empty.
   *
   * @param certificates PEM
   * @param key PEM
   */
  public record Tls(
      Path certificates,
      Path key,
      Optional<Listen> https,
      Optional<Listen> rtmps,
      Optional<Listen> rtsps) {}

  public record Rtmp(
      Listen listen, long idleTimeoutMs, int maxConnections, int maxConnectionsPerAddress) {}

  /**
   * @param reorderMs how long a packet waits for those before it
   */
  public record Rtsp(
      Listen listen,
      PortRange udpPorts,
      long reorderMs,
      long idleTimeoutMs,
      int maxConnections,
      int maxConnectionsPerAddress) {}

  /**
   * @param quotaBytes 0 for all free space less {@code freeBytes}
   * @param forceMs what is older survives a loss of power; 0 leaves that to the system
   */
  public record RingSpace(long quotaBytes, long freeBytes, long forceMs) {}

  /**
   * @param dir where files are, or where they are until the bucket has them
   * @param sweep from one comparison of files and rows to the next; zero for none
   */
  public record Blobs(Path dir, Optional<S3Options> s3, Duration sweep, SweepOptions sweeping) {}

  /**
   * @param reconnectWait how long an open clip waits for a publisher that was lost
   */
  public record Clips(
      Duration undo, Duration housekeeping, Duration reconnectWait, AftercareOptions aftercare) {
    ClipPolicy policy() {
      return new ClipPolicy(undo);
    }
  }

  /**
   * @param longestRecorded clip that is cut from a recording
   */
  public record ClipCutting(int threads, Duration longestRecorded) {}

  /**
   * @param freeBytes of the disk that recordings leave alone
   * @param keepDays 0 for ever
   * @param keepBytes of a workspace; 0 for no limit but the disk
   */
  public record Recording(
      int threads, long freeBytes, int keepDays, long keepBytes, DownloadOptions downloads) {
    RecordOptions options(Path dataDir) {
      return RecordOptions.hourly(
          dataDir.resolve("sessions"), threads, freeBytes, keepDays, keepBytes);
    }
  }

  /**
   * @param maxBytes of one file that a user brings
   * @param linkLifetime how long its PUT may begin
   * @param keepDays that a file stays which no job opens
   * @param freeBytes of the disk that they leave alone
   */
  public record SourceUploading(
      long maxBytes, Duration linkLifetime, int keepDays, long freeBytes) {
    UploadOptions options(Path dataDir) {
      return new UploadOptions(
          dataDir.resolve("uploads"), maxBytes, linkLifetime, Duration.ofDays(keepDays), freeBytes);
    }
  }

  public record Access(
      boolean isRegistrationOpen,
      int loginsPerMinute,
      int registrationsPerHour,
      int streamsPerWorkspace) {
    AccessOptions options() {
      AccessOptions open =
          AccessOptions.DEFAULT
              .withLimits(loginsPerMinute, registrationsPerHour)
              .withStreamsPerWorkspace(streamsPerWorkspace);
      return isRegistrationOpen ? open : open.withRegistrationClosed();
    }
  }

  /**
   * @param file a file with keys that differ from the defaults
   * @param environment the process environment
   * @throws ConfigException when anything in it is wrong
   */
  public static NodeConfig load(Optional<Path> file, Map<String, String> environment) {
    ConfigSource source = ConfigSource.load(file, environment);
    Path dataDir = Path.of(source.text("data.dir")).toAbsolutePath().normalize();
    return new NodeConfig(
        dataDir,
        oneOf(source, "log.format", "text", "json"),
        oneOf(source, "log.level", "error", "warn", "info", "debug"),
        new Http(
            listen(source, "http"),
            list(source, "http.cors_origins"),
            (int) source.whole("http.max_connections", 1, 1_000_000),
            trustedProxies(source),
            publicUrl(source),
            Duration.ofSeconds(source.whole("share.max_expires_s", 60, MAX_SHARE_S))),
        listen(source, "management"),
        new Rtmp(
            listen(source, "rtmp"),
            source.whole("rtmp.idle_timeout_ms", 1_000, 600_000),
            (int) source.whole("rtmp.max_connections", 1, 100_000),
            (int) source.whole("rtmp.max_connections_per_address", 1, 100_000)),
        new Rtsp(
            listen(source, "rtsp"),
            portRange(source, "rtsp.udp_ports"),
            source.whole("rtsp.reorder_ms", 1, 2_000),
            source.whole("rtsp.idle_timeout_ms", 1_000, 600_000),
            (int) source.whole("rtsp.max_connections", 1, 100_000),
            (int) source.whole("rtsp.max_connections_per_address", 1, 100_000)),
        tls(source),
        (int) source.whole("sound.threads", 1, 64),
        publishHook(source),
        whip(source),
        optional(source, "ingest.public_host"),
        source.whole("ingest.max_bitrate_bps", 100_000, 1_000_000_000),
        new RingSpace(
            source.whole("ring.quota_bytes", 0, Long.MAX_VALUE),
            source.whole("ring.free_bytes", 0, Long.MAX_VALUE),
            source.whole("ring.force_ms", 0, 60_000)),
        new Recording(
            (int) source.whole("recording.threads", 1, 64),
            source.whole("recording.free_bytes", 0, Long.MAX_VALUE),
            (int) source.whole("recording.keep_days", 0, 36_500),
            source.whole("recording.keep_bytes", 0, Long.MAX_VALUE),
            new DownloadOptions(
                (int) source.whole("recording.downloads", 1, 1_000),
                Duration.ofSeconds(source.whole("recording.download_max_s", 1, MAX_DOWNLOAD_S)))),
        threads(source, "tap.threads"),
        InferenceConfig.read(source),
        new ClipCutting(
            threads(source, "clip.threads"),
            Duration.ofSeconds(source.whole("clip.recorded_max_s", 1, MAX_RECORDED_CLIP_S))),
        databaseUrl(source),
        new Blobs(
            blobDir(source, dataDir),
            S3Config.read(source),
            Duration.ofSeconds(source.whole("blob.sweep.every_s", 0, MAX_SWEEP_S)),
            new SweepOptions(
                Duration.ofSeconds(source.whole("blob.sweep.grace_s", 0, MAX_SWEEP_S)),
                Duration.ofSeconds(source.whole("blob.sweep.quarantine_s", 0, MAX_SWEEP_S)))),
        new Clips(
            Duration.ofSeconds(source.whole("clips.undo_s", 0, MAX_UNDO_S)),
            Duration.ofSeconds(source.whole("clips.housekeeping_s", 1, 86_400)),
            Duration.ofMillis(source.whole("clips.reconnect_wait_ms", 0, MAX_RECONNECT_WAIT_MS)),
            aftercare(source)),
        new SourceUploading(
            source.whole("jobs.uploads.max_bytes", 1, Long.MAX_VALUE),
            Duration.ofSeconds(source.whole("jobs.uploads.link_s", 60, MAX_UPLOAD_LINK_S)),
            (int) source.whole("jobs.uploads.keep_days", 1, 36_500),
            source.whole("jobs.uploads.free_bytes", 0, Long.MAX_VALUE)),
        new JobOptions(
            (int) source.whole("jobs.concurrency", 1, 64),
            (int) source.whole("jobs.per_workspace", 1, 10_000),
            Duration.ofDays(source.whole("jobs.artifacts_keep_days", 0, 36_500)),
            source.whole("jobs.free_bytes", 0, Long.MAX_VALUE)),
        new Access(
            oneOf(source, "access.registration", "true", "false").equals("true"),
            (int) source.whole("access.login.per_minute", 1, 1_000_000),
            (int) source.whole("access.register.per_hour", 1, 1_000_000),
            (int) source.whole("access.workspace.streams", 1, 1_000_000)),
        FetchConfig.read(source, environment),
        source.unknownEnvironment());
  }

  private static WhipOptions whip(ConfigSource source) {
    return new WhipOptions(
        source.text("whip.host"),
        source.port("whip.port"),
        list(source, "whip.public_address"),
        (int) source.whole("whip.max_sessions", 1, 100_000),
        (int) source.whole("whip.max_sessions_per_address", 1, 100_000),
        source.whole("whip.handshake_timeout_ms", 1_000, 60_000),
        source.whole("whip.idle_timeout_ms", 1_000, 600_000),
        source.whole("whip.keyframe_interval_ms", 500, 60_000));
  }

  private static AftercareOptions aftercare(ConfigSource source) {
    String verify = oneOf(source, "clips.verify", "none", "sample", "all");
    return new AftercareOptions(
        (int) source.whole("clips.work_threads", 1, 64),
        AftercareOptions.AutoVerify.valueOf(verify.toUpperCase(Locale.ROOT)),
        oneOf(source, "clips.strip", "true", "false").equals("true"));
  }

  /** Every key with its value, secrets masked; for the log and for support. */
  public static Map<String, String> masked(Optional<Path> file, Map<String, String> environment) {
    Map<String, String> shown = new TreeMap<>(ConfigSource.load(file, environment).values());
    shown.computeIfPresent(
        "database.url", (key, url) -> url.isBlank() ? "" : shownUrl(url.strip()));
    shown.computeIfPresent(
        "blob.s3.secret_key", (key, secret) -> secret.isBlank() ? "" : "set, not shown");
    shown.computeIfPresent(
        "ingest.publish_hook.secret", (key, secret) -> secret.isBlank() ? "" : "set, not shown");
    shown.computeIfPresent(
        "jobs.sources.proxy_url", (key, url) -> url.isBlank() ? "" : "set, not shown");
    return shown;
  }

  /** What the driver reads in it, so that no spelling of a password gets through. */
  private static String shownUrl(String url) {
    try {
      return DatabaseAddress.parse(url).toString();
    } catch (HalcyonException malformed) {
      return "set, but not postgresql://USER:PASSWORD@HOST:PORT/NAME";
    }
  }

  private static int threads(ConfigSource source, String key) {
    int threads = (int) source.whole(key, 0, 256);
    return threads > 0 ? threads : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  private static Listen listen(ConfigSource source, String prefix) {
    return new Listen(source.text(prefix + ".host"), source.port(prefix + ".port"));
  }

  private static TrustedProxies trustedProxies(ConfigSource source) {
    List<Network> networks = new ArrayList<>();
    for (String network : list(source, "http.trusted_proxies")) {
      try {
        networks.add(Network.parse(network));
      } catch (IllegalArgumentException malformed) {
        throw new ConfigException(
            "http.trusted_proxies has what is neither an address nor a network as 10.0.0.0/8: "
                + network,
            malformed);
      }
    }
    return new TrustedProxies(networks);
  }

  private static Optional<String> publicUrl(ConfigSource source) {
    Optional<String> url =
        optional(source, "http.public_url").map(text -> text.replaceFirst("/+$", ""));
    if (url.filter(text -> !text.matches("https?://[^\\s/?#]+(/[^\\s?#]*)?")).isPresent()) {
      throw new ConfigException(
          "http.public_url is no address as https://clips.example.org: " + url.get());
    }
    return url;
  }

  private static Optional<PublishHook.Options> publishHook(ConfigSource source) {
    Optional<String> url = optional(source, "ingest.publish_hook.url");
    Optional<String> secret = optional(source, "ingest.publish_hook.secret");
    if (url.isEmpty()) {
      return Optional.empty();
    }
    if (!url.get().matches("https?://[^\\s/]+(/\\S*)?")) {
      throw new ConfigException("ingest.publish_hook.url is no http address: " + url.get());
    }
    return Optional.of(
        new PublishHook.Options(
            url.get(),
            secret.orElseThrow(
                () ->
                    new ConfigException(
                        "ingest.publish_hook.secret is missing: what is asked is signed with it")),
            Duration.ofMillis(source.whole("ingest.publish_hook.timeout_ms", 100, 9_000))));
  }

  private static Optional<Tls> tls(ConfigSource source) {
    Optional<String> certificates = optional(source, "tls.cert");
    Optional<String> key = optional(source, "tls.key");
    if (certificates.isEmpty() && key.isEmpty()) {
      return Optional.empty();
    }
    if (certificates.isEmpty() || key.isEmpty()) {
      throw new ConfigException("tls.cert and tls.key go together: give both or none");
    }
    return Optional.of(
        new Tls(
            Path.of(certificates.get()).toAbsolutePath().normalize(),
            Path.of(key.get()).toAbsolutePath().normalize(),
            secured(source, "http", "https"),
            secured(source, "rtmp", "rtmps"),
            secured(source, "rtsp", "rtsps")));
  }

  private static Optional<Listen> secured(ConfigSource source, String plain, String secure) {
    return optional(source, secure + ".port")
        .map(given -> new Listen(source.text(plain + ".host"), source.port(secure + ".port")));
  }

  private static PortRange portRange(ConfigSource source, String key) {
    String range = source.text(key);
    if (range.isEmpty()) {
      return PortRange.NONE;
    }
    Matcher ports = PORT_RANGE.matcher(range);
    if (ports.matches()) {
      int first = Integer.parseInt(ports.group(1));
      int last = Integer.parseInt(ports.group(2));
      if (first >= 1 && first < last && last <= 65_535) {
        return new PortRange(first, last);
      }
    }
    throw new ConfigException(key + " must be FIRST-LAST, as in 8600-8999: " + range);
  }

  private static Path blobDir(ConfigSource source, Path dataDir) {
    String url = source.text("blob.url");
    if (url.isEmpty()) {
      return dataDir.resolve("blobs");
    }
    if (S3Config.isMeant(source)) {
      return optional(source, "blob.s3.local_dir")
          .map(dir -> Path.of(dir).toAbsolutePath().normalize())
          .orElseGet(() -> dataDir.resolve("blobs"));
    }
    if (!url.startsWith("file:///")) {
      throw new ConfigException("blob.url must start with file:/// or s3:// : " + url);
    }
    return Path.of(URI.create(url));
  }

  private static Optional<String> databaseUrl(ConfigSource source) {
    Optional<String> url = optional(source, "database.url");
    try {
      url.ifPresent(DatabaseAddress::parse);
    } catch (HalcyonException malformed) {
      throw new ConfigException(malformed.getMessage(), malformed);
    }
    return url;
  }

  static Optional<String> optional(ConfigSource source, String key) {
    return Optional.of(source.text(key)).filter(value -> !value.isEmpty());
  }

  private static List<String> list(ConfigSource source, String key) {
    return List.of(source.text(key).split(",")).stream()
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  static String oneOf(ConfigSource source, String key, String... allowed) {
    String value = source.text(key);
    if (!List.of(allowed).contains(value)) {
      throw new ConfigException(key + " must be one of " + List.of(allowed) + ": " + value);
    }
    return value;
  }
}

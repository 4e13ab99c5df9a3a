package dev.halcyon.verticles.node;

import dev.halcyon.verticles.blob.s3.S3Options;
import dev.halcyon.verticles.blob.s3.S3Options.Checksum;
import dev.halcyon.verticles.blob.s3.S3Options.Downloads;
import dev.halcyon.verticles.blob.s3.S3Options.Encryption;
import dev.halcyon.verticles.blob.s3.S3Options.Keep;
import dev.halcyon.verticles.blob.s3.S3Options.Keys;
import dev.halcyon.verticles.blob.s3.S3Options.Transfer;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the keys {@code blob.url} and {@code blob.s3} say of a bucket. No state. */
final class S3Config {
  /** Bucket names as Amazon has them, and a prefix that needs no escaping anywhere. */
  private static final Pattern URL =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9._/-]{0,500}))?");

  private static final Pattern ENDPOINT = Pattern.compile("https?://[^\\s/?#@]+/?");

  /** S3's limits for one part. */
  private static final long LEAST_PART_BYTES = 5L << 20;

  private static final long MOST_PART_BYTES = 5L << 30;
  private static final long MOST_LINK_S = Duration.ofDays(7).toSeconds();
  private static final long MOST_KEEP_S = Duration.ofDays(3_650).toSeconds();

  private S3Config() {}

  static boolean isMeant(ConfigSource source) {
    return source.text("blob.url").startsWith("s3:");
  }

  /**
   * @return empty when files are kept elsewhere than in a bucket
   * @throws ConfigException when anything in it is wrong
   */
  static Optional<S3Options> read(ConfigSource source) {
    if (!isMeant(source)) {
      return Optional.empty();
    }
    Matcher url = URL.matcher(source.text("blob.url"));
    if (!url.matches()) {
      throw new ConfigException(
          "blob.url is no address as s3://BUCKET/PREFIX: " + source.text("blob.url"));
    }
    String region = source.text("blob.s3.region");
    if (!region.matches("[a-z0-9-]{1,64}")) {
      throw new ConfigException("blob.s3.region is no region as eu-central-1: " + region);
    }
    return Optional.of(
        new S3Options(
            url.group(1),
            prefix(Optional.ofNullable(url.group(2)).orElse("")),
            endpoint(source, "blob.s3.endpoint"),
            endpoint(source, "blob.s3.public_endpoint"),
            region,
            isTrue(source, "blob.s3.path_style"),
            keys(source),
            encryption(source),
            transfer(source),
            new Downloads(
                NodeConfig.oneOf(source, "blob.s3.downloads", "proxy", "redirect")
                    .equals("redirect"),
                Duration.ofSeconds(source.whole("blob.s3.link_s", 60, MOST_LINK_S))),
            new Keep(
                Duration.ofSeconds(source.whole("blob.s3.keep_local_s", 0, MOST_KEEP_S)),
                source.whole("blob.s3.keep_local_bytes", 0, Long.MAX_VALUE))));
  }

  private static String prefix(String text) {
    String inner = text.replaceAll("^/+|/+$", "");
    if (inner.startsWith(".") || inner.contains("//") || inner.contains("..")) {
      throw new ConfigException("blob.url has no usable prefix: " + text);
    }
    return inner.isEmpty() ? "" : inner + '/';
  }

  private static Optional<URI> endpoint(ConfigSource source, String key) {
    Optional<String> text = NodeConfig.optional(source, key);
    if (text.filter(given -> !ENDPOINT.matcher(given).matches()).isPresent()) {
      throw new ConfigException(key + " is no address as https://s3.example.org: " + text.get());
    }
    return text.map(URI::create);
  }

  private static boolean isTrue(ConfigSource source, String key) {
    return NodeConfig.oneOf(source, key, "true", "false").equals("true");
  }

  private static Optional<Keys> keys(ConfigSource source) {
    String id = source.text("blob.s3.access_key");
    String secret = source.text("blob.s3.secret_key");
    if (id.isEmpty() != secret.isEmpty()) {
      throw new ConfigException("blob.s3.access_key and blob.s3.secret_key belong together");
    }
    return id.isEmpty() ? Optional.empty() : Optional.of(new Keys(id, secret));
  }

  private static Encryption encryption(ConfigSource source) {
    return switch (NodeConfig.oneOf(source, "blob.s3.encryption", "bucket", "managed", "kms")) {
      case "managed" -> new Encryption.Managed();
      case "kms" -> new Encryption.Kms(NodeConfig.optional(source, "blob.s3.kms_key"));
      default -> new Encryption.OfBucket();
    };
  }

  private static Transfer transfer(ConfigSource source) {
    String checksum = NodeConfig.oneOf(source, "blob.s3.checksum", "sha256", "md5");
    return new Transfer(
        Checksum.valueOf(checksum.toUpperCase(Locale.ROOT)),
        source.whole("blob.s3.multipart_bytes", LEAST_PART_BYTES, MOST_PART_BYTES),
        source.whole("blob.s3.part_bytes", LEAST_PART_BYTES, MOST_PART_BYTES),
        (int) source.whole("blob.s3.uploads", 1, 64));
  }
}

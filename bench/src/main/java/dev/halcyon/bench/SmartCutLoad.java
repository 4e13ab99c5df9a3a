package dev.halcyon.bench;

import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.verticles.client.HalcyonClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * The exact file of a sealed clip as a client gets it: from the request to the answer that it is
 * there. Beside it a whole encode of the same clip.
 */
final class SmartCutLoad {
  private static final long LIMIT_S = 300;
  private static final long ASK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private final HalcyonClient client;
  private final Path dir;

  /**
   * @param madeNs from the request to the finished file
   * @param encodedNs the peer's whole run; 0 where it is not installed
   * @param pictures in the clip
   * @param encoded of them
   * @param runs in which those lie
   * @param identical pictures whose packets are those of the clip, bit by bit
   */
  record Result(
      long clipUs,
      long madeNs,
      long encodedNs,
      long pictures,
      long encoded,
      int runs,
      long identical) {
    boolean isWhole() {
      return identical == pictures - encoded;
    }
  }

  SmartCutLoad(HalcyonClient client, Path dir) {
    this.client = client;
    this.dir = dir;
  }

  Result run(String clip, long clipUs) throws IOException, InterruptedException {
    Path sealed = dir.resolve("sealed.mp4");
    Path exact = dir.resolve("exact.mp4");
    client.download(client.clip(clip).getString("download_url"), sealed);
    long startNs = System.nanoTime();
    JsonObject version = made(clip, startNs);
    long madeNs = System.nanoTime() - startNs;
    client.download(version.getString("download_url"), exact);
    long encodedNs =
        FfmpegPeer.isInstalled() ? FfmpegPeer.encode(sealed, dir.resolve("encoded.mp4")) : 0;
    JsonObject contract = version.getJsonObject("contract");
    long encoded =
        contract.getJsonArray("encoded_frames").stream()
            .map(JsonObject.class::cast)
            .mapToLong(range -> range.getLong("end") - range.getLong("start"))
            .sum();
    Set<Bytes> before = new HashSet<>();
    forEachPicture(sealed, before::add);
    long[] counts = new long[2];
    forEachPicture(
        exact,
        packet -> {
          counts[0]++;
          counts[1] += before.contains(packet) ? 1 : 0;
        });
    int runs = contract.getJsonArray("encoded_frames").size();
    return new Result(clipUs, madeNs, encodedNs, counts[0], encoded, runs, counts[1]);
  }

  /** Asks until it is there. */
  private JsonObject made(String clip, long startNs) {
    String path = "/api/clips/" + clip + "/download?exact=reencode";
    while (client.status(path) == 202) {
      if (System.nanoTime() - startNs > TimeUnit.SECONDS.toNanos(LIMIT_S)) {
        throw new IllegalStateException("the exact file was not made");
      }
      LockSupport.parkNanos(ASK_AGAIN_NS);
    }
    return client.clip(clip).getJsonArray("versions").stream()
        .map(JsonObject.class::cast)
        .filter(version -> version.getString("kind").equals("exact"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the clip has no exact file"));
  }

  private static void forEachPicture(Path file, Consumer<Bytes> sink) {
    try (DemuxerHandle demuxer = DemuxerHandle.ofFile(file, Map.of("ignore_editlist", "1"));
        PacketHandle packet = new PacketHandle()) {
      int stream = demuxer.firstStream(avutil.AVMEDIA_TYPE_VIDEO).orElseThrow();
      while (demuxer.read(packet)) {
        if (packet.pointer().stream_index() == stream) {
          sink.accept(Bytes.copyOf(packet.payload()));
        }
      }
    }
  }
}

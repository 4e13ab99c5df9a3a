package dev.halcyon.codecs.testcard;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.MuxerHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes test cards to files. On a platform thread; blocking. */
public final class TestCardFile {
  private TestCardFile() {}

  /**
   * Writes a card's first {@code durationUs} through libavformat, replacing what is there.
   *
   * @param path its ending names the container: mp4, flv, mkv, webm or ts
   * @throws HalcyonException UNSUPPORTED_MEDIA, IO_FAILED
   */
  public static void write(TestCard card, long durationUs, Path path) {
    try (TestCardSource source = TestCardSource.of(card, durationUs);
        MuxerHandle muxer = open(source.tracks(), path)) {
      Optional<CodedPacket> packet = source.next();
      while (packet.isPresent()) {
        muxer.write(packet.get());
        packet = source.next();
      }
      muxer.finish();
    }
  }

  /** Opens a file for given tracks, in the container that its ending names. */
  static MuxerHandle open(List<Track> tracks, Path path) {
    String container = containerOf(path);
    // An empty edit, which states an A/V offset, is else rounded to milliseconds.
    Map<String, String> options =
        container.equals("mp4") ? Map.of("movie_timescale", "1000000") : Map.of();
    return MuxerHandle.toFile(path, container, tracks, options);
  }

  private static String containerOf(Path path) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "mp4" -> "mp4";
      case "flv" -> "flv";
      case "mkv" -> "matroska";
      case "webm" -> "webm";
      case "ts" -> "mpegts";
      default ->
          throw new HalcyonException(
              ErrorCode.UNSUPPORTED_MEDIA, "no container has this ending [name=" + name + "]");
    };
  }
}

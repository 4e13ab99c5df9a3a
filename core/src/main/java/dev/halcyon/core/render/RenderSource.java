package dev.halcyon.core.render;

import dev.halcyon.core.asset.MediaProbe;
import dev.halcyon.core.asset.PictureStream;
import dev.halcyon.core.asset.SoundStream;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.OptionalInt;

/**
 * What of a file goes into a render. The file is known by its content, wherever it lies.
 *
 * @param sha256 of the whole file, lower-case hex
 * @param startUs what the file's own time stamps say at media time 0
 * @param pictureStream index of the stream in the file
 * @param scan whether its pictures have to be made of fields
 * @param soundStream empty for a silent render
 */
public record RenderSource(
    String sha256, long startUs, int pictureStream, Scan scan, OptionalInt soundStream) {
  /** How the source's pictures were taken. */
  public enum Scan {
    PROGRESSIVE,
    INTERLACED
  }

  public RenderSource {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("no SHA-256 in lower-case hex [sha256=" + sha256 + "]");
    }
    if (pictureStream < 0 || soundStream.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "no stream [picture=" + pictureStream + ", sound=" + soundStream + "]");
    }
  }

  /**
   * The pictures of a file with its default sound.
   *
   * @throws HalcyonException UNSUPPORTED_MEDIA when the file has no pictures
   */
  public static RenderSource of(MediaProbe probe, String sha256) {
    PictureStream picture =
        probe
            .picture()
            .orElseThrow(
                () ->
                    new HalcyonException(
                        ErrorCode.UNSUPPORTED_MEDIA,
                        "the file has sound alone: a clip is rendered from pictures"));
    return new RenderSource(
        sha256,
        probe.startUs(),
        picture.index(),
        picture.isInterlaced() ? Scan.INTERLACED : Scan.PROGRESSIVE,
        probe.defaultSound().stream().mapToInt(SoundStream::index).findFirst());
  }

  /** The same with another of the file's sounds. */
  public RenderSource withSound(OptionalInt stream) {
    return new RenderSource(sha256, startUs, pictureStream, scan, stream);
  }
}

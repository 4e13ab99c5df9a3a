package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.matroska.MatroskaFile;
import dev.halcyon.codecs.mp4.Mp4File;
import dev.halcyon.codecs.mp4.PayloadSource;
import dev.halcyon.core.cut.CutPlan;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** A planned cut as the file that suits its codecs. Immutable; any thread. */
sealed interface ClipFile {
  /**
   * @throws dev.halcyon.core.error.HalcyonException UNSUPPORTED_MEDIA or CORRUPT_MEDIA when a track
   *     cannot be carried
   */
  static ClipFile of(CutPlan plan) {
    return WebmCut.suits(plan) ? new Webm(plan, WebmCut.of(plan)) : new Mp4(CutFile.of(plan));
  }

  /** {@code mp4} or {@code webm}. */
  String container();

  long sizeBytes();

  /**
   * Writes the whole file.
   *
   * @param source gives the payloads of the plan, index by index
   * @return its SHA-256 in lower-case hex
   */
  String write(WritableByteChannel out, PayloadSource source) throws IOException;

  /** What players of today's codecs want. */
  record Mp4(Mp4File file) implements ClipFile {
    @Override
    public String container() {
      return "mp4";
    }

    @Override
    public long sizeBytes() {
      return file.sizeBytes();
    }

    @Override
    public String write(WritableByteChannel out, PayloadSource source) throws IOException {
      return file.write(out, source);
    }
  }

  /** What VP8 goes into. */
  record Webm(CutPlan plan, MatroskaFile file) implements ClipFile {
    @Override
    public String container() {
      return "webm";
    }

    @Override
    public long sizeBytes() {
      return file.sizeBytes();
    }

    @Override
    public String write(WritableByteChannel out, PayloadSource source) throws IOException {
      return file.write(out, WebmCut.hiding(plan, source));
    }
  }
}

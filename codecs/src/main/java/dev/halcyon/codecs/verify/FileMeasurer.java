package dev.halcyon.codecs.verify;

import dev.halcyon.codecs.mp4.EditLists;
import dev.halcyon.codecs.mp4.EditLists.TrackEdits;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.clip.verify.MeasuredFile;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.CodecName;
import dev.halcyon.core.media.Track;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decodes a finished clip and says what it presents, knowing nothing of how it was made. Blocks for
 * as long as decoding takes, on one platform thread; an interrupt ends it.
 */
public final class FileMeasurer {
  private static final int BUFFER_BYTES = 1 << 20;

  private FileMeasurer() {}

  /**
   * The digest of a file's bytes.
   *
   * @return SHA-256 in lower-case hex
   * @throws java.nio.file.NoSuchFileException when there is no such file
   */
  public static String sha256(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
      while (in.read(buffer) >= 0) {
        digest.update(buffer.flip());
        buffer.clear();
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Measures a file. Damage is part of the answer, not an error.
   *
   * @param sha256 of the file, as {@link #sha256} gives it
   * @throws HalcyonException IO_FAILED when interrupted
   */
  public static MeasuredFile measure(Path file, String sha256, long sizeBytes) {
    try {
      return decoded(file, sha256, sizeBytes);
    } catch (IOException failure) {
      requireNoInterrupt();
      return MeasuredFile.unreadable(sha256, sizeBytes, ErrorCode.IO_FAILED.name());
    } catch (HalcyonException failure) {
      requireNoInterrupt();
      return MeasuredFile.unreadable(sha256, sizeBytes, failure.code().name());
    }
  }

  private static MeasuredFile decoded(Path file, String sha256, long sizeBytes) throws IOException {
    try (Presentation shown = new Presentation(file)) {
      List<TrackEdits> edits = EditLists.of(file);
      shown.play();
      MediaEdges media = MediaEdges.of(file, shown.firstPictures(), shown.lastPictures());
      return new MeasuredFile(
          sha256,
          sizeBytes,
          shown.fault().or(media::fault),
          media.packets(),
          codecs(file),
          shown.pictures(media, edits),
          shown.sound(edits),
          shown.decodeErrors());
    }
  }

  private static List<String> codecs(Path file) {
    List<String> names = new ArrayList<>();
    try (DemuxerHandle demuxer = DemuxerHandle.ofFile(file, Map.of())) {
      for (int index = 0; index < demuxer.streamCount(); index++) {
        Optional<Track> track = demuxer.track(index);
        names.add(track.map(known -> CodecName.of(known.format())).orElse("unknown"));
      }
    }
    return names;
  }

  static void requireNoInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      throw new HalcyonException(ErrorCode.IO_FAILED, "the measuring was stopped");
    }
  }
}

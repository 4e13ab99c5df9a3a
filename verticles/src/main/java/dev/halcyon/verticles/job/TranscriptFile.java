package dev.halcyon.verticles.job;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.transcript.Transcript;
import dev.halcyon.core.transcript.TranscriptFormat;
import dev.halcyon.core.transcript.TranscriptText;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A transcript that a user gave. Blocking; any thread. */
final class TranscriptFile {
  /** Letters of some scripts take three bytes; few files are made of nothing else. */
  private static final long MAX_BYTES = 32L << 20;

  private TranscriptFile() {}

  /**
   * @throws HalcyonException BAD_REQUEST with what is wrong with it
   */
  static Transcript read(Path file) {
    String name = file.getFileName().toString();
    TranscriptFormat format =
        TranscriptFormat.ofFileName(name)
            .orElseThrow(
                () -> refused("a transcript is a .json, .srt or .vtt file, " + name + " is none"));
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw refused(name + " is larger than " + (MAX_BYTES >> 20) + " MiB");
      }
      return TranscriptText.parse(format, Files.readString(file));
    } catch (NoSuchFileException absent) {
      throw refused("there is no " + file);
    } catch (CharacterCodingException foreign) {
      throw refused(name + " is not in UTF-8");
    } catch (IOException failure) {
      throw refused(name + " cannot be read: " + failure.getMessage());
    }
  }

  private static HalcyonException refused(String why) {
    return new HalcyonException(ErrorCode.BAD_REQUEST, why);
  }
}

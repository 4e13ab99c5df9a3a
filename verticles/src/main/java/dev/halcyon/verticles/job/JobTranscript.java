package dev.halcyon.verticles.job;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.transcript.TranscriptFormat;

/** The forms of transcripts that are given with a job, by the names in the contract. */
public final class JobTranscript {
  private JobTranscript() {}

  /**
   * @param name {@code json}, {@code srt} or {@code vtt}
   * @throws HalcyonException BAD_REQUEST for any other
   */
  public static TranscriptFormat formatOf(String name) {
    return TranscriptFormat.ofFileName("." + name)
        .orElseThrow(
            () ->
                new HalcyonException(ErrorCode.BAD_REQUEST, "transcript.format: json, srt or vtt"));
  }
}

package dev.halcyon.verticles.job;

import dev.halcyon.core.error.ErrorCode;

/** What {@code halcyon clip} ends with; scripts rely on the numbers. */
enum ClipExit {
  DONE(0),
  /** A step failed, or something unforeseen. */
  FAILED(1),
  /** Wrong options, or a transcript that cannot be read. */
  USAGE(2),
  /** The source is not there, not a video, damaged, or beyond the limits. */
  SOURCE_REFUSED(3),
  /** Nothing in the source was worth a clip. */
  NO_CLIPS(4),
  /** Another run works in the output folder. */
  FOLDER_BUSY(5),
  /** The disk is full. */
  NO_ROOM(6),
  /** Ctrl-C; the same command goes on where it stopped. */
  INTERRUPTED(130);

  private final int status;

  ClipExit(int status) {
    this.status = status;
  }

  int status() {
    return status;
  }

  static ClipExit of(ErrorCode code) {
    return switch (code) {
      case BAD_REQUEST -> USAGE;
      case NOT_FOUND,
          UNSUPPORTED_MEDIA,
          CORRUPT_MEDIA,
          MEDIA_TOO_LONG,
          MEDIA_TOO_LARGE,
          PICTURE_TOO_LARGE,
          BITRATE_TOO_HIGH,
          NO_MEDIA,
          SOURCE_REFUSED ->
          SOURCE_REFUSED;
      case EDIT_CONFLICT -> FOLDER_BUSY;
      case INSUFFICIENT_STORAGE -> NO_ROOM;
      case CANCELLED -> INTERRUPTED;
      default -> FAILED;
    };
  }
}

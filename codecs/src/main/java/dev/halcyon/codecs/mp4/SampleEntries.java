package dev.halcyon.codecs.mp4;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;

/** Writes what a file says of a track's coding: one sample entry a configuration. No state. */
final class SampleEntries {
  private SampleEntries() {}

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA for a codec that MP4 does not carry here;
   *     CORRUPT_MEDIA when a configuration that the codec cannot do without is missing
   */
  static void write(BoxWriter out, TrackFormat format, Bitrate bitrate) {
    switch (format) {
      case VideoFormat video -> new VisualEntry(out, video).write();
      case AudioFormat audio -> new SoundEntry(out, audio, bitrate).write();
    }
  }

  static Bytes required(TrackFormat format) {
    if (format.config().isEmpty()) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA, format.codec() + " without its configuration");
    }
    return format.config();
  }

  static HalcyonException unsupported(TrackFormat format) {
    return new HalcyonException(
        ErrorCode.UNSUPPORTED_MEDIA, "MP4 does not carry " + format.codec() + " here");
  }
}

package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.media.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The codecs that are taken, as Enhanced RTMP (version 2) names them. */
enum FourCc {
  AVC("avc1", Codec.H264),
  HEVC("hvc1", Codec.HEVC),
  AV1("av01", Codec.AV1),
  VP8("vp08", Codec.VP8),
  VP9("vp09", Codec.VP9),
  AAC("mp4a", Codec.AAC),
  OPUS("Opus", Codec.OPUS),
  FLAC("fLaC", Codec.FLAC),
  AC3("ac-3", Codec.AC3),
  MP3(".mp3", Codec.MP3);

  private final String text;
  private final Codec codec;
  private final int code;

  FourCc(String text, Codec codec) {
    this.text = text;
    this.codec = codec;
    this.code = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)).getInt();
  }

  String text() {
    return text;
  }

  Codec codec() {
    return codec;
  }

  boolean isVideo() {
    return codec.isVideo();
  }

  static Optional<FourCc> of(int code) {
    for (FourCc known : values()) {
      if (known.code == code) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  /** What a code looks like, for messages. */
  static String printable(int code) {
    byte[] name = ByteBuffer.allocate(Integer.BYTES).putInt(code).array();
    for (int i = 0; i < name.length; i++) {
      name[i] = name[i] < ' ' || name[i] > '~' ? (byte) '.' : name[i];
    }
    return new String(name, StandardCharsets.US_ASCII);
  }
}

package dev.halcyon.core.media;

/**
 * The codecs that Halcyon knows. {@link #id()} is written into ring files: values are never reused.
 */
public enum Codec {
  H264(1, MediaKind.VIDEO),
  HEVC(2, MediaKind.VIDEO),
  AV1(3, MediaKind.VIDEO),
  VP8(4, MediaKind.VIDEO),
  VP9(5, MediaKind.VIDEO),
  AAC(64, MediaKind.AUDIO),
  OPUS(65, MediaKind.AUDIO),
  MP3(66, MediaKind.AUDIO),
  FLAC(67, MediaKind.AUDIO),
  AC3(68, MediaKind.AUDIO);

  private final int id;
  private final MediaKind kind;

  Codec(int id, MediaKind kind) {
    this.id = id;
    this.kind = kind;
  }

  public int id() {
    return id;
  }

  public MediaKind kind() {
    return kind;
  }

  public boolean isVideo() {
    return kind == MediaKind.VIDEO;
  }

  /**
   * @throws IllegalArgumentException when no codec has this id
   */
  public static Codec ofId(int id) {
    for (Codec codec : values()) {
      if (codec.id == id) {
        return codec;
      }
    }
    throw new IllegalArgumentException("unknown codec [id=" + id + "]");
  }
}

package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.verticles.ingest.media.AssemblyBuffer;
import java.nio.ByteBuffer;
import java.util.Optional;

/** How pictures of one codec travel in RTP. One thread; told of one picture after the other. */
interface PicturePayload extends AutoCloseable {
  /** What a whole picture is to those that follow. */
  enum Kind {
    /** Its parameter sets have not come. */
    UNDECODABLE,
    /** Needs pictures before it. */
    DEPENDENT,
    /** Needs none, but those that follow it in decoding and are shown before it may. */
    OPEN_KEYFRAME,
    /** Neither it nor what follows needs any picture before it. */
    CLOSED_KEYFRAME;

    boolean isKeyframe() {
      return this == OPEN_KEYFRAME || this == CLOSED_KEYFRAME;
    }
  }

  /**
   * How pictures are coded.
   *
   * @param reorderPictures see {@link UnitSink#onFormat}
   * @param pictureUs see {@link UnitSink#onFormat}
   */
  record Coding(VideoFormat format, int reorderPictures, long pictureUs) {}

  /** Whether this packet is surely the first of a picture. */
  boolean isStart(ByteBuffer payload);

  /**
   * Adds what the packet carries of the picture.
   *
   * @throws dev.halcyon.core.error.HalcyonException CORRUPT_MEDIA, UNSUPPORTED_MEDIA; then nothing
   *     but {@link #reset} may follow
   */
  void append(ByteBuffer payload, AssemblyBuffer picture);

  /** Whether anything of a picture has come, and not only what goes with one. */
  boolean hasPicture();

  /** Whether what has come of the picture shows that no other picture needs it. */
  boolean isDisposable();

  /**
   * Looks at the picture when all of it has been added.
   *
   * @throws dev.halcyon.core.error.HalcyonException CORRUPT_MEDIA
   */
  Kind finish(AssemblyBuffer picture);

  /**
   * Whether no picture that others need was sent between the one finished before and the one
   * finished now.
   *
   * @param lostPackets between them, at least
   */
  default boolean hasAllReferences(long lostPackets) {
    return false;
  }

  /** How the pictures up to the finished one are coded; empty when that is not known yet. */
  Optional<Coding> coding();

  /** Another picture follows. */
  void reset();

  @Override
  default void close() {}
}

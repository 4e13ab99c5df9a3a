package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.media.AssemblyBuffer;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import java.nio.ByteBuffer;

/**
 * Puts pictures together, whatever the codec: packets of one time are one picture, which ends at
 * the marker or at the next time. A picture that lost a packet is dropped, and with it all up to
 * the next that can be decoded without it. One thread.
 */
final class VideoDepacketizer implements Depacketizer {
  private static final long NONE = Long.MIN_VALUE;

  private final PicturePayload payload;
  private final UnitSink sink;
  private final RtpCounts counts;
  private final AssemblyBuffer picture;

  private boolean isOpen;
  private boolean isDamaged;
  private long pictureTicks;
  private long lostBefore;

  /** Packets lost between the picture before and the open one. */
  private long missingPackets;

  private boolean needsKeyframe = true;

  /** Pictures shown before this time need what was lost before the keyframe of that time. */
  private long leadingBeforeTicks = NONE;

  private long completedTicks = NONE;

  /** Some cameras set the marker on every slice. */
  private boolean isMarkerTrusted = true;

  private PicturePayload.Coding coding;

  VideoDepacketizer(
      PicturePayload payload, UnitSink sink, RtpCounts counts, BufferAccount account) {
    this.payload = payload;
    this.sink = sink;
    this.counts = counts;
    this.picture = new AssemblyBuffer(account);
  }

  @Override
  public void announce() {
    payload.coding().ifPresent(this::announce);
  }

  @Override
  public void onPacket(long ticks, boolean isMarker, ByteBuffer packet) {
    if (!packet.hasRemaining()) {
      return; // Nothing but padding: senders probe with it, under the last picture's stamp.
    }
    if (isOpen && ticks != pictureTicks) {
      complete();
    }
    if (!isOpen) {
      open(ticks, packet);
    }
    lostBefore = 0;
    if (!isDamaged) {
      append(packet);
    }
    if (isMarker && isMarkerTrusted && (payload.hasPicture() || isDamaged)) {
      completedTicks = ticks;
      complete();
    }
  }

  private void open(long ticks, ByteBuffer packet) {
    isOpen = true;
    pictureTicks = ticks;
    isDamaged = false;
    if (ticks == completedTicks) {
      isMarkerTrusted = false;
      isDamaged = true;
      needKeyframe();
    }
    missingPackets = lostBefore;
    isDamaged |= lostBefore > 0 && !payload.isStart(packet);
  }

  private void append(ByteBuffer packet) {
    try {
      payload.append(packet, picture);
    } catch (HalcyonException unusable) {
      onUnusable(unusable);
    }
  }

  /** Also a picture that is too large to be one. */
  private void onUnusable(HalcyonException unusable) {
    switch (unusable.code()) {
      case CORRUPT_MEDIA, UNSUPPORTED_MEDIA, PROTOCOL_VIOLATION -> {
        counts.malformedPackets++;
        isDamaged = true;
      }
      default -> throw unusable;
    }
  }

  @Override
  public void onLost(long packets) {
    lostBefore += packets;
    if (isOpen) {
      isDamaged = true;
      // Should the next packet be another picture's, the one with the marker is among the lost.
      boolean hasMarkers = isMarkerTrusted && completedTicks != NONE;
      lostBefore -= hasMarkers ? 1 : 0;
    }
  }

  private void complete() {
    isOpen = false;
    if (isDamaged) {
      drop();
    } else if (payload.hasPicture()) {
      finish();
    }
    payload.reset();
    picture.clear();
  }

  private void drop() {
    counts.droppedPictures++;
    if (missingPackets > 0 || !payload.isDisposable()) {
      needKeyframe();
    }
  }

  private void finish() {
    PicturePayload.Kind kind;
    try {
      kind = payload.finish(picture);
    } catch (HalcyonException unusable) {
      onUnusable(unusable);
      drop();
      return;
    }
    if (kind == PicturePayload.Kind.UNDECODABLE) {
      drop();
      return;
    }
    if (missingPackets > 0
        && kind != PicturePayload.Kind.CLOSED_KEYFRAME
        && !payload.hasAllReferences(missingPackets)) {
      needKeyframe();
    }
    if (needsKeyframe && !kind.isKeyframe()) {
      counts.droppedPictures++;
      return;
    }
    if (kind.isKeyframe()) {
      boolean isResuming = needsKeyframe && kind == PicturePayload.Kind.OPEN_KEYFRAME;
      leadingBeforeTicks = isResuming ? pictureTicks : NONE;
      needsKeyframe = false;
    } else if (leadingBeforeTicks != NONE && pictureTicks < leadingBeforeTicks) {
      counts.droppedPictures++;
      return;
    }
    announce(
        payload
            .coding()
            .orElseThrow(
                () -> new HalcyonException(ErrorCode.INTERNAL, "a picture without its coding")));
    sink.onUnit(pictureTicks, kind.isKeyframe(), picture.content());
  }

  private void announce(PicturePayload.Coding now) {
    if (!now.equals(coding)) {
      coding = now;
      sink.onFormat(now.format(), now.reorderPictures(), now.pictureUs());
    }
  }

  private void needKeyframe() {
    if (!needsKeyframe) {
      needsKeyframe = true;
      sink.onKeyframeNeeded();
    }
  }

  @Override
  public void restart() {
    isOpen = false;
    lostBefore = 0;
    missingPackets = 0;
    completedTicks = NONE;
    leadingBeforeTicks = NONE;
    payload.reset();
    picture.clear();
    needKeyframe();
  }

  @Override
  public void close() {
    picture.close();
    payload.close();
  }
}

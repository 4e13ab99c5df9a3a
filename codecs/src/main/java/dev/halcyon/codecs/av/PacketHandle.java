package dev.halcyon.codecs.av;

import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/** Owns an {@code AVPacket} and its payload. One thread at a time; closed by who made it. */
public final class PacketHandle extends NativeHandle<AVPacket> {
  public PacketHandle() {
    super(NativeMemory.Tag.PACKET, Av.checkNotNull(av_packet_alloc(), "av_packet_alloc"));
  }

  /**
   * Replaces the packet by a copy of the payload, padded as decoders need it. The buffer's position
   * stays.
   */
  public void fill(ByteBuffer payload, boolean isKeyframe, long pts, long dts) {
    unref();
    int length = payload.remaining();
    AVPacket packet = pointer();
    Av.check(av_new_packet(packet, length), "av_new_packet");
    holdBytes(length + (long) AV_INPUT_BUFFER_PADDING_SIZE);
    if (length > 0) {
      packet.data().capacity(length).asByteBuffer().put(0, payload, payload.position(), length);
    }
    packet.pts(pts);
    packet.dts(dts);
    packet.flags(isKeyframe ? AV_PKT_FLAG_KEY : 0);
  }

  /** The payload in place: valid until the packet is filled, unreferenced or closed. */
  public ByteBuffer payload() {
    AVPacket packet = pointer();
    int length = packet.size();
    return length == 0
        ? ByteBuffer.allocate(0)
        : packet.data().capacity(length).asByteBuffer().asReadOnlyBuffer();
  }

  public boolean isKeyframe() {
    return (pointer().flags() & AV_PKT_FLAG_KEY) != 0;
  }

  /** Gives the payload up; the packet can be filled again. */
  public void unref() {
    av_packet_unref(pointer());
    holdBytes(0);
  }

  @Override
  protected void free(AVPacket owned) {
    av_packet_free(owned);
  }
}

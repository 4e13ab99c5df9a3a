package dev.halcyon.codecs.av;

import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_get;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/**
 * Owns an {@code AVCodecContext}: made, set up through {@link #pointer}, then opened. Used on one
 * named platform thread; closed by who made it.
 */
public final class CodecContextHandle extends NativeHandle<AVCodecContext> {
  /** Far above any real parameter set; a bound on what a publisher may make us hold. */
  private static final int MAX_EXTRADATA_BYTES = 1 << 20;

  /** 8192 × 8192; a bound on what a hostile parameter set can make a decoder allocate. */
  private static final long MAX_PIXELS = 8192L * 8192;

  private final AVCodec codec;

  private CodecContextHandle(AVCodec codec) {
    super(
        NativeMemory.Tag.CODEC,
        Av.checkNotNull(avcodec_alloc_context3(codec), "avcodec_alloc_context3"));
    this.codec = codec;
    pointer().thread_count(1);
  }

  /**
   * A decoder, single-threaded unless set otherwise, not yet open.
   *
   * @param codecId {@code AV_CODEC_ID_…}
   * @throws HalcyonException UNSUPPORTED_MEDIA when this build of FFmpeg has none
   */
  public static CodecContextHandle decoder(int codecId) {
    AVCodec codec = avcodec_find_decoder(codecId);
    if (codec == null) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "no decoder [codecId=" + codecId + "]");
    }
    return new CodecContextHandle(codec);
  }

  /**
   * A decoder for a demuxed stream, open, single-threaded; its frames' times are in the stream's
   * time base.
   *
   * @param stream borrowed for the call
   * @throws HalcyonException UNSUPPORTED_MEDIA or CORRUPT_MEDIA when no decoder takes it
   */
  public static CodecContextHandle decoderOf(AVStream stream) {
    return decoderOf(stream, context -> {});
  }

  /**
   * As {@link #decoderOf(AVStream)}.
   *
   * @param setUp is lent the context just before it is opened
   */
  public static CodecContextHandle decoderOf(AVStream stream, Consumer<AVCodecContext> setUp) {
    CodecContextHandle decoder = decoder(stream.codecpar().codec_id());
    try {
      Av.check(
          avcodec_parameters_to_context(decoder.pointer(), stream.codecpar()),
          "avcodec_parameters_to_context");
      decoder.pointer().max_pixels(MAX_PIXELS).thread_count(1);
      decoder.pointer().pkt_timebase(stream.time_base());
      setUp.accept(decoder.pointer());
      decoder.open(Map.of());
      return decoder;
    } catch (RuntimeException failure) {
      decoder.close();
      throw failure;
    }
  }

  /**
   * An encoder, single-threaded unless set otherwise, not yet open.
   *
   * @param name FFmpeg's: {@code libx264}, {@code aac}, …
   * @throws HalcyonException UNSUPPORTED_MEDIA when this build of FFmpeg has none
   */
  public static CodecContextHandle encoder(String name) {
    AVCodec codec = avcodec_find_encoder_by_name(name);
    if (codec == null) {
      throw new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, "no encoder [name=" + name + "]");
    }
    return new CodecContextHandle(codec);
  }

  /** The codec that this context was made for; FFmpeg's own, never freed. */
  public AVCodec codec() {
    return codec;
  }

  /** Sets the out-of-band configuration, copied and padded. Before {@link #open}, once. */
  public void setExtradata(byte[] extradata) {
    if (extradata.length == 0) {
      return;
    }
    if (extradata.length > MAX_EXTRADATA_BYTES) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA, "codec configuration of " + extradata.length + " bytes");
    }
    if (pointer().extradata_size() != 0) {
      throw new IllegalStateException("extradata is set already");
    }
    BytePointer copy =
        new BytePointer(
            Av.checkNotNull(
                av_mallocz(extradata.length + (long) AV_INPUT_BUFFER_PADDING_SIZE), "av_mallocz"));
    copy.put(extradata, 0, extradata.length);
    pointer().extradata(copy).extradata_size(extradata.length);
    holdBytes(extradata.length + (long) AV_INPUT_BUFFER_PADDING_SIZE);
  }

  /** The out-of-band configuration: what was set, or what an open encoder wrote. */
  public byte[] extradata() {
    byte[] copy = new byte[pointer().extradata_size()];
    if (copy.length > 0) {
      pointer().extradata().get(copy, 0, copy.length);
    }
    return copy;
  }

  /**
   * Opens the codec.
   *
   * @param options its private options; one that the codec does not know is an error
   * @throws HalcyonException CORRUPT_MEDIA, IO_FAILED as FFmpeg states them
   */
  public void open(Map<String, String> options) {
    AVDictionary dictionary = new AVDictionary(null);
    try {
      for (Map.Entry<String, String> option : options.entrySet()) {
        Av.check(av_dict_set(dictionary, option.getKey(), option.getValue(), 0), "av_dict_set");
      }
      Av.check(avcodec_open2(pointer(), codec, dictionary), "avcodec_open2");
      AVDictionaryEntry unknown = av_dict_get(dictionary, "", null, AV_DICT_IGNORE_SUFFIX);
      if (unknown != null) {
        throw new IllegalArgumentException(
            "unknown codec option [name=" + unknown.key().getString() + "]");
      }
    } finally {
      av_dict_free(dictionary);
    }
  }

  /** {@code AV_DICT_IGNORE_SUFFIX}: with an empty key, any entry. */
  private static final int AV_DICT_IGNORE_SUFFIX = 2;

  /**
   * Decoding: hands over one packet. Receive until {@code false} before the next, so that the codec
   * never answers that it is full.
   *
   * @throws HalcyonException CORRUPT_MEDIA for a packet that cannot be decoded; the next may be
   */
  public void send(PacketHandle packet) {
    Av.check(avcodec_send_packet(pointer(), packet.pointer()), "avcodec_send_packet");
  }

  /** Encoding: hands over one frame, under the same rule as {@link #send(PacketHandle)}. */
  public void send(FrameHandle frame) {
    Av.check(avcodec_send_frame(pointer(), frame.pointer()), "avcodec_send_frame");
  }

  /** Decoding: no packet follows; receive what is still inside. */
  public void endPackets() {
    Av.check(avcodec_send_packet(pointer(), (AVPacket) null), "avcodec_send_packet");
  }

  /** Encoding: no frame follows; receive what is still inside. */
  public void endFrames() {
    Av.check(avcodec_send_frame(pointer(), (AVFrame) null), "avcodec_send_frame");
  }

  /**
   * Decoding: takes the next frame.
   *
   * @return false when there is none before more is sent, or none at all any more
   */
  public boolean receive(FrameHandle frame) {
    frame.unref();
    return isGiven(avcodec_receive_frame(pointer(), frame.pointer()), "avcodec_receive_frame");
  }

  /** Encoding: takes the next packet; returns as {@link #receive(FrameHandle)}. */
  public boolean receive(PacketHandle packet) {
    packet.unref();
    return isGiven(avcodec_receive_packet(pointer(), packet.pointer()), "avcodec_receive_packet");
  }

  /** Decoding: forgets what came before, as after a jump. */
  public void flush() {
    avcodec_flush_buffers(pointer());
  }

  private static boolean isGiven(int returned, String call) {
    if (returned == AVERROR_EAGAIN() || returned == AVERROR_EOF()) {
      return false;
    }
    Av.check(returned, call);
    return true;
  }

  @Override
  protected void free(AVCodecContext owned) {
    avcodec_free_context(owned);
  }
}

package dev.halcyon.codecs.cut.smart;

import dev.halcyon.codecs.bitstream.Av1Config;
import dev.halcyon.codecs.bitstream.Av1Obus;
import dev.halcyon.codecs.bitstream.NalUnits;
import dev.halcyon.codecs.decode.Picture;
import dev.halcyon.codecs.decode.VideoDecoder;
import dev.halcyon.codecs.mux.AnnexB;
import dev.halcyon.core.cut.smart.Segment;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Decodes a stretch of a stream and encodes of it what is wanted. One thread, one run. */
final class PictureRun implements AutoCloseable {
  /** A NAL unit of type 36 without a payload, behind its length. */
  private static final byte[] END_OF_SEQUENCE = {0, 0, 0, 2, 36 << 1, 1};

  private final SealedClip.Stream stream;
  private final Segment.Encoded segment;
  private final BoundaryCoding coding;
  private final Scratch scratch;
  private final Set<Long> wantedUs;
  private final List<EncodedRun.Unit> units = new ArrayList<>();
  private BoundaryEncoder encoder;
  private long lastUs = Long.MIN_VALUE;
  private int encoded;

  private PictureRun(
      SealedClip.Stream stream, Segment.Encoded segment, BoundaryCoding coding, Scratch scratch) {
    this.stream = stream;
    this.segment = segment;
    this.coding = coding;
    this.scratch = scratch;
    this.wantedUs = new HashSet<>(segment.ptsUs());
  }

  /**
   * @throws HalcyonException CORRUPT_MEDIA when a picture that is wanted cannot be decoded;
   *     UNSUPPORTED_MEDIA when no encoder takes them
   */
  static EncodedRun encode(
      SealedClip.Stream stream, Segment.Encoded segment, BoundaryCoding coding, Scratch scratch)
      throws IOException {
    try (PictureRun run = new PictureRun(stream, segment, coding, scratch)) {
      return run.encode();
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  private EncodedRun encode() throws IOException {
    VideoFormat format = (VideoFormat) stream.formats().get(segment.formatIndex());
    try (VideoDecoder decoder = new VideoDecoder(format, VideoDecoder.Mode.EVERY)) {
      for (SealedClip.Packet packet :
          stream.packets().subList(segment.decodeFrom(), segment.decodeTo())) {
        ByteBuffer payload = packet.payload().bytes().asBuffer();
        decoder.decode(payload, packet.isKeyframe(), packet.ptsUs(), this::onPicture);
      }
      decoder.drain(this::onPicture);
    }
    if (encoded < wantedUs.size()) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA,
          "of the clip's edges "
              + (wantedUs.size() - encoded)
              + " pictures cannot be decoded in their order");
    }
    encoder.finish(this::onPacket);
    if (units.size() != encoded) {
      throw new HalcyonException(ErrorCode.INTERNAL, "an encoder did not give every picture");
    }
    if (format.codec() == Codec.HEVC) {
      endSequence();
    }
    return new EncodedRun(own(format), units);
  }

  /** After it a CRA picture begins afresh, as an IDR picture does (ITU-T H.265, 8.1.3). */
  private void endSequence() throws IOException {
    EncodedRun.Unit last = units.removeLast();
    ByteBuffer ended = ByteBuffer.allocate(last.payload().sizeBytes() + END_OF_SEQUENCE.length);
    last.payload().read(ended);
    ended.put(END_OF_SEQUENCE).flip();
    units.add(new EncodedRun.Unit(last.ptsUs(), last.isKeyframe(), scratch.add(ended)));
  }

  private VideoFormat own(VideoFormat format) throws IOException {
    return switch (format.codec()) {
      case H264 -> format.withConfig(AnnexB.avcConfig(encoder.header()));
      case HEVC -> format.withConfig(AnnexB.hevcConfig(encoder.header()));
      case AV1 ->
          format.withConfig(
              Av1Config.of(units.getFirst().payload().bytes())
                  .orElseThrow(
                      () ->
                          new HalcyonException(
                              ErrorCode.INTERNAL, "an encoder gave no sequence header")));
      default -> format;
    };
  }

  private void onPicture(Picture picture) {
    if (!wantedUs.contains(picture.ptsUs()) || picture.ptsUs() <= lastUs) {
      return;
    }
    lastUs = picture.ptsUs();
    if (encoder == null) {
      encoder = new BoundaryEncoder(coding, picture.frame());
    }
    long atUs = stream.placement().at(picture.ptsUs()).orElseThrow();
    try {
      encoder.encode(picture.frame(), atUs, this::onPacket);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    encoded++;
  }

  private void onPacket(long ptsUs, boolean isKeyframe, ByteBuffer payload) throws IOException {
    byte[] written = new byte[payload.remaining()];
    payload.get(written);
    Bytes framed = isKeyframe ? withParameterSets(framed(written)) : framed(written);
    units.add(new EncodedRun.Unit(ptsUs, isKeyframe, scratch.add(framed.asBuffer())));
  }

  /** As the sealed clip has them where its configuration changes: in front of all keyframes. */
  private Bytes withParameterSets(Bytes picture) throws IOException {
    VideoFormat format = (VideoFormat) stream.formats().get(segment.formatIndex());
    if (stream.formats().size() == 1 || !hasParameterSets(format)) {
      return picture;
    }
    List<Bytes> sets = NalUnits.ofConfig(own(format));
    int bytes = sets.stream().mapToInt(set -> Integer.BYTES + set.length()).sum();
    ByteBuffer whole = ByteBuffer.allocate(bytes + picture.length());
    sets.forEach(set -> whole.putInt(set.length()).put(set.asBuffer()));
    return Bytes.copyOf(whole.put(picture.asBuffer()).array());
  }

  private static boolean hasParameterSets(VideoFormat format) {
    return format.codec() == Codec.H264 || format.codec() == Codec.HEVC;
  }

  private Bytes framed(byte[] written) {
    return switch (stream.formats().getFirst().codec()) {
      case H264, HEVC -> AnnexB.lengthPrefixed(written);
      case AV1 -> Av1Obus.withoutDelimiter(Bytes.copyOf(written));
      default -> Bytes.copyOf(written);
    };
  }

  @Override
  public void close() {
    if (encoder != null) {
      encoder.close();
    }
  }
}

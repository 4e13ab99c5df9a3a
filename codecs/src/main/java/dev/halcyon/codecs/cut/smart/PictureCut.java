package dev.halcyon.codecs.cut.smart;

import dev.halcyon.codecs.bitstream.AvcSets;
import dev.halcyon.codecs.bitstream.RandomAccess;
import dev.halcyon.core.clip.FrameRange;
import dev.halcyon.core.cut.smart.Segment;
import dev.halcyon.core.cut.smart.SmartPicture;
import dev.halcyon.core.cut.smart.SmartPicture.Entry;
import dev.halcyon.core.cut.smart.SmartPlanner;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Makes the track of pictures: plans it, encodes what cannot be copied. One thread, one use. */
final class PictureCut {
  private static final int TIMESCALE_HZ = 1_000_000;

  /** A single picture's length cannot be seen from the next one's: 30 a second. */
  private static final int LONE_PICTURE_US = 33_333;

  private static final int GROWTH = 3;
  private static final long LEAST_BPS = 4_000_000;
  private static final long MOST_BPS = 500_000_000;

  private final SealedClip.Stream stream;
  private final Scratch scratch;
  private final OutputTrack track;
  private final BitSet setIds = new BitSet();
  private final List<FrameRange> encodedFrames = new ArrayList<>();
  private int pictureUs;
  private int mostBps;

  private PictureCut(SealedClip.Stream stream, int index, long lengthUs, Scratch scratch) {
    this.stream = stream;
    this.scratch = scratch;
    this.track = new OutputTrack(index, TIMESCALE_HZ, lengthUs);
  }

  /**
   * @param track whose pictures are presented from 0 to the clip's end
   * @param encodedFrames which of them were encoded, in presentation order
   */
  record Result(OutputTrack track, List<FrameRange> encodedFrames) {}

  /**
   * @param index of the track in its epoch
   * @param lengthUs of the clip
   * @throws HalcyonException UNSUPPORTED_MEDIA for pictures that cannot be joined with encoded
   *     ones; CORRUPT_MEDIA for pictures that cannot be decoded
   */
  static Result make(SealedClip.Stream stream, int index, long lengthUs, Scratch scratch)
      throws IOException {
    PictureCut cut = new PictureCut(stream, index, lengthUs, scratch);
    cut.requireJoinable();
    cut.make();
    return new Result(cut.track, List.copyOf(cut.encodedFrames));
  }

  private void requireJoinable() {
    Codec codec = stream.formats().getFirst().codec();
    if (codec == Codec.VP8) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA,
          "no exact file for players that ignore edit lists is made of VP8: MP4 does not carry it");
    }
  }

  private void make() throws IOException {
    List<SmartPicture> pictures = pictures();
    requireDistinct(pictures);
    measure(pictures);
    List<Segment> segments = SmartPlanner.plan(pictures);
    List<EncodedRun> runs = new ArrayList<>();
    for (Segment segment : segments) {
      if (segment instanceof Segment.Encoded encoded) {
        runs.add(encode(encoded));
      }
    }
    add(segments, runs);
  }

  private List<SmartPicture> pictures() throws IOException {
    List<SmartPicture> pictures = new ArrayList<>();
    for (SealedClip.Packet packet : stream.packets()) {
      VideoFormat format = format(packet.formatIndex());
      Bytes payload = packet.payload().bytes();
      if (isAvc()) {
        AvcSets.addIds(setIds, format, payload);
      }
      Entry entry = Entry.NONE;
      if (packet.isKeyframe()) {
        entry = RandomAccess.beginsAfresh(format, payload) ? Entry.FRESH : Entry.CONTINUED;
      }
      boolean isPresented = stream.placement().at(packet.ptsUs()).isPresent();
      pictures.add(new SmartPicture(packet.ptsUs(), entry, isPresented, packet.formatIndex()));
    }
    for (int i = 0; i < stream.formats().size() && isAvc(); i++) {
      AvcSets.addIds(setIds, format(i));
    }
    return pictures;
  }

  private boolean isAvc() {
    return stream.formats().getFirst().codec() == Codec.H264;
  }

  private VideoFormat format(int index) {
    return (VideoFormat) stream.formats().get(index);
  }

  private static void requireDistinct(List<SmartPicture> pictures) {
    long[] ptsUs = presentedUs(pictures);
    boolean isDistinct = Arrays.stream(ptsUs).distinct().count() == ptsUs.length;
    if (!isDistinct || ptsUs.length == 0) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA, "the clip's pictures cannot be told apart");
    }
  }

  private static long[] presentedUs(List<SmartPicture> pictures) {
    return pictures.stream()
        .filter(SmartPicture::isPresented)
        .mapToLong(SmartPicture::ptsUs)
        .sorted()
        .toArray();
  }

  /** What is encoded may take more than the source does: it can be a scene's hardest part. */
  private void measure(List<SmartPicture> pictures) {
    long[] ptsUs = presentedUs(pictures);
    long[] distances = new long[ptsUs.length - 1];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = ptsUs[i + 1] - ptsUs[i];
    }
    Arrays.sort(distances);
    pictureUs =
        distances.length == 0
            ? LONE_PICTURE_US
            : Math.clamp(distances[distances.length / 2], 1_000, 1_000_000);
    long bytes = stream.packets().stream().mapToLong(p -> p.payload().sizeBytes()).sum();
    long lengthUs = Math.max(1, (long) pictureUs * stream.packets().size());
    double bps = bytes * 8.0 * 1e6 / lengthUs;
    mostBps = (int) Math.clamp((long) (GROWTH * bps), LEAST_BPS, MOST_BPS);
  }

  private EncodedRun encode(Segment.Encoded segment) throws IOException {
    int setId = AvcSets.unusedId(setIds);
    setIds.set(setId);
    BoundaryCoding coding =
        BoundaryCoding.of(format(segment.formatIndex()), setId, pictureUs, mostBps);
    return PictureRun.encode(stream, segment, coding, scratch);
  }

  private void add(List<Segment> segments, List<EncodedRun> runs) {
    List<VideoFormat> formats = joined(segments, runs);
    int run = 0;
    for (Segment segment : segments) {
      switch (segment) {
        case Segment.Copied copied -> copied.pictures().forEach(i -> addCopied(i, formats));
        case Segment.Encoded encoded -> {
          EncodedRun made = runs.get(run++);
          VideoFormat format = isAvc() ? formats.get(encoded.formatIndex()) : made.own();
          int first = track.samples().size();
          made.units().forEach(unit -> addEncoded(unit, format));
          encodedFrames.add(new FrameRange(first, track.samples().size()));
        }
      }
    }
  }

  /** The source's configurations; H.264's with the sets of what was encoded beside their own. */
  private List<VideoFormat> joined(List<Segment> segments, List<EncodedRun> runs) {
    List<VideoFormat> formats = new ArrayList<>();
    for (int i = 0; i < stream.formats().size(); i++) {
      formats.add(format(i));
    }
    int run = 0;
    for (Segment segment : segments) {
      if (segment instanceof Segment.Encoded encoded && isAvc()) {
        VideoFormat before = formats.get(encoded.formatIndex());
        Bytes config = AvcSets.joined(before, runs.get(run++).own());
        formats.set(encoded.formatIndex(), before.withConfig(config));
      }
    }
    return formats;
  }

  private void addCopied(int index, List<VideoFormat> formats) {
    SealedClip.Packet packet = stream.packets().get(index);
    long ptsUs = stream.placement().at(packet.ptsUs()).orElseThrow();
    track.add(
        new OutputTrack.Sample(
            ptsUs, packet.isKeyframe(), formats.get(packet.formatIndex()), packet.payload()));
  }

  private void addEncoded(EncodedRun.Unit unit, VideoFormat format) {
    track.add(new OutputTrack.Sample(unit.ptsUs(), unit.isKeyframe(), format, unit.payload()));
  }
}

package dev.halcyon.core.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.EpochSpan;
import dev.halcyon.core.clip.Gap;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Windows over several epochs. Times are in pictures of 40 ms unless said otherwise. */
class StitchTest {
  private static final long FRAME_US = 40_000;
  private static final HeldSpan ALL = new HeldSpan(0, 1L << 40);
  private static final VideoFormat LARGE =
      new VideoFormat(Codec.H264, 640, 360, Bytes.copyOf(new byte[] {9}));
  private static final VideoFormat HEVC =
      new VideoFormat(Codec.HEVC, 320, 240, Bytes.copyOf(new byte[] {9}));
  private static final AudioFormat AAC_44K =
      new AudioFormat(Codec.AAC, 44_100, 2, Bytes.copyOf(new byte[] {0x12, 0x10}));

  private final List<TrackPackets> tracks = new ArrayList<>();

  /** Pictures from {@code first} on, a keyframe first. */
  private StitchTest video(int epoch, TrackFormat format, int first, int count) {
    List<PacketStamp> packets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      packets.add(stamp((first + i) * FRAME_US, i == 0, epoch));
    }
    tracks.add(new TrackPackets(0, epoch, List.of(format), packets));
    return this;
  }

  /** Packets of 1024 samples from a microsecond on. */
  private StitchTest sound(int epoch, AudioFormat format, long firstUs, int count) {
    List<PacketStamp> packets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      packets.add(stamp(firstUs + i * 1_024_000_000L / format.sampleRateHz(), true, epoch));
    }
    tracks.add(new TrackPackets(1, epoch, List.of(format), packets));
    return this;
  }

  private static PacketStamp stamp(long us, boolean isKey, int epoch) {
    return new PacketStamp(us, us, 0, isKey, epoch, 0, us, 100);
  }

  private CutPlan plan(int from, int to, Crossing crossing) {
    return CutPlanner.plan(
        new CutRequest(
            from * FRAME_US,
            to * FRAME_US,
            from * FRAME_US,
            to * FRAME_US,
            EpochSpan.ALL,
            CutRequest.Outside.CLAMP,
            crossing),
        ALL,
        tracks);
  }

  private static List<Long> shownAtUs(TrackCut track) {
    long zero = track.edits().getLast().mediaTicks();
    return track.samples().stream()
        .map(s -> (s.decodeTicks() + s.compositionOffsetTicks() - zero))
        .map(ticks -> ticks * 1_000_000 / track.timescaleHz())
        .toList();
  }

  @Test
  void holdsTheLastPictureOverTheGapAndStatesIt() {
    video(1, Stamps.H264, 0, 50).video(2, Stamps.H264, 100, 50);

    CutPlan plan = plan(40, 110, Crossing.STITCH);

    TrackCut pictures = plan.tracks().getFirst();
    assertEquals(List.of(1, 2), plan.contract().epochs());
    assertEquals(40 * FRAME_US, plan.contract().deliveredStartUs());
    assertEquals(110 * FRAME_US, plan.contract().deliveredEndUs());
    assertEquals(List.of(new Gap(50 * FRAME_US, 50 * FRAME_US)), plan.contract().gaps());
    assertEquals(1, pictures.formats().size());
    assertEquals(1, pictures.edits().size());
    assertEquals(70 * FRAME_US, pictures.edits().getFirst().durationUs());
    assertEquals(51 * FRAME_US, pictures.samples().get(49).durationTicks());
    assertEquals(60 * FRAME_US, shownAtUs(pictures).get(50));
    assertEquals(OptionalInt.empty(), plan.nextEpoch());
  }

  @Test
  void keepsSoundAtItsPlaceInEachEpoch() {
    video(1, Stamps.H264, 0, 50).sound(1, Stamps.AAC_48K, 3_000, 93);
    video(2, Stamps.H264, 100, 50).sound(2, Stamps.AAC_48K, 4_017_000, 90);

    CutPlan plan = plan(0, 140, Crossing.STITCH);

    TrackCut sound = plan.tracks().get(1);
    List<Long> soundsAtUs = shownAtUs(sound);
    // 3 ms + 93 packets end at 1.987 s; 2.030 s are 95 packets of silence.
    assertEquals(93 + 95 + 75, sound.samples().size());
    assertEquals(93 + 75, plan.contract().packetsCopied() - 140 + 50);
    assertEquals(95, plan.contract().packetsEncoded());
    assertEquals(3_000, sound.edits().getFirst().durationUs());
    Stamps.assertNear(4_014_000, soundsAtUs.get(93 + 95), 25);
    for (int i = 1; i < soundsAtUs.size(); i++) {
      Stamps.assertNear(21_333, soundsAtUs.get(i) - soundsAtUs.get(i - 1), 10_667);
    }
    assertEquals(2, sound.edits().size());
    assertEquals(140 * FRAME_US - 3_000, sound.edits().getLast().durationUs());
    assertEquals(3_000, plan.contract().avOffsetStartUs());
    assertEquals(0, plan.contract().avOffsetEndUs());
    assertEquals(1, plan.contract().gaps().size());
  }

  @Test
  void namesEveryConfiguration() {
    video(1, Stamps.H264, 0, 50).video(2, LARGE, 60, 50).video(3, Stamps.H264, 120, 50);

    TrackCut pictures = plan(0, 150, Crossing.STITCH).tracks().getFirst();

    assertEquals(List.of(Stamps.H264, LARGE), pictures.formats());
    List<Integer> used =
        pictures.samples().stream().map(sample -> sample.packet().formatIndex()).toList();
    assertEquals(0, used.get(49));
    assertEquals(1, used.get(50));
    assertEquals(0, used.get(100));
  }

  @Test
  void leavesOutLeadingPicturesThatNothingDecodes() {
    video(1, Stamps.H264, 0, 50);
    List<PacketStamp> open = new ArrayList<>(List.of(stamp(102 * FRAME_US, true, 2)));
    open.set(0, new PacketStamp(102 * FRAME_US, 100 * FRAME_US, 0, true, 2, 0, 1, 100));
    open.add(new PacketStamp(100 * FRAME_US, 100 * FRAME_US + 1, 0, false, 2, 0, 2, 100));
    open.add(new PacketStamp(103 * FRAME_US, 101 * FRAME_US, 0, false, 2, 0, 3, 100));
    tracks.add(new TrackPackets(0, 2, List.of(Stamps.H264), open));

    CutPlan plan = plan(40, 110, Crossing.STITCH);

    List<Long> shownAtUs = shownAtUs(plan.tracks().getFirst());
    assertEquals(52, shownAtUs.size());
    assertEquals(62 * FRAME_US, shownAtUs.get(50));
    assertEquals(63 * FRAME_US, shownAtUs.get(51));
  }

  @Test
  void endsBeforeAnEpochOfAnotherCodecAndNamesIt() {
    video(1, Stamps.H264, 0, 50).video(2, HEVC, 60, 50);

    CutPlan plan = plan(10, 100, Crossing.STITCH);

    assertEquals(List.of(1), plan.contract().epochs());
    assertEquals(OptionalInt.of(2), plan.nextEpoch());
    assertEquals(50 * FRAME_US, plan.contract().deliveredEndUs());
    assertTrue(plan.contract().clamped());
  }

  @Test
  void endsBeforeAnEpochWithoutSoundOrOfAnotherRate() {
    video(1, Stamps.H264, 0, 100).sound(1, Stamps.AAC_48K, 0, 187);
    video(2, Stamps.H264, 120, 100);

    assertEquals(OptionalInt.of(2), plan(10, 200, Crossing.STITCH).nextEpoch());

    sound(2, AAC_44K, 120 * FRAME_US, 172);
    assertEquals(OptionalInt.of(2), plan(10, 200, Crossing.STITCH).nextEpoch());
  }

  @Test
  void goesOnIntoAnEpochWhoseSoundHasNotComeYet() {
    video(1, Stamps.H264, 0, 100).sound(1, Stamps.AAC_48K, 0, 187);
    video(2, Stamps.H264, 120, 20);

    CutPlan plan = plan(10, 140, Crossing.STITCH);

    assertEquals(List.of(1, 2), plan.contract().epochs());
    assertEquals(140 * FRAME_US, plan.contract().deliveredEndUs());
  }

  @Test
  void cutsEachEpochByItselfWhereItIsToldTo() {
    video(1, Stamps.H264, 0, 50).video(2, Stamps.H264, 60, 50);

    CutPlan plan = plan(10, 100, Crossing.SPLIT);

    assertEquals(List.of(1), plan.contract().epochs());
    assertEquals(OptionalInt.of(2), plan.nextEpoch());
  }

  @Test
  void leavesOutAnEpochOfWhichNoPictureIsPresented() {
    video(1, Stamps.H264, 0, 50).sound(1, Stamps.AAC_48K, 0, 100);
    video(2, Stamps.H264, 60, 50).sound(2, Stamps.AAC_48K, 60 * FRAME_US, 94);

    CutPlan plan = plan(51, 100, Crossing.STITCH);

    assertEquals(List.of(2), plan.contract().epochs());
    assertEquals(60 * FRAME_US, plan.contract().deliveredStartUs());
    assertEquals(new Gap(51 * FRAME_US, 9 * FRAME_US), plan.contract().gaps().getFirst());
  }

  @Test
  void joinsSoundAlone() {
    sound(1, Stamps.AAC_48K, 0, 94).sound(2, Stamps.AAC_48K, 4_000_000, 94);

    CutPlan plan = plan(10, 140, Crossing.STITCH);

    assertEquals(List.of(1, 2), plan.contract().epochs());
    assertEquals(140 * FRAME_US, plan.contract().deliveredEndUs());
    Stamps.assertNear(2_005_333, plan.contract().gaps().getFirst().atUs(), 50);
  }

  @Test
  void countsSoundOfAnotherRateWithoutDrift() {
    List<PacketStamp> packets = new ArrayList<>();
    for (int i = 0; i < 4_300; i++) {
      long us = i * 1_024_000_000L / 44_100;
      packets.add(new PacketStamp(us, us, 0, true, 1, i == 0 ? 0 : 1, i, 100));
    }
    TrackPackets track = new TrackPackets(1, List.of(Stamps.AAC_48K, AAC_44K), packets);

    AudioTimeline timeline = AudioTimeline.of(track);

    long lastUs = timeline.streamUsAt(timeline.startTicks(4_299));
    Stamps.assertNear(packets.getLast().ptsUs(), lastUs, 2_500);
  }
}

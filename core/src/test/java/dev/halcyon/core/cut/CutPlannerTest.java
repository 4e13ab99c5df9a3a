package dev.halcyon.core.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.EpochSpan;
import dev.halcyon.core.clip.Gap;
import dev.halcyon.core.clip.ResolvedWindow;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CutPlannerTest {
  private static final HeldSpan ALL = new HeldSpan(-1_000_000, 1_000_000_000);
  private static final long FRAME_US = 40_000;

  /** Of 48 kHz, rounded up. */
  private static final long HALF_SAMPLE_US = 11;

  /** Two closed GOPs: display 0..9 and 10..19, one B between references. */
  private static final String B_FRAMES = "0k 2 1 4 3 6 5 8 7 9  10k 12 11 14 13 16 15 18 17 19";

  private static CutPlan plan(long fromUs, long toUs, TrackPackets... tracks) {
    return CutPlanner.plan(
        new CutRequest(fromUs, toUs, CutRequest.Outside.CLAMP), ALL, List.of(tracks));
  }

  private static long[] frames(TrackCut track) {
    return track.samples().stream().mapToLong(s -> s.packet().ptsUs() / FRAME_US).toArray();
  }

  private static void assertFails(ErrorCode code, Runnable run) {
    assertEquals(code, assertThrows(HalcyonException.class, run::run).code());
  }

  @Test
  void snapsTheWindowToPictures() {
    CutPlan plan = plan(2 * FRAME_US + 1, 5 * FRAME_US + 1, Stamps.video(B_FRAMES));
    assertEquals(3 * FRAME_US, plan.contract().deliveredStartUs());
    assertEquals(6 * FRAME_US, plan.contract().deliveredEndUs());
    assertEquals(0, plan.contract().keyframeUs());
    assertEquals(3 * FRAME_US, plan.contract().trimUs());
    assertFalse(plan.contract().clamped());
  }

  @Test
  void keepsReferencesPastTheEndAndNothingAfterThem() {
    TrackCut track = plan(FRAME_US, 6 * FRAME_US, Stamps.video(B_FRAMES)).tracks().getFirst();
    assertEquals(
        List.of(0L, 2L, 1L, 4L, 3L, 6L, 5L), LongStream.of(frames(track)).boxed().toList());
    // Media time counts from the first packet's dts, two pictures before its pts.
    assertEquals(List.of(new CutEdit(5 * FRAME_US, 3 * FRAME_US)), track.edits());
  }

  @Test
  void keepsCompositionOffsetsOfEverySample() {
    TrackCut track = plan(0, 10 * FRAME_US, Stamps.video(B_FRAMES)).tracks().getFirst();
    long[] offsets =
        track.samples().stream().mapToLong(s -> s.compositionOffsetTicks() / FRAME_US).toArray();
    assertEquals(
        List.of(2L, 3L, 1L, 3L, 1L, 3L, 1L, 3L, 1L, 2L), LongStream.of(offsets).boxed().toList());
  }

  @Test
  void beginsAtTheLatestKeyframeThatServes() {
    CutPlan plan = plan(12 * FRAME_US, 15 * FRAME_US, Stamps.video(B_FRAMES));
    assertEquals(10 * FRAME_US, plan.contract().keyframeUs());
  }

  @Test
  void takesTheEarlierKeyframeForLeadingPictures() {
    // Open GOP: 8 and 9 follow keyframe 10 in decoding order and need the GOP before.
    String openGop = "0k 3 1 2 7 5 4 6  10k 8 9 13 11 12";
    CutPlan leading = plan(9 * FRAME_US, 12 * FRAME_US, Stamps.video(openGop));
    assertEquals(0, leading.contract().keyframeUs());
    assertEquals(9 * FRAME_US, leading.contract().deliveredStartUs());
    CutPlan trailing = plan(10 * FRAME_US, 12 * FRAME_US, Stamps.video(openGop));
    assertEquals(10 * FRAME_US, trailing.contract().keyframeUs());
  }

  @Test
  void leavesOutOfTheFileWhatDoesNotDecodeFromItsKeyframe() {
    String openGop = "0k 3 1 2 7 5 4 6  10k 8 9 13 11 12  16k 14 15";
    TrackCut track = plan(10 * FRAME_US, 16 * FRAME_US, Stamps.video(openGop)).tracks().getFirst();
    assertEquals(
        List.of(10L, 13L, 11L, 12L, 16L, 14L, 15L),
        track.samples().stream().map(s -> s.packet().ptsUs() / FRAME_US).toList());
    // The keyframe lasts, in decoding, over the two that are left out.
    assertEquals(3 * FRAME_US, track.samples().getFirst().durationTicks());
    for (CutSample sample : track.samples()) {
      assertEquals(
          sample.packet().ptsUs() - track.samples().getFirst().packet().dtsUs(),
          sample.decodeTicks() + sample.compositionOffsetTicks());
    }
  }

  @Test
  void leavesOutLeadingPicturesWhoseKeyframeIsGone() {
    TrackPackets video = Stamps.video("10k 8 9 13 11 12");
    CutPlan plan = plan(8 * FRAME_US, 12 * FRAME_US, video);
    assertEquals(10 * FRAME_US, plan.contract().deliveredStartUs());
    assertTrue(plan.contract().clamped());
    assertFails(
        ErrorCode.RANGE_NOT_HELD,
        () ->
            CutPlanner.plan(
                new CutRequest(8 * FRAME_US, 12 * FRAME_US, CutRequest.Outside.REFUSE),
                ALL,
                List.of(video)));
  }

  @Test
  void trimsSoundToThePicturesBySample() {
    CutPlan plan = plan(3 * FRAME_US, 8 * FRAME_US, Stamps.video(B_FRAMES), Stamps.aac(0, 60));
    TrackCut sound = plan.tracks().get(1);
    assertEquals(48_000, sound.timescaleHz());
    // 120 ms is sample 5760, in packet 5 (5120..6143); one packet more warms the decoder up.
    assertEquals(4, sound.samples().getFirst().packet().position() / 1_000);
    assertEquals(List.of(new CutEdit(200_000, 5_760 - 4 * 1_024)), sound.edits());
    // 320 ms is sample 15360, the first of packet 15.
    assertEquals(14, sound.samples().getLast().packet().position() / 1_000);
    Stamps.assertNear(0, plan.contract().avOffsetStartUs(), HALF_SAMPLE_US);
    Stamps.assertNear(0, plan.contract().avOffsetEndUs(), HALF_SAMPLE_US);
  }

  /** Two languages, and a commentary that has not begun. */
  @Test
  void trimsEachTrackOfSoundByItself() {
    TrackPackets first = Stamps.aac(0, 60);
    TrackPackets second =
        new TrackPackets(2, List.of(Stamps.OPUS), Stamps.opus(7_000, 60).packets());
    TrackPackets late =
        new TrackPackets(3, List.of(Stamps.AAC_48K), Stamps.aac(2_000_000, 3).packets());
    CutPlan plan = plan(3 * FRAME_US, 8 * FRAME_US, Stamps.video(B_FRAMES), late, second, first);
    assertEquals(List.of(0, 1, 2), plan.tracks().stream().map(TrackCut::index).toList());
    assertEquals(List.of(new CutEdit(200_000, 5_760 - 4 * 1_024)), plan.tracks().get(1).edits());
    TrackCut opus = plan.tracks().get(2);
    // 120 ms lies in packet 5 (107..127 ms); four more warm the decoder up, from 27 ms on.
    assertEquals(27_000, opus.samples().getFirst().packet().ptsUs());
    assertEquals(List.of(new CutEdit(200_000, (120 - 27) * 48)), opus.edits());
    Stamps.assertNear(0, plan.contract().avOffsetEndUs(), HALF_SAMPLE_US);
    assertEquals(
        List.of(new Gap(3 * FRAME_US, 5 * FRAME_US)),
        plan.contract().gaps(),
        "the track without sound is a gap");
  }

  @Test
  void keepsTheOffsetOfLateSoundByAnEmptyEdit() {
    CutPlan plan = plan(0, 10 * FRAME_US, Stamps.video(B_FRAMES), Stamps.aac(130_000, 60));
    List<CutEdit> edits = plan.tracks().get(1).edits();
    assertTrue(edits.getFirst().isEmpty());
    Stamps.assertNear(130_000, edits.getFirst().durationUs(), HALF_SAMPLE_US);
    assertEquals(0, edits.get(1).mediaTicks());
    assertEquals(400_000, edits.getFirst().durationUs() + edits.get(1).durationUs());
    assertEquals(edits.getFirst().durationUs(), plan.contract().avOffsetStartUs());
    assertEquals(List.of(new Gap(0, plan.contract().avOffsetStartUs())), plan.contract().gaps());
  }

  @Test
  void warmsAnOpusDecoderUpForEightyMilliseconds() {
    CutPlan plan = plan(10 * FRAME_US, 15 * FRAME_US, Stamps.video(B_FRAMES), Stamps.opus(0, 90));
    TrackCut sound = plan.tracks().get(1);
    assertEquals(320_000, sound.samples().getFirst().packet().ptsUs());
    assertEquals(List.of(new CutEdit(200_000, 80 * 48)), sound.edits());
  }

  @Test
  void cutsSoundAloneAsAsked() {
    CutPlan plan = plan(100_001, 300_000, Stamps.aac(0, 60));
    assertEquals(100_001, plan.contract().deliveredStartUs());
    assertEquals(300_000, plan.contract().deliveredEndUs());
    assertEquals(
        List.of(new CutEdit(199_999, 4_800 - 3 * 1_024)), plan.tracks().getFirst().edits());
  }

  @Test
  void statesWhatSoundIsMissing() {
    Stamps lossy = new Stamps();
    TrackPackets whole = Stamps.aac(0, 60);
    for (PacketStamp packet : whole.packets()) {
      if (packet.position() != 10_000) {
        lossy.packets().add(packet);
      }
    }
    TrackPackets sound = new TrackPackets(1, whole.formats(), lossy.packets());
    CutPlan plan = plan(FRAME_US, 19 * FRAME_US, Stamps.video(B_FRAMES), sound);
    assertEquals(1, plan.contract().gaps().size());
    Gap gap = plan.contract().gaps().getFirst();
    Stamps.assertNear(213_333, gap.atUs(), 500);
    Stamps.assertNear(21_333, gap.lengthUs(), 500);
    long total = plan.tracks().get(1).samples().stream().mapToLong(CutSample::durationTicks).sum();
    Stamps.assertNear(1_024L * plan.tracks().get(1).samples().size(), total, 48);
    assertEquals(1, plan.contract().packetsEncoded());
    assertTrue(plan.tracks().get(1).samples().get(10).packet().isMade());
  }

  @Test
  void holdsThePictureOverAGapToTheEndOfTheWindow() {
    Stamps stamps = new Stamps();
    for (int i : new int[] {0, 1, 2, 3, 50, 51}) {
      stamps.add(i * FRAME_US, i * FRAME_US, i == 0 || i == 50);
    }
    CutPlan plan = plan(FRAME_US, 10 * FRAME_US, stamps.track(0), Stamps.aac(0, 200));
    assertEquals(10 * FRAME_US, plan.contract().deliveredEndUs());
    assertEquals(List.of(new Gap(4 * FRAME_US, 6 * FRAME_US)), plan.contract().gaps());
  }

  @Test
  void holdsTheLastPictureWhileSoundGoesOn() {
    CutPlan plan = plan(FRAME_US, 1_500_000, Stamps.video("0k 1 2 3"), Stamps.aac(0, 80));
    assertEquals(1_500_000, plan.contract().deliveredEndUs());
    assertEquals(List.of(new Gap(4 * FRAME_US, 1_500_000 - 4 * FRAME_US)), plan.contract().gaps());
  }

  @Test
  void doesNotStretchTheLastPictureToAnUnseenNeighbour() {
    // Picture 5 decodes after 6: when the window closes at 4 it has not come yet.
    CutPlan plan = plan(0, 4 * FRAME_US + 1, Stamps.video("0k 2 1 4 3 8 6"));
    assertEquals(5 * FRAME_US, plan.contract().deliveredEndUs());
  }

  @Test
  void followsVariableFrameRate() {
    Stamps stamps = new Stamps();
    long[] ptsMs = {0, 33, 133, 150, 216, 300, 316, 400};
    for (long pts : ptsMs) {
      stamps.add(pts * 1_000, pts * 1_000, pts == 0);
    }
    CutPlan plan = plan(100_000, 299_000, stamps.track(0));
    assertEquals(133_000, plan.contract().deliveredStartUs());
    assertEquals(300_000, plan.contract().deliveredEndUs());
    assertEquals(List.of(), plan.contract().gaps());
  }

  @Test
  void refusesAWindowWithoutAPicture() {
    assertFails(
        ErrorCode.RANGE_NOT_HELD,
        () -> plan(FRAME_US + 1, 2 * FRAME_US, Stamps.video("0k 1 2"), Stamps.aac(0, 60)));
    assertFails(ErrorCode.RANGE_NOT_HELD, () -> plan(0, 10));
  }

  @Test
  void refusesAWindowOverTwoEpochsWhereItIsToldTo() {
    Stamps stamps = new Stamps();
    stamps.add(0, 0, 0, true, 1).add(FRAME_US, FRAME_US, 0, true, 2);
    CutRequest both =
        new CutRequest(
            0,
            2 * FRAME_US,
            0,
            2 * FRAME_US,
            EpochSpan.ALL,
            CutRequest.Outside.CLAMP,
            Crossing.REFUSE);
    assertFails(
        ErrorCode.EPOCH_CROSSED, () -> CutPlanner.plan(both, ALL, List.of(stamps.track(0))));
    assertEquals(List.of(1), plan(0, FRAME_US, stamps.track(0)).contract().epochs());
    assertEquals(List.of(1, 2), plan(0, 2 * FRAME_US, stamps.track(0)).contract().epochs());
  }

  @Test
  void cutsFromTheNamedEpochAndNamesWhatWasAsked() {
    Stamps stamps = new Stamps();
    stamps.add(0, 0, 0, true, 1).add(FRAME_US, FRAME_US, 0, true, 2);
    ResolvedWindow window =
        new ResolvedWindow(EpochSpan.only(2), 5, 3 * FRAME_US, 10, 2 * FRAME_US, true);
    CutContract contract =
        CutPlanner.plan(
                CutRequest.of(window, CutRequest.Outside.CLAMP, Crossing.REFUSE),
                ALL,
                List.of(stamps.track(0)))
            .contract();
    assertEquals(List.of(2), contract.epochs());
    assertEquals(FRAME_US, contract.deliveredStartUs());
    assertEquals(5, contract.requestedStartUs());
    assertEquals(3 * FRAME_US, contract.requestedEndUs());
    assertTrue(contract.clamped());
  }

  @Test
  void clampsToWhatIsHeldOrRefuses() {
    HeldSpan held = new HeldSpan(10 * FRAME_US, 16 * FRAME_US);
    List<TrackPackets> tracks = List.of(Stamps.video(B_FRAMES));
    CutPlan clamped =
        CutPlanner.plan(new CutRequest(0, 14 * FRAME_US, CutRequest.Outside.CLAMP), held, tracks);
    assertTrue(clamped.contract().clamped());
    assertEquals(0, clamped.contract().requestedStartUs());
    assertEquals(10 * FRAME_US, clamped.contract().deliveredStartUs());
    assertFails(
        ErrorCode.RANGE_NOT_HELD,
        () ->
            CutPlanner.plan(
                new CutRequest(0, 14 * FRAME_US, CutRequest.Outside.REFUSE), held, tracks));
    assertFails(ErrorCode.BAD_REQUEST, () -> plan(5, 5, Stamps.video(B_FRAMES)));
  }

  @Test
  void endsWithTheLastPictureWhereNothingElseGoesOn() {
    TrackPackets video = Stamps.video("0k 1 2 3 4");
    CutRequest request = new CutRequest(80_000, 300_000, CutRequest.Outside.CLAMP);
    CutPlan plan = CutPlanner.plan(request, new HeldSpan(0, 300_000), List.of(video));
    assertEquals(200_000, plan.contract().deliveredEndUs());
  }
}

package dev.halcyon.core.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GrowingCutTest {
  private static final long FRAME_US = 40_000;
  private static final long NO_END = PacketStamp.MAX_TIME_US;

  /** I P B B in decoding order: presented 0 3 1 2 and so on; a keyframe each twelve pictures. */
  private static final String PICTURES =
      "0k 3 1 2 6 4 5 9 7 8 12k 10 11 15 13 14 18 16 17 21 19 20";

  private static Optional<GrowingCut> begin(
      long fromUs, boolean hasClosed, TrackPackets... tracks) {
    long endUs =
        List.of(tracks).stream()
            .flatMap(track -> track.packets().stream())
            .mapToLong(packet -> packet.ptsUs() + FRAME_US)
            .max()
            .orElse(0);
    CutRequest request = new CutRequest(fromUs, fromUs + 60_000_000, CutRequest.Outside.CLAMP);
    return GrowingCut.begin(
        GrowingCut.startOf(request), new HeldSpan(0, endUs), List.of(tracks), hasClosed);
  }

  private static List<CutSample> all(GrowingTrack track, long toUs, boolean isOver) {
    List<CutSample> samples = new ArrayList<>();
    track.next(toUs, isOver).ifPresent(samples::add);
    while (!samples.isEmpty()) {
      Optional<CutSample> next = track.next(toUs, isOver);
      if (next.isEmpty()) {
        break;
      }
      samples.add(next.get());
    }
    return samples;
  }

  private static List<Long> framesOf(List<CutSample> samples) {
    return samples.stream().map(sample -> sample.packet().ptsUs() / FRAME_US).toList();
  }

  private static TrackPackets firstOf(TrackPackets track, int count) {
    return new TrackPackets(track.index(), track.formats(), track.packets().subList(0, count));
  }

  @Test
  void beginsWithTheKeyframeBeforeTheStart() {
    TrackPackets video = Stamps.video(PICTURES);
    GrowingCut cut = begin(5 * FRAME_US, false, video, Stamps.aac(0, 60)).orElseThrow();
    assertEquals(5 * FRAME_US, cut.startUs());
    GrowingTrack pictures = cut.tracks().getFirst();
    assertEquals(List.of(new CutEdit(9_000_000, 7 * FRAME_US)), pictures.edits(9_000_000));
    assertEquals(
        List.of(0L, 3L, 1L, 2L, 6L, 4L, 5L, 9L),
        framesOf(all(pictures, NO_END, false)).subList(0, 8));
    GrowingTrack sound = cut.tracks().get(1);
    CutEdit edit = sound.edits(9_000_000).getLast();
    CutSample first = sound.next(NO_END, false).orElseThrow();
    long presentedUs = first.packet().ptsUs() + edit.mediaTicks() * 1_000_000 / 48_000;
    Stamps.assertNear(cut.startUs(), presentedUs, 1_000);
  }

  @Test
  void waitsUntilNoEarlierPictureCanCome() {
    TrackPackets video = Stamps.video(PICTURES);
    TrackPackets sound = Stamps.aac(0, 60);
    // The window begins at picture 4, which comes sixth; the eighth is decoded when it is shown.
    assertFalse(begin(4 * FRAME_US, false, firstOf(video, 5), sound).isPresent());
    assertFalse(begin(4 * FRAME_US, false, firstOf(video, 7), sound).isPresent());
    assertTrue(begin(4 * FRAME_US, false, firstOf(video, 8), sound).isPresent());
    assertEquals(
        6 * FRAME_US, begin(4 * FRAME_US, true, firstOf(video, 5), sound).orElseThrow().startUs());
  }

  @Test
  void waitsForEachTrackAsLongAsAClosingWindowWould() {
    TrackPackets video = Stamps.video(PICTURES);
    TrackPackets none = new TrackPackets(1, 1, List.of(Stamps.AAC_48K), List.of());
    assertFalse(begin(4 * FRAME_US, false, firstOf(video, 18), none).isPresent());
    assertEquals(1, begin(4 * FRAME_US, false, video, none).orElseThrow().tracks().size());
  }

  @Test
  void saysWhyThereIsNothingOnceTheWindowHasClosed() {
    TrackPackets video = firstOf(Stamps.video(PICTURES), 4);
    assertFalse(begin(9 * FRAME_US, false, video).isPresent());
    HalcyonException failure =
        assertThrows(HalcyonException.class, () -> begin(9 * FRAME_US, true, video));
    assertEquals(ErrorCode.RANGE_NOT_HELD, failure.code());
  }

  @Test
  void givesASampleOnceItsLengthIsKnown() {
    TrackPackets video = Stamps.video("0k 1 2 3 4 5");
    GrowingTrack track = begin(0, false, video).orElseThrow().tracks().getFirst();
    List<CutSample> samples = all(track, NO_END, false);
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L), framesOf(samples));
    track.add(new PacketStamp(8 * FRAME_US, 6 * FRAME_US, 0, false, 1, 0, 99, 100));
    CutSample late = track.next(NO_END, false).orElseThrow();
    assertEquals(3 * FRAME_US, late.durationTicks());
    assertEquals(FRAME_US * 2, late.compositionOffsetTicks());
  }

  @Test
  void endsBeforeTheFirstPictureFromBehindTheWindow() {
    GrowingTrack track = begin(0, false, Stamps.video(PICTURES)).orElseThrow().tracks().getFirst();
    long toUs = 8 * FRAME_US;
    assertEquals(List.of(0L, 3L, 1L, 2L, 6L, 4L, 5L), framesOf(all(track, toUs, false)));
    // The window's end moves while it is open.
    assertEquals(List.of(9L, 7L, 8L), framesOf(all(track, 10 * FRAME_US, false)));
    assertEquals(List.of(), framesOf(all(track, 10 * FRAME_US, true)));
    assertEquals(List.of(), framesOf(all(track, NO_END, true)));
  }

  @Test
  void givesTheLastSampleWhenNothingFollows() {
    GrowingTrack track =
        begin(0, false, Stamps.video("0k 1 2 3")).orElseThrow().tracks().getFirst();
    assertEquals(List.of(0L, 1L, 2L), framesOf(all(track, NO_END, false)));
    CutSample last = track.next(NO_END, true).orElseThrow();
    assertEquals(FRAME_US, last.durationTicks());
  }

  @Test
  void countsSamplesOfSoundWhateverItsStampsJitter() {
    TrackPackets video = Stamps.video(PICTURES);
    GrowingTrack sound = begin(0, false, video, Stamps.aac(0, 60)).orElseThrow().tracks().get(1);
    List<CutSample> samples = all(sound, NO_END, false);
    assertEquals(59, samples.size());
    for (int i = 0; i < samples.size(); i++) {
      assertEquals(i * 1_024L, samples.get(i).decodeTicks());
      assertEquals(1_024, samples.get(i).durationTicks());
    }
  }

  @Test
  void endsSoundWithTheWindowToTheSample() {
    TrackPackets video = Stamps.video(PICTURES);
    GrowingTrack sound = begin(0, false, video, Stamps.aac(0, 60)).orElseThrow().tracks().get(1);
    List<CutSample> samples = all(sound, 500_000, false);
    samples.addAll(all(sound, 500_000, true));
    CutSample last = samples.getLast();
    Stamps.assertNear(24_000, last.decodeTicks(), 1_024);
    assertTrue(last.decodeTicks() < 24_000);
  }

  @Test
  void fillsWithSilenceWherePacketsAreMissing() {
    TrackPackets video = Stamps.video(PICTURES);
    TrackPackets whole = Stamps.aac(0, 60);
    List<PacketStamp> packets = new ArrayList<>(whole.packets());
    packets.subList(20, 30).clear();
    GrowingTrack sound =
        begin(0, false, video, new TrackPackets(1, whole.formats(), packets))
            .orElseThrow()
            .tracks()
            .get(1);
    List<CutSample> samples = all(sound, NO_END, false);
    assertEquals(1_024, samples.get(19).durationTicks());
    assertTrue(samples.subList(20, 30).stream().allMatch(sample -> sample.packet().isMade()));
    assertFalse(samples.get(30).packet().isMade());
    Stamps.assertNear(30 * 1_024, samples.get(30).decodeTicks(), 48);
  }

  @Test
  void followsSoundWhoseStampsStayOff() {
    List<PacketStamp> packets = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      // 50 ms more from the thirtieth on: too little for a gap, too much for jitter.
      long ptsUs = i * 1_024L * 1_000_000 / 48_000 + (i < 30 ? 0 : 50_000);
      packets.add(new PacketStamp(ptsUs, ptsUs, 0, true, 1, 0, i, 10));
    }
    GrowingTrack sound =
        begin(0, false, new TrackPackets(1, List.of(Stamps.AAC_48K), packets))
            .orElseThrow()
            .tracks()
            .getFirst();
    List<CutSample> samples = all(sound, NO_END, false);
    assertEquals(60 * 1_024, samples.get(60).decodeTicks());
    // Behind two packets of silence.
    Stamps.assertNear(110 * 1_024 + 2_400, samples.get(112).decodeTicks(), 1);
  }

  @Test
  void knowsTheFormatsOfItsHeadOnly() {
    GrowingTrack track =
        begin(0, false, Stamps.video("0k 1 2 3")).orElseThrow().tracks().getFirst();
    assertEquals(0, track.indexOf(Stamps.H264).orElseThrow());
    assertTrue(track.indexOf(Stamps.OPUS).isEmpty());
  }
}

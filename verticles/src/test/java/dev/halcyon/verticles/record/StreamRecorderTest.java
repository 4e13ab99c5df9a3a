package dev.halcyon.verticles.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.session.RecordedGap;
import dev.halcyon.codecs.session.Seam;
import dev.halcyon.codecs.session.SessionFile;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.stream.RecordingHealth.State;
import dev.halcyon.verticles.record.RecorderRig.Kept;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamRecorderTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long MIB = 1 << 20;
  private static final long CARD_US = 4_000_000;

  /** GOPs of one second. */
  private static final List<CodedPacket> CARD = RecorderRig.packets(card().build(), CARD_US);

  @TempDir Path folder;

  private static TestCard.Builder card() {
    return TestCard.builder().size(160, 120).gop(30).bFrames(2).cardId(3);
  }

  private RecorderRig rig(long capacityBytes, Duration fileLength) throws IOException {
    return new RecorderRig(folder, capacityBytes, fileLength);
  }

  private static long keyframes(List<Kept> packets) {
    return packets.stream().filter(packet -> packet.track() == 0 && packet.isKeyframe()).count();
  }

  @Test
  void recordsGopsAsTheyCloseAndTheRestWhenNothingComes() throws IOException {
    try (RecorderRig rig = rig(16 * MIB, HOUR)) {
      rig.beginEpoch(0);
      List<Kept> fed = rig.feed(CARD, 0);
      rig.work();
      List<Kept> recorded = rig.recorded();
      assertEquals(3, keyframes(recorded));
      assertEquals(fed.subList(0, recorded.size()), recorded);
      rig.workLater();
      rig.assertRecorded(fed);
      assertEquals(0, rig.recorder().lagUs());
      assertEquals(0, rig.recorder().missedUs());
      assertEquals(List.of(), rig.told);
    }
  }

  @Test
  void beginsFilesByTheClockAtKeyframes() throws IOException {
    try (RecorderRig rig = rig(16 * MIB, Duration.ofSeconds(2))) {
      rig.beginEpoch(0);
      List<Kept> fed = new ArrayList<>(rig.feed(CARD, 0));
      fed.addAll(rig.feed(CARD, CARD_US));
      rig.finish();
      rig.assertRecorded(fed);
      List<SessionFile> files = rig.recording().files();
      assertEquals(4, files.size());
      assertEquals(1, files.stream().map(file -> file.head().sessionId()).distinct().count());
      for (SessionFile file : files) {
        assertTrue(file.fragments().getFirst().isStart());
        assertEquals(List.of(), file.gaps());
      }
    }
  }

  @Test
  void beginsAFileWithEachEpochAndConfiguration() throws IOException {
    List<CodedPacket> resized =
        RecorderRig.packets(card().sizeChange(60, 256, 144).build(), CARD_US);
    try (RecorderRig rig = rig(16 * MIB, HOUR)) {
      rig.beginEpoch(0);
      List<Kept> fed = new ArrayList<>(rig.feed(resized, 0));
      rig.beginEpoch(6_000_000);
      fed.addAll(rig.feed(CARD, 6_000_000));
      rig.finish();
      rig.assertRecorded(fed);
      assertEquals(
          List.of(0, 0, 1),
          rig.recording().files().stream().map(file -> file.head().epoch()).toList());
    }
  }

  @Test
  void beginsASessionAfterALongPause() throws IOException {
    try (RecorderRig rig = rig(16 * MIB, HOUR)) {
      long laterUs = Duration.ofMinutes(11).toNanos() / 1_000;
      rig.beginEpoch(0);
      rig.feed(CARD, 0);
      rig.beginEpoch(laterUs);
      rig.feed(CARD, laterUs);
      rig.finish();
      List<SessionFile> files = rig.recording().files();
      assertEquals(2, files.stream().map(file -> file.head().sessionId()).distinct().count());
    }
  }

  /** Killed between two fragments, twice: every packet once. */
  @Test
  void goesOnAfterARestartWithoutAHoleOrADouble() throws IOException {
    try (RecorderRig rig = rig(16 * MIB, HOUR)) {
      rig.beginEpoch(0);
      List<Kept> fed = new ArrayList<>(rig.feed(CARD, 0));
      rig.work();
      rig.restart();
      fed.addAll(rig.feed(CARD, CARD_US));
      rig.work();
      rig.restart();
      rig.beginEpoch(20_000_000);
      fed.addAll(rig.feed(CARD, 20_000_000));
      rig.finish();
      rig.assertRecorded(fed);
      assertEquals(0, rig.recorder().missedUs());
      for (SessionFile file : rig.recording().files()) {
        assertEquals(Seam.CONTINUOUS == file.firstSeam(), file.head().number() > 1);
        assertEquals(List.of(), file.gaps());
      }
    }
  }

  @Test
  void saysWhatItMissedWhenTheRingMovedOn() throws IOException {
    try (RecorderRig rig = rig(MIB, HOUR)) {
      rig.beginEpoch(0);
      rig.feed(CARD, 0);
      rig.work();
      long endUs = rig.recording().held().getLast().toUs();
      for (int lap = 1; lap < 20; lap++) {
        rig.feed(CARD, lap * CARD_US);
      }
      rig.finish();
      SessionFile file = rig.recording().files().getFirst();
      assertEquals(1, file.gaps().size());
      RecordedGap gap = file.gaps().getFirst();
      assertEquals(Seam.LAGGED, gap.reason());
      assertEquals(endUs, gap.atUs());
      assertEquals(gap.lengthUs(), rig.recorder().missedUs());
      assertTrue(gap.lengthUs() > CARD_US);
      List<Kept> behind =
          rig.recorded().stream().filter(packet -> packet.dtsUs() > gap.atUs()).toList();
      assertTrue(behind.getFirst().isKeyframe() && behind.getFirst().track() == 0);
    }
  }

  @Test
  void waitsWhileTheDiskIsFullAndMissesNothingThatTheRingHolds() throws IOException {
    try (RecorderRig rig = rig(16 * MIB, HOUR)) {
      rig.beginEpoch(0);
      List<Kept> fed = new ArrayList<>(rig.feed(CARD, 0));
      rig.work();
      rig.disk.usable(0);
      fed.addAll(rig.feed(CARD, CARD_US));
      rig.workLater();
      assertEquals(State.PAUSED, rig.recorder().state());
      assertTrue(rig.recorder().reason().contains("free_bytes"), rig.recorder().reason());
      assertTrue(rig.recorder().lagUs() >= CARD_US);
      rig.workLater();
      rig.disk.usable(Long.MAX_VALUE / 2);
      rig.workLater();
      rig.finish();
      rig.assertRecorded(fed);
      assertEquals(List.of(State.PAUSED, State.RECORDING), rig.told);
    }
  }

  @Test
  void saysThatThereWasNoSpace() throws IOException {
    try (RecorderRig rig = rig(MIB, HOUR)) {
      rig.beginEpoch(0);
      rig.feed(CARD, 0);
      rig.work();
      rig.disk.usable(0);
      for (int lap = 1; lap < 20; lap++) {
        rig.feed(CARD, lap * CARD_US);
        rig.workLater();
      }
      rig.disk.usable(Long.MAX_VALUE / 2);
      rig.workLater();
      rig.finish();
      SessionFile file = rig.recording().files().getFirst();
      assertEquals(List.of(Seam.NO_SPACE), file.gaps().stream().map(RecordedGap::reason).toList());
      assertEquals(file.gaps().getFirst().lengthUs(), rig.recorder().missedUs());
    }
  }

  @Test
  void triesAgainWhenTheDiskFails() throws IOException {
    try (RecorderRig rig = rig(16 * MIB, HOUR)) {
      rig.disk.broken(true);
      rig.beginEpoch(0);
      List<Kept> fed = rig.feed(CARD, 0);
      rig.work();
      assertEquals(State.FAILING, rig.recorder().state());
      rig.workLater();
      assertEquals(2, rig.recorder().failures());
      rig.disk.broken(false);
      rig.workLater();
      rig.finish();
      rig.assertRecorded(fed);
      assertEquals(List.of(State.FAILING, State.RECORDING), rig.told);
    }
  }

  @Test
  void saysThatACodecIsNotRecordedAndGoesOnWithTheNext() throws IOException {
    List<CodedPacket> foreign =
        RecorderRig.packets(
            TestCard.builder().size(160, 120).video(Codec.VP8).noAudio().build(), 2_000_000);
    try (RecorderRig rig = rig(16 * MIB, HOUR)) {
      rig.beginEpoch(0);
      rig.feed(foreign, 0);
      rig.workLater();
      rig.beginEpoch(5_000_000);
      List<Kept> fed = rig.feed(CARD, 5_000_000);
      rig.work();
      rig.finish();
      rig.assertRecorded(fed);
      assertEquals(List.of(State.UNSUPPORTED, State.RECORDING), rig.told);
    }
  }

  @Test
  void recordsSoundAlone() throws IOException {
    List<CodedPacket> sound = RecorderRig.packets(TestCard.builder().noVideo().build(), 7_000_000);
    try (RecorderRig rig = rig(16 * MIB, HOUR)) {
      rig.beginEpoch(0);
      List<Kept> fed = rig.feed(sound, 0);
      rig.work();
      assertEquals(3, rig.recording().files().getFirst().fragmentCount());
      rig.finish();
      rig.assertRecorded(fed);
    }
  }

  /** One keyframe in a minute: what is recorded is not far behind all the same. */
  @Test
  void dividesEndlessGops() throws IOException {
    List<CodedPacket> endless =
        RecorderRig.packets(card().gop(3_000).noAudio().build(), 25_000_000);
    try (RecorderRig rig = rig(16 * MIB, HOUR)) {
      rig.beginEpoch(0);
      List<Kept> fed = rig.feed(endless, 0);
      rig.work();
      SessionFile file = rig.recording().files().getFirst();
      assertEquals(
          List.of(true, false), file.fragments().stream().map(each -> each.isStart()).toList());
      rig.finish();
      rig.assertRecorded(fed);
    }
  }
}

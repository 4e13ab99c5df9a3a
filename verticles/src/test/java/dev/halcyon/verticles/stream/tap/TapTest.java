package dev.halcyon.verticles.stream.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.av.NativeMemory;
import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardProgramme;
import dev.halcyon.codecs.testcard.TestCardProgramme.Moment;
import dev.halcyon.core.detect.AudioLevel;
import dev.halcyon.core.detect.SceneScore;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TapTest {
  private static final long RING_BYTES = 32 << 20;

  @TempDir Path folder;

  private final RecordingListener heard = new RecordingListener();
  private Map<NativeMemory.Tag, NativeMemory.Usage> before;
  private TapScheduler scheduler;

  @BeforeEach
  void start() {
    before = NativeMemory.snapshot();
    scheduler = new TapScheduler(2);
  }

  @AfterEach
  void leaveNothingNative() {
    scheduler.close();
    assertEquals(before, NativeMemory.snapshot(), "native memory by tag");
  }

  private static List<CodedPacket> programme(long durationUs, Moment... moments) {
    TestCard card =
        TestCard.builder()
            .bFrames(2)
            .programme(TestCardProgramme.talkWith(List.of(moments)))
            .build();
    return FedRing.packets(card, durationUs);
  }

  private static void assertNear(long expected, long actual, long tolerance) {
    assertTrue(
        Math.abs(expected - actual) <= tolerance,
        "expected " + expected + " within " + tolerance + " but was " + actual);
  }

  private static void awaitProcessed(Tap tap, long packets) {
    Eventually.isTrue(
        () -> "processed " + tap.processedCount() + " of " + packets,
        () -> tap.processedCount() == packets && tap.lagUs() == 0);
  }

  @Test
  void measuresTheWholeSound() {
    List<CodedPacket> packets = programme(6_000_000, Moment.crowdBurst(3_000_000, 1_500_000));
    try (FedRing fed = new FedRing(folder, RING_BYTES)) {
      AudioTap tap = new AudioTap(fed.ring, heard);
      scheduler.add(tap);
      fed.beginEpoch(0);
      fed.feed(packets, 0);
      awaitProcessed(tap, FedRing.count(packets, false));
      assertEquals(57, heard.levels.size(), 2, "ten a second but the first 300 ms");
      AudioLevel loudest =
          heard.levels.stream()
              .max(Comparator.comparingDouble(AudioLevel::momentaryLufs))
              .orElseThrow();
      assertTrue(
          loudest.atUs() > 3_200_000 && loudest.atUs() < 4_900_000, "in the burst: " + loudest);
      double quiet = heard.levels.get(10).momentaryLufs();
      assertTrue(loudest.momentaryLufs() > quiet + 15, quiet + " and " + loudest);
      assertTrue(heard.threads.stream().allMatch(name -> name.startsWith("tap-")));
      assertEquals(0, tap.missedUs());
      assertEquals(0, tap.failureCount());
      assertEquals(0, tap.corruptCount());
      tap.stop().join();
    }
  }

  @Test
  void scoresKeyframesHighWhereTheSceneChanges() {
    List<CodedPacket> packets = programme(8_000_000, Moment.sceneChange(4_000_000));
    try (FedRing fed = new FedRing(folder, RING_BYTES)) {
      VideoTap tap = new VideoTap(fed.ring, heard);
      scheduler.add(tap);
      fed.beginEpoch(0);
      fed.feed(packets, 0);
      awaitProcessed(tap, 8);
      List<Long> times = heard.scenes.stream().map(SceneScore::atUs).toList();
      assertEquals(
          List.of(
              1_000_000L, 2_000_000L, 3_000_000L, 4_000_000L, 5_000_000L, 6_000_000L, 7_000_000L),
          times);
      SceneScore change = heard.scenes.get(3);
      assertTrue(change.difference() > 0.4, "" + heard.scenes);
      for (SceneScore score : heard.scenes) {
        assertTrue(
            score.equals(change) || score.difference() < change.difference() / 3, "" + score);
      }
      tap.stop().join();
    }
  }

  @Test
  void decodesAtMostFourKeyframesASecond() {
    TestCard card = TestCard.builder().gop(1).noAudio().build();
    List<CodedPacket> packets = FedRing.packets(card, 3_000_000);
    try (FedRing fed = new FedRing(folder, RING_BYTES)) {
      VideoTap tap = new VideoTap(fed.ring, heard);
      scheduler.add(tap);
      fed.beginEpoch(0);
      fed.feed(packets, 0);
      Eventually.isTrue(() -> "lag " + tap.lagUs(), () -> tap.lagUs() == 0);
      assertNear(12, tap.processedCount(), 1);
      tap.stop().join();
    }
  }

  @Test
  void goesOnWhenThePictureSizeChangesMidway() {
    TestCard card = TestCard.builder().noAudio().sizeChange(90, 640, 360).build();
    List<CodedPacket> packets = FedRing.packets(card, 6_000_000);
    try (FedRing fed = new FedRing(folder, RING_BYTES)) {
      VideoTap tap = new VideoTap(fed.ring, heard);
      scheduler.add(tap);
      fed.beginEpoch(0);
      fed.feed(packets, 0);
      awaitProcessed(tap, 6);
      assertEquals(5, heard.scenes.size());
      assertEquals(0, tap.corruptCount());
      assertEquals(0, tap.failureCount());
      assertTrue(
          heard.scenes.stream().allMatch(score -> score.difference() < 0.2),
          "the same card at another size: " + heard.scenes);
      tap.stop().join();
    }
  }

  @Test
  void beginsAnewInTheNextEpoch() {
    List<CodedPacket> packets = programme(1_000_000);
    try (FedRing fed = new FedRing(folder, RING_BYTES)) {
      AudioTap audio = new AudioTap(fed.ring, heard);
      VideoTap video = new VideoTap(fed.ring, heard);
      scheduler.add(audio);
      scheduler.add(video);
      for (long startUs : new long[] {0, 5_000_000}) {
        fed.beginEpoch(startUs);
        fed.feed(packets, startUs);
      }
      awaitProcessed(audio, 2 * FedRing.count(packets, false));
      awaitProcessed(video, 2);
      assertEquals(List.of(), heard.scenes, "one keyframe each: nothing to differ from");
      List<Long> second =
          heard.levels.stream().map(AudioLevel::atUs).filter(atUs -> atUs > 2_000_000).toList();
      assertNear(5_400_000, second.getFirst(), 30_000);
      assertEquals(0, audio.failureCount() + video.failureCount());
      audio.stop().join();
      video.stop().join();
    }
  }

  @Test
  void countsWhatItMissedAndGoesOnAtTheLiveEnd() {
    List<CodedPacket> packets = programme(4_000_000);
    try (FedRing fed = new FedRing(folder, 512 << 10)) {
      fed.beginEpoch(0);
      AudioTap tap = new AudioTap(fed.ring, heard);
      for (int i = 0; i < 5; i++) {
        fed.feed(packets, i * 4_000_000L);
      }
      long overrunToUs = fed.ring.held().getLast().toUs();
      assertTrue(fed.ring.held().getFirst().fromUs() > 4_000_000, "the ring has wrapped");
      assertNear(overrunToUs, tap.lagUs(), 100_000);
      scheduler.add(tap);
      Eventually.isTrue(() -> "lag " + tap.lagUs(), () -> tap.lagUs() == 0);
      assertNear(overrunToUs, tap.missedUs(), 100_000);
      assertEquals(0, tap.processedCount());
      fed.feed(packets.subList(0, packets.size() / 4), 20_000_000);
      awaitProcessed(tap, FedRing.count(packets.subList(0, packets.size() / 4), false));
      assertFalse(heard.levels.isEmpty());
      assertNear(overrunToUs, tap.missedUs(), 100_000);
      tap.stop().join();
    }
  }

  @Test
  void statesItsLagWhileItDoesNotRun() {
    List<CodedPacket> packets = programme(2_000_000);
    try (FedRing fed = new FedRing(folder, RING_BYTES)) {
      fed.beginEpoch(0);
      AudioTap tap = new AudioTap(fed.ring, heard);
      assertEquals(0, tap.lagUs());
      fed.feed(packets, 0);
      assertNear(2_000_000, tap.lagUs(), 100_000);
      tap.stop().join();
    }
  }

  @Test
  void passesOverCorruptPackets() {
    List<CodedPacket> packets = programme(4_000_000);
    try (FedRing fed = new FedRing(folder, RING_BYTES)) {
      AudioTap audio = new AudioTap(fed.ring, heard);
      VideoTap video = new VideoTap(fed.ring, heard);
      scheduler.add(audio);
      scheduler.add(video);
      fed.beginEpoch(0);
      fed.feed(
          packets,
          0,
          packet ->
              packet.ptsUs() >= 1_000_000 && packet.ptsUs() < 1_040_000
                  ? FedRing.withPayload(packet, new byte[40])
                  : packet);
      awaitProcessed(audio, FedRing.count(packets, false));
      awaitProcessed(video, 4);
      assertTrue(audio.corruptCount() > 0, "audio " + audio.corruptCount());
      assertEquals(1, video.corruptCount());
      assertEquals(
          List.of(2_000_000L, 3_000_000L), heard.scenes.stream().map(SceneScore::atUs).toList());
      assertTrue(heard.levels.getLast().atUs() > 3_800_000, "" + heard.levels.getLast());
      assertEquals(0, audio.failureCount() + video.failureCount());
      audio.stop().join();
      video.stop().join();
    }
  }

  @Test
  void refusesATrackThatNoDecoderTakesUntilItsNextConfiguration() {
    List<CodedPacket> packets = programme(1_000_000);
    Bytes damaged = Bytes.copyOf(new byte[] {(byte) 0xff, 0});
    try (FedRing fed = new FedRing(folder, RING_BYTES)) {
      AudioTap tap = new AudioTap(fed.ring, heard);
      scheduler.add(tap);
      fed.beginEpoch(0);
      fed.feed(
          packets,
          0,
          packet ->
              packet.track().format() instanceof AudioFormat format
                  ? new CodedPacket(
                      new Track(
                          packet.track().index(),
                          new AudioFormat(
                              Codec.AAC, format.sampleRateHz(), format.channels(), damaged)),
                      packet.isKeyframe(),
                      packet.ptsUs(),
                      packet.dtsUs(),
                      packet.durationUs(),
                      packet.payload())
                  : packet);
      Eventually.isTrue(() -> "lag " + tap.lagUs(), () -> tap.lagUs() == 0);
      assertEquals(1, tap.failureCount());
      assertEquals(List.of(), heard.levels);
      fed.feed(packets, 1_000_000);
      Eventually.isTrue(() -> "no levels", () -> heard.levels.size() >= 5);
      assertEquals(1, tap.failureCount());
      tap.stop().join();
    }
  }

  @Test
  void endsQuietlyWhenTheRingIsClosedUnderIt() {
    List<CodedPacket> packets = programme(1_000_000);
    FedRing fed = new FedRing(folder, RING_BYTES);
    AudioTap tap = new AudioTap(fed.ring, heard);
    scheduler.add(tap);
    fed.beginEpoch(0);
    fed.feed(packets, 0);
    awaitProcessed(tap, FedRing.count(packets, false));
    fed.close();
    tap.stop().join();
    assertEquals(0, tap.lagUs());
    assertEquals(0, tap.failureCount());
  }
}

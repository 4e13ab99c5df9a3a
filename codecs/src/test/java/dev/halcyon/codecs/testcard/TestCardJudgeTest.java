package dev.halcyon.codecs.testcard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.EncodedUnit;
import dev.halcyon.codecs.mux.MuxerHandle;
import dev.halcyon.codecs.mux.VideoEncoder;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are broken on purpose: the judge must say exactly how. */
class TestCardJudgeTest {
  /** Every picture stands alone, so that one can be taken out or replaced. */
  private static final TestCard CARD = TestCard.builder().size(160, 120).gop(1).cardId(3).build();

  private static final long DURATION_US = 2_000_000;

  @TempDir private Path folder;

  @Test
  void findsTheDroppedFrame() {
    Verdict verdict = judge(replacing(20, packet -> Stream.of()));
    assertEquals(List.of("missing frames [20]"), verdict.faults());
    assertEquals(59, verdict.pictures().orElseThrow().presentedFrames());
  }

  @Test
  void findsWhereAFrameIsShownTwice() {
    Bytes[] former = new Bytes[1];
    Verdict verdict =
        judge(
            packets -> {
              former[0] = video(packets, 29).payload();
              return replacing(30, packet -> Stream.of(withPayload(packet, former[0])))
                  .apply(packets);
            });
    assertEquals(List.of("missing frames [30]", "repeated frames [29]"), verdict.faults());
  }

  @Test
  void findsTheBlackFrame() {
    Verdict verdict = judge(replacing(10, packet -> Stream.of(withPayload(packet, plain(16)))));
    assertEquals(List.of("missing frames [10]", "black pictures at [10]"), verdict.faults());
  }

  @Test
  void findsTheFrameWithoutACode() {
    Verdict verdict = judge(replacing(11, packet -> Stream.of(withPayload(packet, plain(128)))));
    assertEquals(List.of("missing frames [11]", "unreadable pictures at [11]"), verdict.faults());
  }

  @Test
  void findsFramesInTheWrongOrder() {
    Verdict verdict =
        judge(
            packets -> {
              CodedPacket first = video(packets, 40);
              CodedPacket second = video(packets, 41);
              return packets.stream()
                  .map(
                      packet ->
                          packet.equals(first)
                              ? withPayload(first, second.payload())
                              : packet.equals(second)
                                  ? withPayload(second, first.payload())
                                  : packet)
                  .toList();
            });
    assertTrue(verdict.faults().contains("frames out of order [40]"), verdict::toString);
  }

  @Test
  void findsTheFrameAtTheWrongTime() {
    Verdict verdict = judge(replacing(15, packet -> Stream.of(packet.shifted(12_000))));
    assertEquals(List.of("pictures off their time by up to 12000 us"), verdict.faults());
  }

  @Test
  void measuresSoundThatIsLate() {
    assertSkew(40_000);
  }

  @Test
  void measuresSoundThatIsEarly() {
    assertSkew(-5_000);
  }

  private void assertSkew(long shiftUs) {
    Verdict verdict =
        judge(
            packets ->
                packets.stream()
                    .map(packet -> packet.track().isVideo() ? packet : packet.shifted(shiftUs))
                    .sorted(Comparator.comparingLong(CodedPacket::dtsUs))
                    .toList());
    assertEquals(List.of(), verdict.faults());
    Verdict.Skew skew = verdict.skew().orElseThrow();
    assertNear(shiftUs, skew.startUs(), 21);
    assertNear(shiftUs, skew.endUs(), 21);
    assertNear(Math.abs(shiftUs), skew.maxAbsUs(), 21);
    assertEquals(1, verdict.faults(Math.abs(shiftUs) - 100).size());
  }

  @Test
  void findsTheGapInTheSound() {
    Verdict verdict =
        judge(
            packets -> {
              List<CodedPacket> left = new ArrayList<>(packets);
              left.remove(
                  packets.stream()
                      .filter(packet -> !packet.track().isVideo() && packet.ptsUs() > 1_010_000)
                      .findFirst()
                      .orElseThrow());
              return left;
            });
    Verdict.Sound sound = verdict.sound().orElseThrow();
    assertEquals(1, sound.gaps().size(), verdict::toString);
    assertNear(21_333, sound.gaps().getFirst().lengthUs(), 2);
    assertEquals(List.of(1_000_000L), sound.missingMarkersUs());
    assertNear(0, verdict.skew().orElseThrow().maxAbsUs(), 21);
  }

  @Test
  void findsSoundOfAnotherCard() {
    TestCard other = TestCard.builder().size(160, 120).gop(1).cardId(4).build();
    List<CodedPacket> theirs = packets(other);
    Verdict verdict =
        judge(
            packets -> {
              List<CodedPacket> mixed = new ArrayList<>();
              for (int i = 0; i < packets.size(); i++) {
                mixed.add(packets.get(i).track().isVideo() ? packets.get(i) : theirs.get(i));
              }
              return mixed;
            });
    assertEquals(List.of("sound of card [4] to pictures of card [3]"), verdict.faults());
  }

  @Test
  void judgesAFileThatBreaksOff() throws IOException {
    Path whole = folder.resolve("whole.ts");
    TestCardFile.write(CARD, DURATION_US, whole);
    byte[] bytes = Files.readAllBytes(whole);
    Path half = folder.resolve("half.ts");
    Files.write(half, Arrays.copyOf(bytes, bytes.length / 2));
    Verdict.Pictures pictures = TestCardJudge.judge(half).pictures().orElseThrow();
    assertEquals(0, pictures.firstFrame());
    assertTrue(pictures.lastFrame() > 15 && pictures.lastFrame() < 45, pictures::toString);
  }

  @Test
  void refusesWhatIsNoMedia() throws IOException {
    Path noise = Files.write(folder.resolve("noise.mp4"), new byte[5000]);
    HalcyonException refused =
        assertThrows(HalcyonException.class, () -> TestCardJudge.judge(noise));
    assertEquals(ErrorCode.CORRUPT_MEDIA, refused.code());
  }

  @Test
  void seesNoCodeInSomethingElse() {
    Verdict verdict =
        judge(
            packets ->
                packets.stream()
                    .map(
                        packet ->
                            packet.track().isVideo() ? withPayload(packet, plain(90)) : packet)
                    .toList());
    assertEquals(Verdict.NONE, verdict.pictures().orElseThrow().firstFrame());
    assertTrue(verdict.skew().isEmpty());
    assertFalse(verdict.faults().isEmpty());
  }

  private static void assertNear(long expected, long actual, long tolerance) {
    assertTrue(Math.abs(actual - expected) <= tolerance, () -> actual + " is not " + expected);
  }

  private Verdict judge(Function<List<CodedPacket>, List<CodedPacket>> breaking) {
    Path file = folder.resolve("broken.mp4");
    List<CodedPacket> packets = packets(CARD);
    try (TestCardSource source = TestCardSource.of(CARD, DURATION_US);
        MuxerHandle muxer = TestCardFile.open(source.tracks(), file)) {
      breaking.apply(packets).forEach(muxer::write);
      muxer.finish();
    }
    return TestCardJudge.judge(file);
  }

  private static List<CodedPacket> packets(TestCard card) {
    List<CodedPacket> packets = new ArrayList<>();
    try (TestCardSource source = TestCardSource.of(card, DURATION_US)) {
      Optional<CodedPacket> packet = source.next();
      while (packet.isPresent()) {
        packets.add(packet.get());
        packet = source.next();
      }
    }
    return packets;
  }

  private static Function<List<CodedPacket>, List<CodedPacket>> replacing(
      int frame, Function<CodedPacket, Stream<CodedPacket>> replacement) {
    return packets -> {
      CodedPacket target = video(packets, frame);
      return packets.stream()
          .flatMap(packet -> packet.equals(target) ? replacement.apply(packet) : Stream.of(packet))
          .toList();
    };
  }

  private static CodedPacket video(List<CodedPacket> packets, int frame) {
    return packets.stream().filter(packet -> packet.track().isVideo()).toList().get(frame);
  }

  private static CodedPacket withPayload(CodedPacket packet, Bytes payload) {
    return new CodedPacket(
        packet.track(),
        packet.isKeyframe(),
        packet.ptsUs(),
        packet.dtsUs(),
        packet.durationUs(),
        payload);
  }

  /** A coded picture of one shade. */
  private static Bytes plain(int luma) {
    byte[] y = new byte[160 * 120];
    byte[] chroma = new byte[80 * 60];
    Arrays.fill(y, (byte) luma);
    Arrays.fill(chroma, (byte) 128);
    List<EncodedUnit> units = new ArrayList<>();
    try (VideoEncoder encoder = new VideoEncoder(CARD.video().orElseThrow().settings(160, 120))) {
      encoder.encode(y, chroma, chroma, 0, units::add);
      encoder.finish(units::add);
    }
    return units.getFirst().payload();
  }
}

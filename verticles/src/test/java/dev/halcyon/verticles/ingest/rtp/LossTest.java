package dev.halcyon.verticles.ingest.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.VideoEncoder;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.verticles.ingest.RecordingPublication;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What networks do to packets: nothing wrong comes out, and what is missing is counted. */
class LossTest {
  private static final long SEED = 20_261_121L;
  private static final int GOP = 15;
  private static final int SEI = 6;

  private static TestCard.Builder pictures() {
    return TestCard.builder().size(640, 360).gop(GOP).noAudio();
  }

  /** Pictures of a card that arrived, by their number in sending order. */
  private static List<Integer> arrived(CardRtp card, ReceiverRun run) {
    List<Bytes> sent = card.units(0).stream().map(CodedPacket::payload).toList();
    List<Integer> arrived = new ArrayList<>();
    for (RecordingPublication.Packet packet : run.publication.packets(0)) {
      int number = sent.indexOf(packet.payload());
      for (int i = 0; number < 0 && i < sent.size(); i++) {
        number = isWithoutMessages(packet.payload(), sent.get(i)) ? i : number;
      }
      assertTrue(number >= 0, "a picture that was never sent");
      arrived.add(number);
    }
    return arrived;
  }

  /**
   * H.264 messages go in packets of their own. Where only they are lost frame_num tells that the
   * picture needs nothing else that is missing: it comes without them, an open keyframe as one that
   * depends on others.
   */
  private static boolean isWithoutMessages(Bytes came, Bytes sent) {
    List<byte[]> slices =
        Payloads.nals(sent).stream().filter(nal -> (nal[0] & 0x1f) != SEI).toList();
    List<byte[]> left = Payloads.nals(came);
    return left.size() == slices.size()
        && IntStream.range(0, left.size()).allMatch(i -> Arrays.equals(left.get(i), slices.get(i)));
  }

  private static void sendBut(CardRtp card, ReceiverRun run, Predicate<Integer> isLost) {
    List<CardRtp.Sent> left = new ArrayList<>();
    for (int i = 0; i < card.sent.size(); i++) {
      if (!isLost.test(i)) {
        left.add(card.sent.get(i));
      }
    }
    run.send(left).passMs(ReceiverRun.WAIT_MS);
  }

  /** The datagrams of one picture, by their number. */
  private static List<Integer> datagramsOf(CardRtp card, int picture) {
    List<Integer> datagrams = new ArrayList<>();
    int number = 0;
    for (int i = 0; i < card.sent.size(); i++) {
      if (number == picture) {
        datagrams.add(i);
      }
      boolean isMarker = (card.sent.get(i).datagram()[1] & 0x80) != 0;
      number += isMarker ? 1 : 0;
    }
    return datagrams;
  }

  @Test
  void dropsWhatNeedsALostPictureUpToTheNextKeyframe() {
    CardRtp card = new CardRtp(pictures().build(), 2_000_000);
    int lost = datagramsOf(card, 20).getFirst();
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      sendBut(card, run, i -> i == lost);
      List<Integer> expected = new ArrayList<>();
      for (int i = 0; i < card.units.size(); i++) {
        if (i < 20 || i >= 30) {
          expected.add(i);
        }
      }
      assertEquals(expected, arrived(card, run));
      assertEquals(1, run.receiver.counts().lostPackets());
      assertTrue(run.receiver.counts().droppedPictures() >= 9);
      assertEquals(List.of(0), run.keyframeWishes);
    }
  }

  @Test
  void dropsOnlyAPictureThatNoOtherNeeds() {
    CardRtp card = new CardRtp(pictures().size(1280, 720).bFrames(1).build(), 2_000_000);
    int picture = firstDisposable(card);
    int lost = datagramsOf(card, picture).getLast();
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      sendBut(card, run, i -> i == lost);
      List<Integer> arrived = arrived(card, run);
      assertEquals(card.units.size() - 1, arrived.size());
      assertFalse(arrived.contains(picture));
      assertEquals(1, run.receiver.counts().droppedPictures());
      assertEquals(List.of(), run.keyframeWishes);
    }
  }

  /** The next picture's frame number tells that nothing is missing that it needs. */
  @Test
  void dropsOnlyAPictureThatNoOtherNeedsWhenNothingOfItCame() {
    CardRtp card = new CardRtp(pictures().bFrames(2).build(), 2_000_000);
    int picture = disposableAfter(card, 20);
    List<Integer> lost = datagramsOf(card, picture);
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      sendBut(card, run, lost::contains);
      List<Integer> arrived = arrived(card, run);
      assertEquals(card.units.size() - 1, arrived.size());
      assertFalse(arrived.contains(picture));
      assertEquals(List.of(), run.keyframeWishes);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void noticesThatAPictureIsMissingOfWhichNothingCame(int bFrames) {
    CardRtp card = new CardRtp(pictures().bFrames(bFrames).build(), 2_000_000);
    int picture = neededAfter(card, 18);
    List<Integer> lost = datagramsOf(card, picture);
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      sendBut(card, run, lost::contains);
      List<Integer> arrived = arrived(card, run);
      int next = keyframe(card, 2);
      for (int number = picture; number < next; number++) {
        assertFalse(arrived.contains(number), number + " in " + arrived);
      }
      assertTrue(arrived.containsAll(List.of(picture - 1, next, next + 1)), arrived::toString);
      assertEquals(List.of(0), run.keyframeWishes);
    }
  }

  private static int disposableAfter(CardRtp card, int number) {
    int picture = number;
    while (!isDisposable(card, picture)) {
      picture++;
    }
    return picture;
  }

  private static int neededAfter(CardRtp card, int number) {
    int picture = number;
    while (isDisposable(card, picture) || card.units.get(picture).isKeyframe()) {
      picture++;
    }
    return picture;
  }

  private static boolean isDisposable(CardRtp card, int picture) {
    return (Payloads.nals(card.units.get(picture).payload()).getLast()[0] & 0x60) == 0;
  }

  /** A B-frame in more than one packet, so that it shows what it is. */
  private static int firstDisposable(CardRtp card) {
    for (int i = 1; i < card.units.size(); i++) {
      byte[] nal = Payloads.nals(card.units.get(i).payload()).getLast();
      if ((nal[0] & 0x60) == 0 && datagramsOf(card, i).size() > 1) {
        return i;
      }
    }
    throw new AssertionError("the card has no such picture");
  }

  @ParameterizedTest
  @EnumSource(
      value = Codec.class,
      names = {"H264", "HEVC", "VP8", "VP9", "AV1"})
  void beginsAtAKeyframeRightAfterALoss(Codec codec) {
    CardRtp card = new CardRtp(pictures().video(codec).build(), 2_000_000);
    int lost = datagramsOf(card, GOP - 1).getLast();
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      sendBut(card, run, i -> i == lost);
      List<Integer> arrived = arrived(card, run);
      assertEquals(GOP - 1, arrived.indexOf(GOP), arrived::toString);
      assertEquals(card.units.size() - 1, arrived.size());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Codec.class,
      names = {"H264", "HEVC"})
  void leavesOutPicturesThatReachBackAcrossAnOpenKeyframe(Codec codec) {
    TestCard shape = pictures().video(codec).bFrames(2).openGop().build();
    assertEquals(VideoEncoder.Gop.OPEN, shape.video().orElseThrow().gop());
    CardRtp card = new CardRtp(shape, 3_000_000);
    int second = keyframe(card, 1);
    int lost = datagramsOf(card, lastReferenceBefore(codec, card, second)).getFirst();
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      sendBut(card, run, i -> i == lost);
      List<Integer> arrived = arrived(card, run);
      int at = arrived.indexOf(second);
      assertTrue(at >= 0, arrived::toString);
      long keyframeUs = card.units.get(second).ptsUs();
      for (int number : arrived.subList(at + 1, arrived.size())) {
        assertTrue(card.units.get(number).ptsUs() > keyframeUs, arrived::toString);
      }
    }
  }

  /** The loss of one that nothing needs costs no other picture. */
  private static int lastReferenceBefore(Codec codec, CardRtp card, int picture) {
    int last = picture - 1;
    while (isDisposableAvc(codec, card, last) || isDisposableHevc(codec, card.units.get(last))) {
      last--;
    }
    return last;
  }

  private static int keyframe(CardRtp card, int which) {
    int found = -1;
    for (int i = 0; i < card.units.size(); i++) {
      found += card.units.get(i).isKeyframe() ? 1 : 0;
      if (found == which) {
        return i;
      }
    }
    throw new AssertionError("the card has no such keyframe");
  }

  @Test
  void putsShuffledAndDoubledPacketsInOrder() {
    CardRtp card =
        new CardRtp(TestCard.builder().size(640, 360).gop(GOP).bFrames(2).build(), 2_000_000);
    Random random = new Random(SEED);
    List<CardRtp.Sent> shuffled = new ArrayList<>();
    for (int from = 0; from < card.sent.size(); from += 8) {
      List<CardRtp.Sent> some =
          new ArrayList<>(card.sent.subList(from, Math.min(from + 8, card.sent.size())));
      some.add(some.get(random.nextInt(some.size())));
      // The first packet of all tells where numbers begin.
      Collections.shuffle(from == 0 ? some.subList(2, some.size()) : some, random);
      shuffled.addAll(some);
    }
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      shuffled.forEach(one -> run.send(one.medium(), one.datagram()));
      run.passMs(ReceiverRun.WAIT_MS);
      run.assertArrived(0, card.units(0), 23);
      run.assertArrived(1, card.units(1), 23);
      assertEquals(0, run.receiver.counts().lostPackets());
      assertTrue(run.receiver.counts().reorderedPackets() > 100);
      assertTrue(run.receiver.counts().latePackets() > 20);
    }
  }

  /** Whatever is lost, each picture that comes can be decoded with those that came before it. */
  @ParameterizedTest
  @EnumSource(
      value = Codec.class,
      names = {"H264", "HEVC", "VP8", "VP9"})
  void handsOverNothingThatNeedsWhatIsMissing(Codec codec) {
    int bFrames = codec == Codec.H264 || codec == Codec.HEVC ? 2 : 0;
    CardRtp card = new CardRtp(pictures().video(codec).bFrames(bFrames).build(), 8_000_000);
    Random random = new Random(SEED);
    Set<Integer> lost = new HashSet<>();
    for (int i = 0; i < card.sent.size(); i++) {
      if (random.nextInt(50) == 0) {
        lost.add(i);
      }
    }
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      sendBut(card, run, lost::contains);
      Set<Integer> arrived = new HashSet<>(arrived(card, run));
      assertTrue(arrived.size() > card.units.size() / 3, () -> "seed " + SEED + " " + arrived);
      boolean isWhole = false;
      for (int i = 0; i < card.units.size(); i++) {
        boolean isDisposable =
            codec == Codec.H264
                && (Payloads.nals(card.units.get(i).payload()).getLast()[0] & 0x60) == 0;
        if (card.units.get(i).isKeyframe()) {
          isWhole = arrived.contains(i);
        } else if (arrived.contains(i)) {
          assertTrue(isWhole, "seed " + SEED + " picture " + i + " without its references");
        } else if (!isDisposable) {
          isWhole = isWhole && isDisposableHevc(codec, card.units.get(i));
        }
      }
      long counted = run.receiver.counts().lostPackets();
      int lastSent = card.sent.size() - 1;
      while (lost.contains(lastSent)) {
        lastSent--;
      }
      int last = lastSent;
      assertEquals(lost.stream().filter(i -> i < last).count(), counted);
    }
  }

  /** What is shown before an open keyframe needs what came before it as well. */
  @ParameterizedTest
  @EnumSource(
      value = Codec.class,
      names = {"H264", "HEVC"})
  void handsOverNothingThatReachesBackToWhatIsMissing(Codec codec) {
    CardRtp card = new CardRtp(pictures().video(codec).bFrames(2).openGop().build(), 8_000_000);
    for (long seed = SEED; seed < SEED + 8; seed++) {
      Random random = new Random(seed);
      Set<Integer> lost = new HashSet<>();
      for (int i = 0; i < card.sent.size(); i++) {
        if (random.nextInt(40) == 0) {
          lost.add(i);
        }
      }
      try (ReceiverRun run = new ReceiverRun(card.media())) {
        sendBut(card, run, lost::contains);
        assertReferencesCame(card, codec, new HashSet<>(arrived(card, run)), seed);
      }
    }
  }

  private static void assertReferencesCame(
      CardRtp card, Codec codec, Set<Integer> arrived, long seed) {
    boolean isWhole = false;
    boolean wasWhole = false;
    long keyframeUs = Long.MIN_VALUE;
    for (int i = 0; i < card.units.size(); i++) {
      CodedPacket unit = card.units.get(i);
      boolean isLeading = unit.ptsUs() < keyframeUs;
      if (unit.isKeyframe()) {
        keyframeUs = unit.ptsUs();
        wasWhole = isWhole;
        isWhole = arrived.contains(i);
      } else if (arrived.contains(i)) {
        assertTrue(isWhole, "seed " + seed + " picture " + i);
        assertTrue(!isLeading || wasWhole, "seed " + seed + " leading picture " + i);
      } else if (!isDisposableHevc(codec, unit) && !isDisposableAvc(codec, card, i)) {
        wasWhole = false;
        isWhole = isWhole && isLeading;
      }
    }
  }

  private static boolean isDisposableAvc(Codec codec, CardRtp card, int picture) {
    return codec == Codec.H264 && isDisposable(card, picture);
  }

  private static boolean isDisposableHevc(Codec codec, CodedPacket unit) {
    if (codec != Codec.HEVC) {
      return false;
    }
    int type = Payloads.nals(unit.payload()).getLast()[0] >> 1 & 0x3f;
    return type < 16 && type % 2 == 0;
  }

  @Test
  void concealsLostOpusSoThatSoundStaysInTime() {
    CardRtp card = new CardRtp(TestCard.builder().noVideo().audio(Codec.OPUS).build(), 1_000_000);
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      sendBut(card, run, i -> i == 10 || i == 20 || i == 21);
      List<RecordingPublication.Packet> packets = run.publication.packets(0);
      assertEquals(card.units.size(), packets.size());
      for (int i = 0; i < packets.size(); i++) {
        assertEquals(packets.getFirst().ptsUs() + i * 20_000L, packets.get(i).ptsUs());
      }
      assertEquals(1, packets.get(10).payload().length());
      assertEquals(3, run.receiver.counts().concealedSounds());
      assertEquals(List.of(), run.publication.seams());
    }
  }

  @Test
  void saysWhereSoundDoesNotAdjoin() {
    CardRtp card = new CardRtp(TestCard.builder().noVideo().build(), 1_000_000);
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      sendBut(card, run, i -> i == 10 || i == 20);
      assertEquals(card.units.size() - 2, run.publication.packets(0).size());
      assertEquals(List.of(0, 0), run.publication.seams());
    }
  }

  @Test
  void tellsTheOwnerOfLosses() {
    CardRtp card = new CardRtp(pictures().build(), 2_000_000);
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      run.passMs(0);
      sendBut(card, run, i -> i == 3);
      run.passMs(10_000).passMs(10_000);
      assertEquals(1, run.publication.alerts().size());
      String alert = run.publication.alerts().getFirst();
      assertTrue(alert.startsWith("PACKETS_LOST: 1 of " + card.sent.size()), alert);
    }
  }

  @Test
  void reportsToTheSender() {
    CardRtp card = new CardRtp(pictures().build(), 2_000_000);
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      assertTrue(run.receiver.report(0, 9).isEmpty());
      run.control(0, card.sender(0).senderReport(0, 3_900_000_000_000_000L));
      int last = card.sent.size() / 10 * 10 - 1;
      sendBut(card, run, i -> (i > 0 && i % 10 == 0) || i > last);
      ByteBuffer report = ByteBuffer.wrap(run.receiver.report(0, 9).orElseThrow());
      assertEquals(0x81c9_0007, report.getInt(0));
      assertEquals(9, report.getInt(4));
      assertEquals(77, report.getInt(8));
      int expectedLoss = last / 10;
      assertEquals(expectedLoss, report.getInt(12) & 0xff_ffff);
      int fraction = expectedLoss * 256 / (last + 1);
      assertTrue(Math.abs(fraction - (report.getInt(12) >>> 24)) <= 1);
      assertEquals((short) (65_500 + last), report.getShort(18));
      assertEquals(20 + 32, report.capacity());
      // One second after 1900's origin plus 3.9 billion: its middle 32 bits.
      assertEquals((int) (3_900_000_000L << 16), report.getInt(24));
    }
  }
}

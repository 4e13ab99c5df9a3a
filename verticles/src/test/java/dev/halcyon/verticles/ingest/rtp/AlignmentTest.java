package dev.halcyon.verticles.ingest.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.verticles.ingest.RecordingPublication;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tracks whose stamps begin anywhere, on one time line. */
class AlignmentTest {
  private static final long NTP_US = 3_900_000_000_000_000L;

  private static CardRtp card() {
    return new CardRtp(TestCard.builder().size(160, 120).gop(15).bFrames(2).build(), 3_000_000);
  }

  /** How much later sound lies than the card says. */
  private static long soundLateUs(CardRtp card, ReceiverRun run, int soundUnit) {
    long soundUs = run.packet(1, soundUnit).ptsUs() - card.units(1).get(soundUnit).ptsUs();
    return soundUs - (run.packet(0, 0).ptsUs() - card.units(0).getFirst().ptsUs());
  }

  /** Sound is sent late by so much, as by an encoder that looks ahead. */
  private static List<CardRtp.Sent> late(CardRtp card, long byUs) {
    List<CardRtp.Sent> sent = new ArrayList<>();
    for (CardRtp.Sent one : card.sent) {
      long atUs = one.atUs() + (one.medium() == 1 ? byUs : 0);
      sent.add(new CardRtp.Sent(one.medium(), atUs, one.datagram()));
    }
    sent.sort((a, b) -> Long.compare(a.atUs(), b.atUs()));
    return sent;
  }

  @Test
  void putsTracksWhereTheyArrive() {
    CardRtp card = card();
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      run.send(card.sent);
      ReceiverRun.assertNear(0, soundLateUs(card, run, 0), 1_000, "sound late");
    }
  }

  @Test
  void putsTracksWhereReportsBeforeTheFirstPacketSay() {
    CardRtp card = card();
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      run.control(0, card.sender(0).senderReport(0, NTP_US));
      run.control(1, card.sender(1).senderReport(1_000_000, NTP_US + 1_000_000));
      run.send(late(card, 150_000));
      ReceiverRun.assertNear(0, soundLateUs(card, run, 0), 50, "sound late");
      assertEquals(List.of(), run.publication.alerts());
    }
  }

  @Test
  void movesTheTrackThatLiesTooEarlyOnceReportsTell() {
    CardRtp card = card();
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      List<CardRtp.Sent> sent = late(card, 150_000);
      int half = sent.size() / 2;
      run.send(sent.subList(0, half));
      int before = run.publication.packets(0).size();
      ReceiverRun.assertNear(150_000, soundLateUs(card, run, 0), 1_000, "sound late");
      run.control(0, card.sender(0).senderReport(0, NTP_US));
      assertEquals(List.of(), run.publication.seams());
      run.control(1, card.sender(1).senderReport(0, NTP_US));
      // Sound lies too late: pictures follow it, for time never goes back.
      assertEquals(List.of(0), run.publication.seams());
      run.control(1, card.sender(1).senderReport(100_000, NTP_US + 230_000));
      run.send(sent.subList(half, sent.size()));
      int last = run.publication.packets(0).size() - 1;
      assertTrue(last > before);
      long movedUs =
          (run.packet(0, last).ptsUs() - run.packet(0, 0).ptsUs())
              - (card.units(0).get(last).ptsUs() - card.units(0).getFirst().ptsUs());
      ReceiverRun.assertNear(150_000, movedUs, 1_000, "moved");
      assertGrowing(run.publication.packets(0));
      assertEquals(1, run.publication.alerts().size());
      assertTrue(run.publication.alerts().getFirst().startsWith("TRACKS_ALIGNED"));
    }
  }

  @Test
  void doesNotBelieveReportsOfClocksThatAreNotOne() {
    CardRtp card = card();
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      run.send(card.sent.subList(0, 50));
      run.control(0, card.sender(0).senderReport(0, NTP_US));
      run.control(1, card.sender(1).senderReport(0, NTP_US + 3_600_000_000L));
      run.send(card.sent.subList(50, card.sent.size()));
      ReceiverRun.assertNear(0, soundLateUs(card, run, 0), 1_000, "sound late");
      assertEquals(List.of(), run.publication.seams());
    }
  }

  @Test
  void beginsWithWhatIsEarliestWhicheverTrackComesFirst() {
    CardRtp card = card();
    List<CardRtp.Sent> sent = late(card, -400_000);
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      run.control(0, card.sender(0).senderReport(0, NTP_US));
      run.control(1, card.sender(1).senderReport(0, NTP_US));
      run.send(sent);
      ReceiverRun.assertNear(0, soundLateUs(card, run, 0), 50, "sound late");
    }
  }

  @Test
  void goesOnWithoutATrackThatGivesNothing() {
    CardRtp card = card();
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      run.send(card.sent.stream().filter(one -> one.medium() == 0).toList());
      assertEquals(card.units(0).size(), run.publication.packets(0).size());
    }
  }

  @Test
  void beginsAnEpochWithANewSource() {
    CardRtp card = card();
    CardRtp next = card();
    for (CardRtp.Sent one : next.sent) {
      one.datagram()[8] ^= 0x55; // Another SSRC, and other stamps.
      ByteBuffer stamp = ByteBuffer.wrap(one.datagram());
      stamp.putInt(4, stamp.getInt(4) + 0x3300_0000);
    }
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      run.send(card.sent);
      int before = run.publication.packets(0).size();
      List<CardRtp.Sent> later = new ArrayList<>();
      for (CardRtp.Sent one : next.sent) {
        later.add(new CardRtp.Sent(one.medium(), one.atUs() + 10_000_000, one.datagram()));
      }
      run.send(later);
      RecordingPublication.Packet first = run.packet(0, before);
      assertTrue(first.isKeyframe());
      assertTrue(first.ptsUs() - run.packet(0, before - 1).ptsUs() > 3_000_000_000L);
      assertEquals(2 * before, run.publication.packets(0).size());
      assertGrowing(run.publication.packets(0));
    }
  }

  /** As a camera whose clock is set: the same source, numbers that go on, stamps that do not. */
  @Test
  void beginsOneEpochWhenTheStampsOfAllTracksLeap() {
    CardRtp card = card();
    CardRtp next = card();
    Map<Integer, Integer> sequences = new HashMap<>();
    for (CardRtp.Sent one : card.sent) {
      sequences.put(one.medium(), sequence(one));
    }
    List<CardRtp.Sent> leapt = new ArrayList<>();
    long lengthUs = card.sent.getLast().atUs() + 33_000;
    int late = 0;
    for (CardRtp.Sent one : next.sent) {
      int sequence = sequences.merge(one.medium(), 1, Integer::sum);
      one.datagram()[2] = (byte) (sequence >> 8);
      one.datagram()[3] = (byte) sequence;
      // Sound leaps a little later than pictures do.
      boolean isLate = one.medium() == 1 && late++ < 3;
      ByteBuffer stamp = ByteBuffer.wrap(one.datagram());
      int goingOn = stamp.getInt(4) + (int) (lengthUs * 48 / 1_000);
      stamp.putInt(4, isLate ? goingOn : stamp.getInt(4) + 0x3300_0000);
      leapt.add(new CardRtp.Sent(one.medium(), one.atUs() + lengthUs, one.datagram()));
    }
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      run.send(card.sent).send(leapt);
      for (int track = 0; track < 2; track++) {
        List<RecordingPublication.Packet> packets = run.publication.packets(track);
        assertEquals(2 * card.units(track).size(), packets.size());
        assertGrowing(packets);
        assertEquals(1, epochs(packets) - 1, "steps of track " + track);
      }
      long skewUs =
          run.publication.packets(1).getLast().dtsUs()
              - run.publication.packets(0).getLast().dtsUs();
      assertTrue(Math.abs(skewUs) < 200_000, () -> "apart at the end by " + skewUs);
    }
  }

  private static int sequence(CardRtp.Sent one) {
    return (one.datagram()[2] & 0xff) << 8 | (one.datagram()[3] & 0xff);
  }

  private static int epochs(List<RecordingPublication.Packet> packets) {
    int epochs = 1;
    for (int i = 1; i < packets.size(); i++) {
      epochs += packets.get(i).dtsUs() - packets.get(i - 1).dtsUs() > 1_000_000_000L ? 1 : 0;
    }
    return epochs;
  }

  @Test
  void doesNotListenToAnotherSourceWhileTheFirstOneLives() {
    CardRtp card = card();
    CardRtp foreign = card();
    foreign.sent.forEach(one -> one.datagram()[8] ^= 0x55);
    List<CardRtp.Sent> mixed = new ArrayList<>();
    for (int i = 0; i < card.sent.size(); i++) {
      mixed.add(card.sent.get(i));
      mixed.add(foreign.sent.get(i));
    }
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      run.send(mixed);
      run.assertArrived(0, card.units(0), 23);
      assertEquals(card.sent.size(), run.receiver.counts().foreignPackets());
    }
  }

  private static void assertGrowing(List<RecordingPublication.Packet> packets) {
    for (int i = 1; i < packets.size(); i++) {
      assertTrue(packets.get(i).dtsUs() > packets.get(i - 1).dtsUs(), "dts " + i);
    }
  }
}

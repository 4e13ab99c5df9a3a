package dev.halcyon.verticles.ingest.whip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.verticles.ingest.Mutations;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.RecordingGate;
import dev.halcyon.verticles.ingest.RecordingPublication;
import dev.halcyon.verticles.ingest.rtp.CardRtp;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A publisher that speaks ICE, DTLS and SRTP with the server, well or badly. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class WhipVerticleTest {
  private static final long SEED = 20_261_121;
  private static final int VIDEO = 0;
  private static final int AUDIO = 1;
  private static final int REPEATS_SSRC = 0x1234_5678;

  private static final CardRtp CARD =
      new CardRtp(
          TestCard.builder().size(160, 120).bFrames(2).gop(15).audio(Codec.OPUS).build(),
          1_500_000);

  private final Vertx vertx = Vertx.vertx();
  private final RecordingGate gate = new RecordingGate("a", "b", "c", "d", "e", "f", "g", "h", "i");
  private final WhipVerticle whip =
      new WhipVerticle(
          new WhipOptions("127.0.0.1", 0, List.of(), 100, 3, 2_000, 3_000, 500),
          gate,
          new SimpleMeterRegistry());

  @BeforeAll
  void open() throws Exception {
    vertx.deployVerticle(whip).await(20, TimeUnit.SECONDS);
  }

  @AfterAll
  void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private static String parameterSets() {
    return CARD.media().get(VIDEO).format().parameters().get("sprop-parameter-sets");
  }

  private WhipDesk.Answer publish(String key, byte[] offer) throws Exception {
    return publish(key, "192.0.2." + key.charAt(0) % 16, offer);
  }

  private WhipDesk.Answer publish(String key, String address, byte[] offer) throws Exception {
    return whip.publish(
            new WhipDesk.Offer(key, address, true, new String(offer, StandardCharsets.UTF_8)))
        .await(20, TimeUnit.SECONDS);
  }

  private RecordingPublication connected(String key, WhipClient client) throws Exception {
    client.connect(publish(key, client.offer(parameterSets())).sdp());
    client.check();
    client.handshake();
    return gate.publications().getLast();
  }

  private static void holds(String what, BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadlineNs < 0, () -> "not in time: " + what);
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** Each twentieth packet of pictures is lost once, and others change places. */
  @Test
  void keepsEveryPictureThoughTheNetworkLosesAndReordersPackets() throws Exception {
    try (WhipClient client = WhipClient.overUdp()) {
      RecordingPublication publication = connected("a", client);
      Random random = new Random(SEED);
      Map<Integer, byte[]> sent = new HashMap<>();
      int lost = 0;
      for (int i = 0; i < CARD.sent().size(); i++) {
        int at = i % 7 == 3 ? i + 1 : i % 7 == 4 ? i - 1 : i;
        CardRtp.Sent packet = CARD.sent().get(Math.min(at, CARD.sent().size() - 1));
        byte[] bytes = packet.datagram();
        if (packet.medium() == VIDEO) {
          sent.put(ByteBuffer.wrap(bytes).getShort(2) & 0xffff, bytes);
        }
        boolean isLost =
            packet.medium() == VIDEO
                && i > 10
                && i < CARD.sent().size() - 20
                && random.nextInt(20) == 0;
        if (isLost) {
          lost++;
        } else {
          client.sendMedia(bytes);
        }
        repeat(client, sent, client.feedback(2));
      }
      assertTrue(lost > 0, "seed " + SEED);
      int pictures = CARD.units(VIDEO).size();
      for (int i = 0; i < 200 && publication.packets(VIDEO).size() < pictures; i++) {
        repeat(client, sent, client.feedback(20));
      }
      client.leave();
      holds("the end", () -> !publication.closings().isEmpty());
      assertEquals(List.of(Publication.UNPUBLISHED), publication.closings());
      assertSameAsSent(publication, lost + " lost, seed " + SEED);
    }
  }

  private int repeated;

  /** Sends again what a control packet asks for. */
  private void repeat(WhipClient client, Map<Integer, byte[]> sent, byte[] control) {
    if (control == null || (control[1] & 0xff) != 205 || (control[0] & 0x1f) != 1) {
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(control);
    for (int at = 12; at < control.length; at += 4) {
      int first = in.getShort(at) & 0xffff;
      int mask = in.getShort(at + 2) & 0xffff;
      for (int i = 0; i <= 16; i++) {
        if (i == 0 || (mask >> (i - 1) & 1) != 0) {
          byte[] packet = sent.get((first + i) & 0xffff);
          if (packet != null) {
            client.sendAgain(packet, repeated++, REPEATS_SSRC);
          }
        }
      }
    }
  }

  private static void assertSameAsSent(RecordingPublication publication, String what) {
    List<Bytes> pictures = CARD.units(VIDEO).stream().map(CodedPacket::payload).toList();
    assertEquals(
        pictures,
        publication.packets(VIDEO).stream().map(RecordingPublication.Packet::payload).toList(),
        what);
    assertEquals(CARD.units(AUDIO).size(), publication.packets(AUDIO).size(), what);
  }

  @Test
  void takesMediaOverTcpToo() throws Exception {
    try (WhipClient client = WhipClient.overTcp()) {
      RecordingPublication publication = connected("b", client);
      CARD.sent().forEach(packet -> client.sendMedia(packet.datagram()));
      client.leave();
      holds("the end", () -> !publication.closings().isEmpty());
      assertSameAsSent(publication, "over TCP");
    }
  }

  @Test
  void asksForKeyframesAndReportsWhatCame() throws Exception {
    try (WhipClient client = WhipClient.overUdp()) {
      connected("c", client);
      CARD.sent().subList(0, 20).forEach(packet -> client.sendMedia(packet.datagram()));
      boolean isAsked = false;
      boolean isReported = false;
      long deadlineNs = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (!(isAsked && isReported)) {
        assertTrue(System.nanoTime() - deadlineNs < 0, "asked: " + isAsked + ", " + isReported);
        byte[] control = client.feedback(100);
        if (control != null) {
          isAsked |= (control[1] & 0xff) == 206 && (control[0] & 0x1f) == 1;
          isReported |= (control[1] & 0xff) == 201;
        }
      }
    }
  }

  @Test
  void refusesAnotherCertificateThanTheOffered() throws Exception {
    try (WhipClient client = WhipClient.overUdp()) {
      byte[] offer = client.offer(parameterSets(), Fingerprint.of(new byte[1]));
      client.connect(publish("d", offer).sdp());
      client.check();
      RecordingPublication publication = gate.publications().getLast();
      String reason = client.tryHandshake().get(20, TimeUnit.SECONDS);
      assertTrue(reason.startsWith("handshake failed"), reason);
      holds("the end", () -> !publication.closings().isEmpty());
      assertTrue(publication.closings().getFirst().startsWith("handshake failed"));
      assertTrue(publication.packets().isEmpty());
    }
  }

  @Test
  void answersNoCheckWithoutThePasswordAndEndsWhatDoesNotConnect() throws Exception {
    try (WhipClient client = WhipClient.overUdp()) {
      client.connect(publish("e", client.offer(parameterSets())).sdp());
      RecordingPublication publication = gate.publications().getLast();
      client.check("another password");
      assertFalse(client.isAnswered());
      holds("the end", () -> !publication.closings().isEmpty());
      assertEquals(List.of("no connectivity check came in 2000 ms"), publication.closings());
      client.check(client.theirs().password());
      assertFalse(client.isAnswered(), "the session has ended");
    }
  }

  @Test
  void endsAPublisherThatFallsSilent() throws Exception {
    try (WhipClient client = WhipClient.overUdp()) {
      RecordingPublication publication = connected("f", client);
      holds("the end", () -> !publication.closings().isEmpty());
      assertEquals(List.of("connection lost"), publication.closings());
    }
  }

  /** Both a stranger's and those of a publisher whose keys are right. */
  @Test
  void standsWhateverIsSent() throws Exception {
    Random random = new Random(SEED);
    try (WhipClient client = WhipClient.overUdp()) {
      RecordingPublication publication = connected("g", client);
      List<CardRtp.Sent> card = CARD.sent();
      for (int i = 0; i < 3_000; i++) {
        byte[] packet = card.get(random.nextInt(card.size())).datagram();
        switch (random.nextInt(4)) {
          case 0 ->
              client.send(Mutations.of(StunMessage.request(new byte[12], "x:y", "z"), random));
          case 1 -> client.send(Mutations.of(new byte[] {22, -2, -3, 0, 0, 0, 0}, random));
          case 2 -> client.send(Mutations.of(packet, random));
          default -> sendSealed(client, Mutations.of(packet, random), i);
        }
      }
      boolean isAnswered = false;
      for (int i = 0; i < 20 && !isAnswered; i++) {
        client.check(client.theirs().password());
        isAnswered = client.isAnswered();
      }
      assertTrue(isAnswered, "seed " + SEED + ", " + publication.closings());
    }
    try (WhipClient next = WhipClient.overTcp()) {
      RecordingPublication publication = connected("h", next);
      CARD.sent().forEach(packet -> next.sendMedia(packet.datagram()));
      next.leave();
      holds("the end", () -> !publication.closings().isEmpty());
      assertSameAsSent(publication, "after all that");
    }
  }

  /** Each under a number of its own: no key may protect two packets of one number. */
  private static void sendSealed(WhipClient client, byte[] packet, int sequence) {
    boolean isRtp = SrtpReceiver.headerBytes(packet, packet.length) != SrtpCipher.REFUSED;
    if (isRtp) {
      ByteBuffer.wrap(packet).putShort(2, (short) sequence);
      client.sendMedia(packet);
    }
  }

  @Test
  void refusesOffersThatAreNone() {
    Random random = new Random(SEED);
    byte[] offer;
    try (WhipClient client = WhipClient.overUdp()) {
      offer = client.offer(parameterSets());
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
    for (int i = 0; i < 5_000; i++) {
      try {
        WhipOffer.parse(Mutations.of(offer, random)).accepted();
      } catch (HalcyonException refused) {
        assertTrue(refused.code().httpStatus() < 500, refused::toString);
      }
    }
  }

  @Test
  void letsOneAddressHaveAFewSessions() throws Exception {
    try (WhipClient client = WhipClient.overUdp()) {
      byte[] offer = client.offer(parameterSets());
      String address = "198.51.100.1";
      WhipDesk.Answer first = publish("i", address, offer);
      for (int i = 0; i < 2; i++) {
        assertEquals(
            ErrorCode.PUBLISHER_EXISTS, refusal(() -> publish("i", address, offer)).code());
      }
      whip.end(first.sessionId()).await(20, TimeUnit.SECONDS);
      assertEquals(ErrorCode.UNKNOWN_STREAM_KEY, refusal(() -> publish("z", offer)).code());
      WhipDesk.Answer second = publish("i", address, offer);
      assertFalse(second.sessionId().equals(first.sessionId()));
      whip.end(second.sessionId()).await(20, TimeUnit.SECONDS);
    }
  }

  /** What is asked for by {@link #refusal}. */
  private interface Asked {
    void run() throws Exception;
  }

  private static HalcyonException refusal(Asked asked) {
    Exception failure = assertThrows(Exception.class, asked::run);
    Throwable cause = failure instanceof ExecutionException ? failure.getCause() : failure;
    return (HalcyonException) cause;
  }
}

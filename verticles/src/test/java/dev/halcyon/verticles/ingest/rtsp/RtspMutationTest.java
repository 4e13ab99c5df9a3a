package dev.halcyon.verticles.ingest.rtsp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.Mutations;
import dev.halcyon.verticles.ingest.RecordingPublication;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Connections with bytes changed, lost and doubled: whatever comes, the answer is a stated error or
 * none, memory comes back, and a publication ends once.
 */
class RtspMutationTest {
  private static final long SEED = 20_261_121L;

  @Test
  void survivesMutationsOfASession() {
    byte[] session = session();
    Random random = new Random(SEED);
    for (int round = 0; round < 5_000; round++) {
      byte[] changed = Mutations.of(session, random);
      try {
        connection(changed, 1 + random.nextInt(3_000));
      } catch (RuntimeException | Error failure) {
        throw new AssertionError("seed " + SEED + " round " + round, failure);
      }
    }
  }

  @Test
  void survivesGarbage() {
    Random random = new Random(SEED);
    for (int round = 0; round < 2_000; round++) {
      byte[] garbage = new byte[random.nextInt(8_192)];
      random.nextBytes(garbage);
      if (garbage.length > 0 && random.nextBoolean()) {
        garbage[0] = '$';
      }
      try {
        connection(garbage, 1 + random.nextInt(3_000));
      } catch (RuntimeException | Error failure) {
        throw new AssertionError("seed " + SEED + " round " + round, failure);
      }
    }
  }

  /** A fuzz target: the bytes of one connection, in pieces of this size. */
  static void connection(byte[] bytes, int pieceBytes) {
    SessionRun run = new SessionRun();
    try (run) {
      ByteBuffer input = ByteBuffer.wrap(bytes);
      while (input.hasRemaining()) {
        int length = Math.min(input.remaining(), pieceBytes);
        run.feed(input.slice(input.position(), length));
        input.position(input.position() + length);
      }
    } catch (HalcyonException stated) {
      assertTrue(!stated.getMessage().isEmpty());
    }
    run.close();
    for (RecordingPublication publication : run.gate.publications()) {
      assertTrue(publication.closings().size() == 1);
    }
  }

  /** From OPTIONS to media. The session's id is what the seeded generator gives. */
  private static byte[] session() {
    String id;
    try (SessionRun probe = new SessionRun()) {
      id = probe.untilReady();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    request(out, "OPTIONS " + SessionRun.BASE, "");
    request(
        out,
        "ANNOUNCE " + SessionRun.BASE,
        SessionRun.DESCRIPTION,
        "Content-Type: application/sdp");
    request(
        out,
        "SETUP " + SessionRun.BASE + "/streamid=0",
        "",
        "Transport: RTP/AVP/TCP;unicast;interleaved=0-1;mode=record");
    request(
        out,
        "SETUP " + SessionRun.BASE + "/streamid=1",
        "",
        "Transport: RTP/AVP/TCP;unicast;interleaved=2-3;mode=record",
        "Session: " + id);
    request(out, "RECORD " + SessionRun.BASE, "", "Session: " + id, "Range: npt=0.000-");
    for (int i = 0; i < 20; i++) {
      byte[] packet = new byte[40];
      packet[0] = (byte) 0x80;
      packet[1] = (byte) (0x80 | 97);
      packet[3] = (byte) i;
      packet[13] = 16;
      packet[15] = (byte) (24 << 3);
      out.write('$');
      out.write(2);
      out.write(0);
      out.write(packet.length);
      out.writeBytes(packet);
    }
    request(out, "TEARDOWN " + SessionRun.BASE, "", "Session: " + id);
    return out.toByteArray();
  }

  private static void request(
      ByteArrayOutputStream out, String line, String body, String... headers) {
    StringBuilder text = new StringBuilder(line).append(" RTSP/1.0\r\nCSeq: 1\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    if (!body.isEmpty()) {
      text.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    out.writeBytes(text.append("\r\n").append(body).toString().getBytes(StandardCharsets.US_ASCII));
  }
}

package dev.halcyon.verticles.ingest.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.RecordingPublication;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sessions with bytes changed, lost and doubled: whatever comes, the answer is a stated error or
 * none, memory stays within its bound and is given back, and a publication ends once.
 */
class RtmpMutationTest {
  private static final long SEED = 20_261_120L;

  @TempDir Path folder;

  @Test
  void survivesGarbage() {
    Random random = new Random(SEED);
    for (int round = 0; round < 2_000; round++) {
      byte[] garbage = new byte[random.nextInt(4_096)];
      random.nextBytes(garbage);
      ClientBytes prefix = new ClientBytes();
      switch (round % 4) {
        case 0 -> {}
        case 1 -> prefix.handshake();
        case 2 -> prefix.handshake().connect("live");
        default -> prefix.untilPublishing("key").configurations();
      }
      play(prefix.raw(garbage).toArray(), random, round);
    }
  }

  @Test
  void survivesMutationsOfAHandWrittenSession() {
    ClientBytes bytes = new ClientBytes().untilPublishing("key").configurations();
    byte[] picture = ClientBytes.nalUnits(ClientBytes.pattern(5_000, 1));
    for (int i = 0; i < 20; i++) {
      bytes.video(0xFF_FFF0 + 40 * i, ClientBytes.videoTag(i % 5 == 0 ? 1 : 2, 1, 80, picture));
      bytes.audio(0xFF_FFF0 + 40 * i, ClientBytes.audioTag(1, ClientBytes.pattern(300, i)));
    }
    mutate(bytes.toArray(), 3_000);
  }

  /** Every kind of tag that newer and older encoders send. */
  @Test
  void survivesMutationsOfAnEnhancedSession() {
    ClientBytes bytes =
        new ClientBytes()
            .handshake()
            .message(3, 0, MessageType.COMMAND_AMF3, 0, EnhancedRtmpTest.amf3Connect())
            .publish("key")
            .announceChunkSize(4_096);
    for (int i = 0; i < 4; i++) {
      for (byte[] tag : EnhancedRtmpTest.videoTags()) {
        bytes.video(40 * i, tag);
      }
      for (byte[] tag : EnhancedRtmpTest.audioTags()) {
        bytes.audio(40 * i, tag);
      }
    }
    mutate(bytes.toArray(), 4_000);
  }

  @Test
  void survivesMutationsOfARealSession() throws Exception {
    ForeignTool.require("ffmpeg", "-version");
    byte[] recorded = record();
    assertTrue(recorded.length > 20_000, () -> "recorded " + recorded.length);
    mutate(recorded, 1_500);
  }

  private static void mutate(byte[] session, int rounds) {
    Random random = new Random(SEED);
    for (int round = 0; round < rounds; round++) {
      byte[] mutated = session.clone();
      // Half of the changes fall on the commands, where most of the parsing is.
      int reach = round % 2 == 0 ? session.length : Math.min(session.length, 6_000);
      for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
        mutated = changed(mutated, reach, random);
      }
      play(mutated, random, round);
    }
  }

  private static byte[] changed(byte[] bytes, int reach, Random random) {
    int at = random.nextInt(Math.min(reach, bytes.length));
    int length = Math.min(random.nextInt(64), bytes.length - at);
    byte[] head = Arrays.copyOf(bytes, at);
    byte[] piece = Arrays.copyOfRange(bytes, at, at + length);
    byte[] tail = Arrays.copyOfRange(bytes, at + length, bytes.length);
    return switch (random.nextInt(5)) {
      case 0 -> ClientBytes.concat(head, tail, new byte[1]);
      case 1 -> ClientBytes.concat(head, piece, piece, tail);
      case 2 -> {
        random.nextBytes(piece);
        yield ClientBytes.concat(head, piece, tail);
      }
      case 3 -> {
        Arrays.fill(piece, (byte) -random.nextInt(2));
        yield ClientBytes.concat(head, piece, tail);
      }
      default -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        yield bytes;
      }
    };
  }

  /** Feeds in pieces of random length. */
  private static void play(byte[] bytes, Random random, int round) {
    SessionRun run = new SessionRun();
    try (run) {
      ByteBuffer input = ByteBuffer.wrap(bytes);
      while (input.hasRemaining() && !run.session.isWaiting()) {
        int length = Math.min(input.remaining(), 1 + random.nextInt(20_000));
        int before = input.position();
        ByteBuffer piece = input.slice(before, length);
        run.session.feed(piece);
        if (piece.hasRemaining()) {
          break; // The session has ended.
        }
        input.position(before + length);
        assertTrue(run.heldBytes.get() <= SessionRun.LIMITS.maxBufferBytes());
      }
    } catch (HalcyonException stated) {
      assertTrue(!stated.getMessage().isEmpty());
    } catch (RuntimeException | Error other) {
      throw new AssertionError("seed " + SEED + " round " + round, other);
    }
    assertEquals(0, run.heldBytes.get());
    for (RecordingPublication publication : run.publications) {
      assertEquals(1, publication.closings().size());
    }
  }

  /** What ffmpeg sends in one short publication. */
  private byte[] record() throws IOException, InterruptedException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ForeignTool publisher =
            ForeignTool.start(
                folder,
                "ffmpeg",
                "-hide_banner",
                "-nostdin",
                "-loglevel",
                "error",
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=320x180:rate=25:duration=2",
                "-f",
                "lavfi",
                "-i",
                "sine=duration=2",
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-bf",
                "2",
                "-g",
                "10",
                "-c:a",
                "aac",
                "-f",
                "flv",
                "rtmp://127.0.0.1:" + listener.getLocalPort() + "/live/key")) {
      listener.setSoTimeout(30_000);
      ByteArrayOutputStream recorded = new ByteArrayOutputStream();
      try (Socket socket = listener.accept();
          SessionRun run = new SessionRun()) {
        socket.setSoTimeout(30_000);
        int sent = 0;
        byte[] piece = new byte[8_192];
        for (int n; (n = read(socket, piece)) > 0; ) {
          recorded.write(piece, 0, n);
          run.session.feed(ByteBuffer.wrap(piece, 0, n));
          byte[] answers = run.sent();
          socket.getOutputStream().write(answers, sent, answers.length - sent);
          sent = answers.length;
        }
        assertTrue(run.publication().packets().size() > 50);
      }
      assertEquals(0, publisher.exitStatus(), publisher::output);
      return recorded.toByteArray();
    }
  }

  /** Zero or less at the end; a reset is one: ffmpeg leaves without reading our last answers. */
  private static int read(Socket socket, byte[] piece) throws IOException {
    try {
      return socket.getInputStream().read(piece);
    } catch (SocketException reset) {
      return 0;
    }
  }
}

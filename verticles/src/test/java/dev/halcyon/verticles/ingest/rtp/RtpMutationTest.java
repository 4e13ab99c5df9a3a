package dev.halcyon.verticles.ingest.rtp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.MediaKind;
import dev.halcyon.verticles.ingest.Mutations;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real streams with bytes changed, lost and doubled, and garbage, for every payload format. */
class RtpMutationTest {
  private static final long SEED = 20_261_121L;

  /** One second of a card as a fuzz target takes it; payload headers are hit as often as data. */
  private static byte[] recorded(CardRtp card, int medium) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, 1, card.sender(medium).senderReport(0, 3_900_000_000_000_000L));
    for (CardRtp.Sent one : card.sent) {
      if (one.medium() == medium) {
        write(out, 2 * 5, one.datagram());
      }
    }
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, int control, byte[] datagram) {
    out.write(control);
    out.write(datagram.length >> 8);
    out.write(datagram.length);
    out.writeBytes(datagram);
  }

  @ParameterizedTest
  @EnumSource(
      value = Codec.class,
      names = {"H264", "HEVC", "VP8", "VP9", "AAC", "OPUS"})
  void survivesMutationsOfRealStreams(Codec codec) {
    TestCard.Builder shape = TestCard.builder().size(160, 120).gop(10);
    TestCard card =
        codec.isVideo()
            ? shape.video(codec).noAudio().build()
            : shape.audio(codec).noVideo().build();
    CardRtp rtp = new CardRtp(card, 1_000_000);
    byte[] stream = recorded(rtp, 0);
    Random random = new Random(SEED);
    for (int round = 0; round < 400; round++) {
      byte[] changed = heads(stream, random);
      try {
        FuzzTargets.track(rtp.media().getFirst(), Mutations.of(changed, random));
      } catch (RuntimeException | Error failure) {
        throw new AssertionError("seed " + SEED + " round " + round, failure);
      }
    }
  }

  /** Changes a byte within the first of some datagrams, where headers are. */
  private static byte[] heads(byte[] stream, Random random) {
    byte[] changed = stream.clone();
    ByteBuffer in = ByteBuffer.wrap(changed);
    while (in.remaining() >= 3) {
      in.get();
      int length = in.getShort() & 0xffff;
      if (random.nextInt(10) == 0 && length > 0) {
        int at = in.position() + random.nextInt(Math.min(length, 24));
        changed[at] = (byte) random.nextInt();
      }
      in.position(in.position() + length);
    }
    return changed;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "H264",
        "H265",
        "VP8",
        "VP9",
        "AV1",
        "MPEG4-GENERIC",
        "MP4A-LATM",
        "OPUS",
        "MPA",
        "PCMU",
        "PCMA",
        "L16"
      })
  void survivesGarbage(String encoding) {
    Random random = new Random(SEED);
    boolean isVideo = List.of("H264", "H265", "VP8", "VP9", "AV1").contains(encoding);
    RtpFormat format =
        new RtpFormat(96, encoding, isVideo ? 90_000 : 48_000, 2, parameters(encoding));
    var medium = new MediaReceiver.Medium(isVideo ? MediaKind.VIDEO : MediaKind.AUDIO, format);
    for (int round = 0; round < 300; round++) {
      RtpSender sender = new RtpSender(96, format.clockHz(), 1, random.nextInt(), 0);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int i = 0; i < 40; i++) {
        byte[] payload = new byte[random.nextInt(random.nextInt(1_400) + 1)];
        random.nextBytes(payload);
        if (payload.length > 0 && random.nextBoolean()) {
          payload[0] = (byte) (random.nextBoolean() ? 0x7c : 0x62); // Fragments.
        }
        int stamp = 3_000 * (i / 3);
        write(out, random.nextInt(64) << 1, sender.packet(stamp, random.nextBoolean(), payload));
      }
      try {
        FuzzTargets.track(medium, out.toByteArray());
      } catch (RuntimeException | Error failure) {
        throw new AssertionError("seed " + SEED + " round " + round, failure);
      }
    }
  }

  private static Map<String, String> parameters(String encoding) {
    return switch (encoding) {
      case "MPEG4-GENERIC" ->
          Map.of(
              "config", "1190",
              "sizelength", "13",
              "indexlength", "3",
              "indexdeltalength", "3",
              "ctsdeltalength", "5",
              "auxiliarydatasizelength", "7");
      case "MP4A-LATM" -> Map.of("cpresent", "1");
      default -> Map.of();
    };
  }

  @Test
  void survivesMutationsOfDescriptions() {
    byte[] description = SdpTest.CAMERA.getBytes(StandardCharsets.UTF_8);
    Random random = new Random(SEED);
    for (int round = 0; round < 20_000; round++) {
      try {
        FuzzTargets.description(Mutations.of(description, random));
      } catch (RuntimeException | Error failure) {
        throw new AssertionError("seed " + SEED + " round " + round, failure);
      }
    }
  }

  /** A picture that never ends is given up before it fills the memory. */
  @Test
  void boundsAPictureThatNeverEnds() {
    RtpSender sender = new RtpSender(96, 90_000, 1, 0, 0);
    RtpFormat format = new RtpFormat(96, "H264", 90_000, 1, Map.of());
    List<MediaReceiver.Medium> media = new ArrayList<>();
    media.add(new MediaReceiver.Medium(MediaKind.VIDEO, format));
    try (ReceiverRun run = new ReceiverRun(media)) {
      byte[] first = new byte[1_400];
      first[0] = 0x7c;
      first[1] = (byte) 0x85;
      byte[] more = first.clone();
      more[1] = 5;
      run.send(0, sender.packet(0, false, first));
      for (int i = 0; i < 10_000; i++) {
        run.send(0, sender.packet(0, false, more));
        assertTrue(run.heldBytes.get() <= ReceiverRun.MAX_BUFFER_BYTES);
      }
      assertTrue(run.receiver.counts().malformedPackets() > 0);
    }
  }
}

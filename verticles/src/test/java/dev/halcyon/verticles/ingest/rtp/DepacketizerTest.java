package dev.halcyon.verticles.ingest.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.MediaKind;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Test cards cut into packets by hand come out as they were, bit for bit and in time. */
class DepacketizerTest {
  /** A tick of 90 kHz, and half of one at 48 kHz. */
  private static final long TICK_US = 23;

  private static final long LENGTH_US = 3_000_000;

  private static TestCard.Builder card() {
    return TestCard.builder().size(320, 180).gop(15);
  }

  private static List<MediaReceiver.Medium> withoutParameters(List<MediaReceiver.Medium> media) {
    return media.stream()
        .map(
            medium -> {
              RtpFormat told = medium.format();
              boolean isVideo = medium.kind() == MediaKind.VIDEO;
              return new MediaReceiver.Medium(
                  medium.kind(),
                  new RtpFormat(
                      told.payloadType(),
                      told.encoding(),
                      told.clockHz(),
                      told.channels(),
                      isVideo ? Map.of() : told.parameters()));
            })
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void keepsH264WithAnyNumberOfBFrames(int bFrames) {
    CardRtp card = new CardRtp(card().bFrames(bFrames).build(), LENGTH_US);
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      run.send(card.sent);
      assertEquals(card.tracks(), run.publication.tracks());
      run.assertArrived(0, card.units(0), TICK_US);
      run.assertArrived(1, card.units(1), TICK_US);
      assertEquals(0, run.receiver.counts().lostPackets());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Codec.class,
      names = {"HEVC", "VP8", "VP9", "AV1"})
  void keepsOtherVideo(Codec codec) {
    CardRtp card = new CardRtp(card().video(codec).bFrames(bFrames(codec)).build(), LENGTH_US);
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      run.send(card.sent);
      run.assertArrived(0, card.units(0), codec == Codec.HEVC ? 15_000 : TICK_US);
      VideoFormat format = (VideoFormat) run.publication.tracks().getFirst().format();
      assertEquals(codec, format.codec());
      assertEquals(320, format.widthPx());
      assertEquals(180, format.heightPx());
      if (codec == Codec.HEVC) {
        assertEquals(card.tracks().getFirst().format().config(), format.config());
      }
    }
  }

  private static int bFrames(Codec codec) {
    return codec == Codec.HEVC ? 2 : 0;
  }

  @ParameterizedTest
  @EnumSource(
      value = Codec.class,
      names = {"H264", "HEVC"})
  void learnsParameterSetsInBandAndTakesThemOut(Codec codec) {
    TestCard shape = card().video(codec).bFrames(2).noAudio().build();
    CardRtp told = new CardRtp(shape, 1_000_000);
    Track track = told.tracks().getFirst();
    RtpSender sender = new RtpSender(96, 90_000, 5, 0, 0);
    try (ReceiverRun run = new ReceiverRun(withoutParameters(told.media()))) {
      for (CodedPacket unit : told.units) {
        List<byte[]> nals = new ArrayList<>();
        nals.add(codec == Codec.H264 ? new byte[] {9, (byte) 0xf0} : new byte[] {70, 1, 0x50});
        if (unit.isKeyframe()) {
          nals.addAll(
              codec == Codec.H264
                  ? CardRtp.parameterSets(track.format().config())
                  : CardRtp.hevcSets(track.format().config()));
        }
        nals.addAll(Payloads.nals(unit.payload()));
        List<byte[]> payloads = codec == Codec.H264 ? Payloads.h264(nals) : Payloads.h265(nals);
        sender.send(unit.ptsUs(), payloads).forEach(datagram -> run.send(0, datagram));
      }
      run.assertArrived(0, told.units, codec == Codec.HEVC ? 15_000 : TICK_US);
      assertEquals(List.of(track), run.publication.tracks());
    }
  }

  /** As senders probe for bandwidth: under the stamp of the picture before. */
  @Test
  void passesOverPacketsThatAreNothingButPadding() {
    CardRtp card = new CardRtp(card().noAudio().build(), 1_000_000);
    byte[] padding = new byte[200];
    padding[padding.length - 1] = (byte) padding.length;
    RtpSender sender = new RtpSender(96, 90_000, 5, 65_000, 0);
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      for (CodedPacket unit : card.units) {
        List<byte[]> payloads = Payloads.h264(Payloads.nals(unit.payload()));
        sender.send(unit.ptsUs(), payloads).forEach(datagram -> run.send(0, datagram));
        for (int i = 0; i < 3; i++) {
          byte[] probe = sender.packet(sender.stamp(unit.ptsUs()), i == 1, padding);
          probe[0] |= 0x20;
          run.send(0, probe);
        }
      }
      run.assertArrived(0, card.units, TICK_US);
      assertEquals(List.of(), run.keyframeWishes);
    }
  }

  @Test
  void putsPicturesTogetherWithoutMarkers() {
    CardRtp card = new CardRtp(card().noAudio().build(), 1_000_000);
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      for (CardRtp.Sent one : card.sent) {
        one.datagram()[1] &= 0x7f;
      }
      run.send(card.sent);
      run.assertArrived(0, card.units.subList(0, card.units.size() - 1), TICK_US);
    }
  }

  /** From the second picture on: what was handed over before cannot be taken back. */
  @Test
  void putsPicturesTogetherWhenEverySliceHasAMarker() {
    CardRtp card = new CardRtp(card().noAudio().size(1280, 720).build(), 1_500_000);
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      for (CardRtp.Sent one : card.sent) {
        one.datagram()[1] |= (byte) 0x80;
      }
      run.send(card.sent);
      List<CodedPacket> units = card.units(0);
      int secondKeyframe = 15;
      for (int i = secondKeyframe; i < units.size() - 1; i++) {
        Bytes payload = units.get(i).payload();
        assertTrue(
            run.publication.packets(0).stream().anyMatch(p -> p.payload().equals(payload)),
            "picture " + i);
      }
    }
  }

  @Test
  void followsAChangeOfPictureSize() {
    TestCard shape = card().noAudio().sizeChange(30, 480, 270).build();
    CardRtp card = new CardRtp(shape, 2_000_000);
    RtpSender sender = new RtpSender(96, 90_000, 5, 0, 0);
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      Track last = card.tracks().getFirst();
      for (CodedPacket unit : card.units) {
        List<byte[]> nals = new ArrayList<>();
        if (!unit.track().equals(last)) {
          last = unit.track();
          nals.addAll(CardRtp.parameterSets(last.format().config()));
        }
        nals.addAll(Payloads.nals(unit.payload()));
        sender.send(unit.ptsUs(), Payloads.h264(nals)).forEach(datagram -> run.send(0, datagram));
      }
      assertEquals(List.of(card.tracks().getFirst(), last), run.publication.tracks());
      assertEquals(card.units.size(), run.publication.packets(0).size());
    }
  }

  @Test
  void takesSeveralAacUnitsOutOfOnePacketAndPutsFragmentsTogether() {
    CardRtp card = new CardRtp(card().noVideo().build(), 1_000_000);
    RtpSender sender = new RtpSender(96, 48_000, 5, 0, 0);
    List<CodedPacket> units = card.units;
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      for (int i = 0; i + 3 < units.size(); i += 4) {
        List<byte[]> three =
            units.subList(i, i + 3).stream().map(unit -> unit.payload().toArray()).toList();
        long atUs = units.get(i).ptsUs();
        sender.send(atUs, List.of(Payloads.aac(three))).forEach(d -> run.send(0, d));
        byte[] whole = units.get(i + 3).payload().toArray();
        byte[] header = {0, 16, (byte) (whole.length >> 5), (byte) (whole.length << 3)};
        int half = whole.length / 2;
        sender
            .send(
                units.get(i + 3).ptsUs(),
                List.of(
                    Payloads.concat(header, Arrays.copyOf(whole, half)),
                    Payloads.concat(header, Arrays.copyOfRange(whole, half, whole.length))))
            .forEach(d -> run.send(0, d));
      }
      run.assertArrived(0, units.subList(0, units.size() / 4 * 4), TICK_US);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesAacOutOfLatm(boolean isConfigInBand) {
    CardRtp card = new CardRtp(card().noVideo().build(), 1_000_000);
    // Version 0, same framing, one sub-frame, programme and layer; AAC LC, 48 kHz, stereo; no more.
    String mux = "400023203fc0";
    RtpFormat format =
        new RtpFormat(
            96,
            "MP4A-LATM",
            48_000,
            2,
            isConfigInBand ? Map.of() : Map.of("cpresent", "0", "config", mux));
    RtpSender sender = new RtpSender(96, 48_000, 5, 0, 0);
    try (ReceiverRun run =
        new ReceiverRun(List.of(new MediaReceiver.Medium(MediaKind.AUDIO, format)))) {
      for (CodedPacket unit : card.units) {
        byte[] element = latm(unit.payload().toArray(), isConfigInBand ? mux : "");
        int half = element.length / 2;
        sender
            .send(
                unit.ptsUs(),
                List.of(
                    Arrays.copyOf(element, half),
                    Arrays.copyOfRange(element, half, element.length)))
            .forEach(datagram -> run.send(0, datagram));
      }
      run.assertArrived(0, card.units, TICK_US);
      assertEquals(
          Bytes.copyOf(HexFormat.of().parseHex("1190")),
          run.publication.tracks().getFirst().format().config());
    }
  }

  /** An AudioMuxElement; with a configuration, which is 44 bits long, it begins off a byte. */
  private static byte[] latm(byte[] unit, String mux) {
    StringBuilder bits = new StringBuilder();
    if (!mux.isEmpty()) {
      bits.append('0').append(bits(HexFormat.of().parseHex(mux)), 0, 44);
    }
    for (int left = unit.length; left >= 0; left -= 255) {
      bits.append(bits(new byte[] {(byte) Math.min(left, 255)}));
    }
    bits.append(bits(unit));
    while (bits.length() % 8 != 0) {
      bits.append('0');
    }
    byte[] bytes = new byte[bits.length() / 8];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(bits.substring(8 * i, 8 * i + 8), 2);
    }
    return bytes;
  }

  private static String bits(byte[] bytes) {
    StringBuilder bits = new StringBuilder();
    for (byte value : bytes) {
      bits.append(Integer.toBinaryString(0x100 | (value & 0xff)), 1, 9);
    }
    return bits.toString();
  }

  @Test
  void keepsOpus() {
    CardRtp card = new CardRtp(card().noVideo().audio(Codec.OPUS).build(), 1_000_000);
    try (ReceiverRun run = new ReceiverRun(card.media())) {
      run.send(card.sent);
      run.assertArrived(0, card.units(0), TICK_US);
      assertEquals(Codec.OPUS, run.publication.tracks().getFirst().format().codec());
    }
  }
}

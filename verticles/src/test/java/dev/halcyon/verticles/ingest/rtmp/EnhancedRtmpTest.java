package dev.halcyon.verticles.ingest.rtmp;

import static dev.halcyon.verticles.ingest.rtmp.ClientBytes.ascii;
import static dev.halcyon.verticles.ingest.rtmp.ClientBytes.concat;
import static dev.halcyon.verticles.ingest.rtmp.ClientBytes.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Codec;
import dev.halcyon.verticles.ingest.RecordingPublication.Packet;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients newer and older than FLV's own codecs send. */
class EnhancedRtmpTest {
  private static final byte[] UNIT = ClientBytes.nalUnits(hex("65 88"));

  /** 5.1 channels at 48 kHz and 384 kb/s (ATSC A/52, 5.3). */
  private static final byte[] AC3_FRAME = hex("0b77 0000 1c 40 eb 00 0000");

  /** 44.1 kHz, two channels (RFC 9639, 8.2). */
  private static final byte[] STREAM_INFO =
      hex("1000 1000 000000 000000 0ac442f0 00000000" + "00".repeat(16));

  /** 320 x 180, from x265. */
  private static final byte[] HEVC_CONFIG =
      hex(
          "0101600000009000000000003cf000fcfdf8f800000f03a00001001840010c01"
              + "ffff01600000030090000003000003003c959809a10001002b42010101600000"
              + "030090000003000003003ca00a080b9f796566924caf01680800000300080000"
              + "0300f040a2000100074401c172b46240");

  /** 320 x 180, from libaom. */
  private static final byte[] AV1_SEQUENCE = hex("0a0b 00000004 3cfeccdaf90040");

  private final SessionRun run = new SessionRun();

  @AfterEach
  void nothingIsHeld() {
    run.close();
    assertEquals(0, run.heldBytes.get());
  }

  private SessionRun publishing() {
    return run.feed(new ClientBytes().untilPublishing("key"));
  }

  private static ClientBytes bytes() {
    return new ClientBytes().chunkSize(4_096);
  }

  private static byte[] video(int frameType, int packetType, String fourCc, byte[] body) {
    byte[] first = {(byte) (0x80 | frameType << 4 | packetType)};
    return concat(first, ascii(fourCc), body);
  }

  private static byte[] audio(int packetType, String fourCc, byte[] body) {
    return concat(new byte[] {(byte) (0x90 | packetType)}, ascii(fourCc), body);
  }

  private static byte[] track(int index, byte[] body) {
    byte[] length = {(byte) (body.length >> 16), (byte) (body.length >> 8), (byte) body.length};
    return concat(new byte[] {(byte) index}, length, body);
  }

  @Test
  void keepsCompositionOffsetsOfEitherSign() {
    publishing()
        .feed(
            bytes()
                .video(0, video(1, 0, "avc1", ClientBytes.AVC_CONFIG))
                .video(40, video(1, 1, "avc1", concat(hex("000050"), UNIT)))
                .video(80, video(2, 1, "avc1", concat(hex("ffffec"), UNIT)))
                .video(120, video(2, 3, "avc1", UNIT)));
    assertEquals(
        List.of("true 120 40", "false 60 80", "false 120 120"),
        run.publication().packets().stream().map(EnhancedRtmpTest::times).toList());
    assertArrayEquals(UNIT, run.publication().packets().getLast().payload().toArray());
  }

  private static String times(Packet packet) {
    return packet.isKeyframe() + " " + packet.ptsUs() / 1_000 + " " + packet.dtsUs() / 1_000;
  }

  @ParameterizedTest
  @ValueSource(strings = {"97 03 00000000 01", "97 ff 0003 00000000 01", "97 00 00 17 00 00 01"})
  void passesOverModifiers(String modified) {
    byte[] tag = concat(hex(modified), ascii("avc1"), hex("000000"), UNIT);
    publishing().feed(bytes().video(0, video(1, 0, "avc1", ClientBytes.AVC_CONFIG)).video(5, tag));
    assertEquals(1, run.publication().packets().size());
  }

  @Test
  void keepsTheFirstOfManyTracksAndNamesTheOthers() {
    byte[] configurations =
        concat(
            hex("96 10"),
            ascii("avc1"),
            track(7, ClientBytes.AVC_CONFIG),
            track(1, ClientBytes.AVC_CONFIG));
    byte[] pictures =
        concat(
            hex("96 21"),
            ascii("avc1"),
            track(7, concat(hex("000000"), UNIT)),
            ascii("vvc1"),
            track(2, hex("00")));
    byte[] alone = concat(hex("96 03"), ascii("avc1"), hex("07"), UNIT);
    publishing().feed(bytes().video(0, configurations).video(10, pictures).video(20, alone));
    assertEquals(1, run.publication().tracks().size());
    assertEquals(2, run.publication().packets().size());
    assertEquals(
        List.of(
            "TRACK_REFUSED: only one video track is kept; track 1 (avc1) is not",
            "TRACK_REFUSED: only one video track is kept; track 2 (vvc1) is not"),
        run.publication().alerts());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "97",
        "97 05 00",
        "97 ff 00",
        "96",
        "96 10 61 76",
        "96 10 61766331 01 ff",
        "91 61"
      })
  void refusesTagsThatAreCutOff(String tag) {
    publishing();
    HalcyonException failure =
        assertThrows(HalcyonException.class, () -> run.feed(bytes().video(0, hex(tag))));
    assertEquals(ErrorCode.CORRUPT_MEDIA, failure.code());
  }

  @Test
  void takesEveryKindOfTag() {
    publishing();
    videoTags().forEach(tag -> run.feed(bytes().video(0, tag)));
    audioTags().forEach(tag -> run.feed(bytes().audio(0, tag)));
    assertEquals(
        List.of(
            Codec.H264,
            Codec.HEVC,
            Codec.AV1,
            Codec.VP9,
            Codec.VP8,
            Codec.H264,
            Codec.OPUS,
            Codec.FLAC,
            Codec.AC3,
            Codec.MP3,
            Codec.AAC,
            Codec.MP3),
        run.publication().tracks().stream().map(track -> track.format().codec()).toList());
    assertEquals(2, run.heard.size());
  }

  @Test
  void ignoresMetadataAndCommands() {
    publishing().feed(bytes().video(0, hex("d4 61766331 02")).video(0, hex("d0 00")));
    assertEquals(List.of(), run.publication().packets());
  }

  @Test
  void learnsAc3FromItsFrames() {
    publishing().feed(bytes().audio(9, audio(1, "ac-3", AC3_FRAME)));
    AudioFormat format = (AudioFormat) run.publication().tracks().getFirst().format();
    assertEquals(Codec.AC3, format.codec());
    assertEquals(48_000, format.sampleRateHz());
    assertEquals(6, format.channels());
    assertEquals("103dc0", format.config().toString());
    assertEquals(9_000, run.publication().packets().getFirst().ptsUs());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "664c6143 80000022", "80000022"})
  void learnsFlacWithOrWithoutItsSignature(String head) {
    byte[] config = concat(hex(head), STREAM_INFO);
    publishing()
        .feed(bytes().audio(0, audio(0, "fLaC", config)).audio(3, audio(1, "fLaC", hex("fff8"))));
    AudioFormat format = (AudioFormat) run.publication().tracks().getFirst().format();
    assertEquals(44_100, format.sampleRateHz());
    assertEquals(2, format.channels());
    assertArrayEquals(STREAM_INFO, format.config().toArray());
    assertEquals(1, run.publication().packets().size());
  }

  @Test
  void takesMp3UnderItsOldAndNewName() {
    byte[] frame = hex("fffb9064 00");
    publishing()
        .feed(bytes().audio(0, concat(hex("2f"), frame)).audio(26, audio(1, ".mp3", frame)));
    assertEquals(1, run.publication().tracks().size());
    assertEquals(Codec.MP3, run.publication().tracks().getFirst().format().codec());
    assertEquals(2, run.publication().packets().size());
  }

  @ParameterizedTest
  @CsvSource({
    "7c d5, 0.0002", // A-law
    "8c ff, 0", // µ-law
    "3a 0040, 0.5",
    "38 c0, 0.5"
  })
  void hasPlainSoundEncoded(String tag, float sample) {
    publishing().feed(bytes().audio(0, hex(tag)));
    assertEquals(sample, run.heard.getFirst()[0][0], 0.001);
    assertEquals(List.of(), run.publication().tracks(), "nothing is kept as it came");
  }

  @ParameterizedTest
  @CsvSource({
    "live?key=secret, any",
    "live/?a=b&key=secret, ''",
    "live, any?key=secret",
    "live, '?key=secret'",
    "live?key=other, x?key=secret",
    "live, secret?token=1"
  })
  void takesTheKeyFromTheNameOrAQuery(String app, String name) {
    run.feed(new ClientBytes().handshake().connect(app).publish(name));
    assertEquals(List.of("secret"), run.askedKeys);
  }

  @Test
  void tellsWhatItTakes() {
    publishing();
    AmfValue info = run.commands().getFirst().getLast();
    assertEquals(6, info.member("capsEx").numberOr(0));
    assertEquals(4, info.member("videoFourCcInfoMap").member("hvc1").numberOr(0));
    assertEquals(4, info.member("audioFourCcInfoMap").member("Opus").numberOr(0));
    assertEquals(AmfValue.Nothing.NULL, info.member("videoFourCcInfoMap").member("Opus"));
  }

  /** As Flash encoders with objectEncoding 3 do: AMF0 with AMF3 in it. */
  @Test
  void connectsByAmf3() {
    run.feed(
        new ClientBytes()
            .handshake()
            .message(3, 0, MessageType.COMMAND_AMF3, 0, amf3Connect())
            .publish("key"));
    assertEquals(List.of("key"), run.askedKeys);
  }

  /** {app: "live", objectEncoding: 3, same: [the string "live" again]}. */
  static byte[] amf3Connect() {
    byte[] object =
        hex(
            "11 0a 0b 01"
                + ("07 617070" + "06 09 6c697665")
                + ("1d 6f626a656374456e636f64696e67" + "04 03")
                + ("09 73616d65" + "09 03 01 06 02")
                + "01");
    return concat(
        hex("00"),
        new Amf0Writer().write(AmfValue.of("connect")).write(AmfValue.of(1)).toBytes(),
        object);
  }

  static List<byte[]> videoTags() {
    return List.of(
        video(1, 0, "avc1", ClientBytes.AVC_CONFIG),
        video(1, 1, "avc1", concat(hex("000050"), UNIT)),
        video(1, 0, "hvc1", HEVC_CONFIG),
        video(1, 1, "hvc1", concat(hex("ffffec"), UNIT)),
        video(1, 0, "av01", concat(hex("81000c00"), AV1_SEQUENCE)),
        video(1, 1, "av01", concat(hex("1200"), AV1_SEQUENCE, hex("3202 1000"))),
        video(1, 1, "vp09", hex("824983420013f00b360c38241c184a00")),
        video(1, 1, "vp08", hex("100000 9d012a 4001 b400 0000")),
        video(4, 4, "hvc1", hex("02")),
        concat(hex("97 03 00000000 01"), ascii("avc1"), hex("000000"), UNIT),
        concat(hex("96 10"), ascii("avc1"), track(0, ClientBytes.AVC_CONFIG), track(1, UNIT)),
        concat(hex("96 23"), ascii("avc1"), track(0, UNIT), ascii("hvc1"), track(2, UNIT)));
  }

  static List<byte[]> audioTags() {
    return List.of(
        audio(0, "Opus", concat(ascii("OpusHead"), hex("01 02 3801 80bb0000 0000 00"))),
        audio(1, "Opus", hex("fc 00 00")),
        audio(0, "fLaC", concat(hex("664c6143 80000022"), STREAM_INFO)),
        audio(1, "fLaC", hex("fff8c9")),
        audio(1, "ac-3", AC3_FRAME),
        audio(1, ".mp3", hex("fffb9064 00")),
        audio(0, "mp4a", ClientBytes.AAC_CONFIG),
        audio(1, "mp4a", hex("2100")),
        hex("2f fffb9064 00"),
        hex("3a 0040 0040"),
        hex("7c d5d5"),
        concat(hex("95 11"), ascii("Opus"), track(0, hex("fc00")), track(1, hex("fc00"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0a 0b 01 03 61 06 02",
        "0a 13",
        "0a 07 01",
        "09 7f 01",
        "0d 01",
        "06 09 61",
        "0a 01"
      })
  void refusesWhatIsNoAmf3(String value) {
    Amf3Reader reader = new Amf3Reader(ByteBuffer.wrap(hex(value)));
    HalcyonException failure = assertThrows(HalcyonException.class, reader::read);
    assertEquals(ErrorCode.PROTOCOL_VIOLATION, failure.code());
  }

  @Test
  void boundsTheDepthOfAmf3() {
    Amf3Reader reader = new Amf3Reader(ByteBuffer.wrap(hex("09 03 01".repeat(100))));
    assertThrows(HalcyonException.class, reader::read);
  }
}

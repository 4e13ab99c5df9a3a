package dev.halcyon.verticles.ingest.rtmp;

import static dev.halcyon.verticles.ingest.rtmp.ClientBytes.audioTag;
import static dev.halcyon.verticles.ingest.rtmp.ClientBytes.concat;
import static dev.halcyon.verticles.ingest.rtmp.ClientBytes.hex;
import static dev.halcyon.verticles.ingest.rtmp.ClientBytes.int32;
import static dev.halcyon.verticles.ingest.rtmp.ClientBytes.nalUnits;
import static dev.halcyon.verticles.ingest.rtmp.ClientBytes.pattern;
import static dev.halcyon.verticles.ingest.rtmp.ClientBytes.videoTag;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.RecordingPublication;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RtmpSessionTest {
  private static final byte[] PICTURE = nalUnits(pattern(40, 1), pattern(900, 2));
  private static final byte[] SOUND = pattern(300, 3);

  private final List<SessionRun> runs = new ArrayList<>();

  @AfterEach
  void givesItsMemoryBack() {
    for (SessionRun run : runs) {
      run.close();
      assertEquals(0, run.heldBytes.get());
    }
  }

  @Test
  void answersTheCommandsOfAPublisherInOrder() {
    SessionRun run = run().feed(new ClientBytes().untilPublishing("key?token=1"));
    assertEquals(List.of("key"), run.askedKeys);
    assertTrue(run.session.isPublishing());
    assertEquals(List.of("NetConnection.Connect.Success", "NetStream.Publish.Start"), run.codes());
    assertEquals(1, run.controls(MessageType.WINDOW_ACKNOWLEDGEMENT_SIZE).size());
    assertEquals(1, run.controls(MessageType.SET_PEER_BANDWIDTH).size());
    assertArrayEquals(
        hex("0000 00000001"), run.controls(MessageType.USER_CONTROL).getFirst(), "stream begin");
  }

  @Test
  void handsOverTracksAndPacketsWithTheirTimes() {
    SessionRun run =
        publishing()
            .feed(
                new ClientBytes()
                    .chunkSize(4_096)
                    .configurations()
                    .video(40, videoTag(1, 1, 80, PICTURE))
                    .audio(45, audioTag(1, SOUND))
                    .video(80, videoTag(2, 1, -40, PICTURE)));
    RecordingPublication received = run.publication();
    assertEquals(2, received.tracks().size());
    VideoFormat video = (VideoFormat) received.tracks().getFirst().format();
    assertEquals(1_920, video.widthPx());
    List<RecordingPublication.Packet> packets = received.packets();
    assertEquals(3, packets.size());
    assertEquals(40_000, packets.get(0).dtsUs());
    assertEquals(120_000, packets.get(0).ptsUs());
    assertTrue(packets.get(0).isKeyframe());
    assertArrayEquals(PICTURE, packets.get(0).payload().toArray());
    assertEquals(45_000, packets.get(1).dtsUs());
    assertEquals(45_000, packets.get(1).ptsUs());
    assertArrayEquals(SOUND, packets.get(1).payload().toArray());
    assertEquals(80_000, packets.get(2).dtsUs());
    assertEquals(40_000, packets.get(2).ptsUs());
    assertFalse(packets.get(2).isKeyframe());
  }

  @Test
  void announcesAConfigurationAgainOnlyWhenItChanges() {
    byte[] other = ClientBytes.avcConfig("6764001eacd940a02ff97011000003000100000300320f162d96", 4);
    SessionRun run =
        publishing()
            .feed(
                new ClientBytes()
                    .chunkSize(4_096)
                    .configurations()
                    .configurations()
                    .video(9, videoTag(1, 0, 0, other)));
    assertEquals(
        List.of(0, 1, 0), run.publication().tracks().stream().map(track -> track.index()).toList());
    VideoFormat last = (VideoFormat) run.publication().tracks().getLast().format();
    assertEquals(640, last.widthPx());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void givesNalUnitsLengthsOfFourBytes(int lengthBytes) {
    byte[] first = pattern(40, 1);
    byte[] second = pattern(200, 2);
    byte[] zero = new byte[lengthBytes - 1];
    byte[] tag = concat(zero, new byte[] {40}, first, zero, new byte[] {(byte) 200}, second);
    SessionRun run =
        publishing()
            .feed(
                new ClientBytes()
                    .chunkSize(4_096)
                    .video(
                        0, videoTag(1, 0, 0, ClientBytes.avcConfig(ClientBytes.SPS, lengthBytes)))
                    .video(0, videoTag(1, 1, 0, tag)));
    assertArrayEquals(
        nalUnits(first, second), run.publication().packets().getFirst().payload().toArray());
  }

  @Test
  void splitsAggregatesAndCountsTheirTimesFromTheFirst() {
    byte[] first = videoTag(1, 1, 0, PICTURE);
    byte[] second = audioTag(1, SOUND);
    byte[] body =
        concat(
            new byte[] {9},
            u24(first.length),
            u24(500),
            new byte[4],
            first,
            int32(0),
            new byte[] {8},
            u24(second.length),
            u24(523),
            new byte[4],
            second,
            int32(0));
    SessionRun run =
        publishing()
            .feed(
                new ClientBytes()
                    .chunkSize(4_096)
                    .configurations()
                    .message(7, 7_000, MessageType.AGGREGATE, 1, body));
    assertEquals(
        List.of(7_000_000L, 7_023_000L),
        run.publication().packets().stream().map(RecordingPublication.Packet::dtsUs).toList());
  }

  /** First, second and third stamp in ms; unwrapped second and third in ms. */
  @ParameterizedTest
  @CsvSource({
    "4294967290, 10, 5,            4294967306, 4294967301",
    "36000000,   36000040, 36000020, 36000040, 36000020",
    "5,          4294967290, 20,   -6, 20",
    "2147483640, 2147483660, 2147483700, 2147483660, 2147483700",
    "2147483640, 12,         4,          2147483660, 2147483652",
    "2147483640, 12,         2147483645, 2147483660, 2147483645"
  })
  void unwrapsTimestamps(long first, long second, long third, long secondMs, long thirdMs) {
    SessionRun run =
        publishing()
            .feed(
                new ClientBytes()
                    .chunkSize(4_096)
                    .configurations()
                    .audio((int) first, audioTag(1, SOUND))
                    .audio((int) second, audioTag(1, SOUND))
                    .audio((int) third, audioTag(1, SOUND)));
    assertEquals(
        List.of(first * 1_000, secondMs * 1_000, thirdMs * 1_000),
        run.publication().packets().stream().map(RecordingPublication.Packet::dtsUs).toList());
  }

  @Test
  void takesNoByteWhileTheGateThinks() {
    SessionRun run = new SessionRun(waiting -> {});
    runs.add(run);
    ByteBuffer input =
        new ClientBytes()
            .untilPublishing("key")
            .configurations()
            .audio(7, audioTag(1, SOUND))
            .toBuffer();
    run.session.feed(input);
    assertTrue(run.session.isWaiting());
    int waitingAt = input.position();
    run.session.feed(input);
    assertEquals(waitingAt, input.position());
    run.accept();
    run.session.feed(input);
    assertFalse(input.hasRemaining());
    assertEquals(1, run.publication().packets().size());
  }

  @ParameterizedTest
  @CsvSource({
    "UNKNOWN_STREAM_KEY, NetStream.Publish.Denied",
    "PUBLISHER_EXISTS, NetStream.Publish.BadName",
    "STREAM_PAUSED, NetStream.Publish.Denied",
    "INSUFFICIENT_STORAGE, NetStream.Failed",
    "OVERLOADED, NetStream.Failed"
  })
  void tellsWhyItRefuses(ErrorCode code, String status) {
    SessionRun run = SessionRun.refusing(new HalcyonException(code, "because"));
    runs.add(run);
    run.feed(new ClientBytes().handshake().connect("live").publish("key"));
    List<AmfValue> last = run.commands().getLast();
    assertEquals(AmfValue.of("onStatus"), last.getFirst());
    assertEquals("error", last.getLast().member("level").textOr(""));
    assertEquals(status, last.getLast().member("code").textOr(""));
    assertEquals("because", last.getLast().member("description").textOr(""));
    ByteBuffer more = new ClientBytes().configurations().toBuffer();
    run.session.feed(more);
    assertTrue(run.publications.isEmpty());
  }

  @Test
  void refusesAnotherApplication() {
    SessionRun run = run();
    assertEquals(ErrorCode.NOT_FOUND, failure(run, new ClientBytes().handshake().connect("vod")));
    assertEquals(List.of("NetConnection.Connect.InvalidApp"), run.codes());
    assertEquals(AmfValue.of("_error"), run.commands().getFirst().getFirst());
  }

  @ParameterizedTest
  @ValueSource(strings = {"live", "live/", "/live", "live?x=y"})
  void takesTheApplicationHoweverItIsWritten(String app) {
    SessionRun run = run().feed(new ClientBytes().handshake().connect(app));
    assertEquals(List.of("NetConnection.Connect.Success"), run.codes());
  }

  @Test
  void refusesAnEmptyKey() {
    SessionRun run = run();
    ClientBytes bytes = new ClientBytes().handshake().connect("live").publish("?x");
    assertEquals(ErrorCode.UNKNOWN_STREAM_KEY, failure(run, bytes));
    assertEquals("NetStream.Publish.Denied", run.codes().getLast());
  }

  @Test
  void takesAmf3CommandsInTheirAmf0Shell() {
    byte[] body = concat(new byte[] {0}, connectBody());
    SessionRun run =
        run().feed(new ClientBytes().handshake().message(3, 0, MessageType.COMMAND_AMF3, 0, body));
    assertEquals(List.of("NetConnection.Connect.Success"), run.codes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"FCUnpublish", "deleteStream", "closeStream"})
  void endsThePublicationAndAllowsAnother(String command) {
    SessionRun run = publishing();
    run.feed(
        new ClientBytes()
            .chunkSize(4_096)
            .configurations()
            .command(1, AmfValue.of(command), AmfValue.of(6), AmfValue.Nothing.NULL)
            .audio(9, audioTag(1, SOUND)));
    assertEquals(List.of(Publication.UNPUBLISHED), run.publication().closings());
    assertEquals("NetStream.Unpublish.Success", run.codes().getLast());
    run.feed(new ClientBytes().chunkSize(4_096).publish("key").configurations());
    assertEquals(2, run.publications.size());
    run.close();
    assertEquals(List.of("connection lost"), run.publication().closings());
    assertEquals(1, run.publications.getFirst().closings().size());
  }

  @Test
  void acknowledgesByThePeersWindow() {
    SessionRun run = publishing();
    ClientBytes bytes =
        new ClientBytes()
            .chunkSize(4_096)
            .message(2, 0, MessageType.WINDOW_ACKNOWLEDGEMENT_SIZE, 0, int32(5_000))
            .configurations();
    for (int i = 0; i < 20; i++) {
      run.feed(bytes);
      bytes = new ClientBytes().chunkSize(4_096).audio(i, audioTag(1, pattern(1_000, i)));
    }
    List<byte[]> acknowledgements = run.controls(MessageType.ACKNOWLEDGEMENT);
    assertTrue(acknowledgements.size() >= 3 && acknowledgements.size() <= 5);
    int last = ByteBuffer.wrap(acknowledgements.getLast()).getInt();
    assertTrue(last > 15_000 && last < 30_000);
  }

  @Test
  void answersPings() {
    byte[] ping = hex("0006 12345678");
    SessionRun run =
        run().feed(new ClientBytes().handshake().message(2, 0, MessageType.USER_CONTROL, 0, ping));
    assertArrayEquals(hex("0007 12345678"), run.controls(MessageType.USER_CONTROL).getFirst());
  }

  @Test
  void keepsMetadataAndIgnoresWhatIsOdd() {
    AmfValue values = new AmfValue.Members(Map.of("width", AmfValue.of(1_920)));
    Amf0Writer body = new Amf0Writer();
    body.write(AmfValue.of("@setDataFrame")).write(AmfValue.of("onMetaData")).write(values);
    SessionRun run =
        publishing()
            .feed(
                new ClientBytes()
                    .chunkSize(4_096)
                    .message(4, 0, MessageType.DATA, 1, body.toBytes())
                    .message(4, 0, MessageType.DATA, 1, hex("02000a6f6e4d6574614461746107"))
                    .message(4, 0, MessageType.DATA, 1, hex("0200"))
                    .configurations());
    assertEquals(List.of(values), run.metadata);
    assertEquals(2, run.publication().tracks().size());
  }

  @Test
  void ignoresFramesThatCarryNoPicture() {
    SessionRun run =
        publishing()
            .feed(
                new ClientBytes()
                    .chunkSize(4_096)
                    .configurations()
                    .video(0, hex("57 00")) // Command frame.
                    .video(0, hex("17 02 000000")) // End of sequence.
                    .video(0, hex("17 01 000000"))
                    .audio(0, hex("af 01"))
                    .video(0, new byte[0])
                    .audio(0, new byte[0]));
    assertTrue(run.publication().packets().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "9, 9076766331, codec vvc1",
    "9, 904f707573, codec Opus",
    "8, 9065632d33, codec ec-3",
    "9, 1c0000000001, HEVC",
    "9, 12ff, Sorenson",
    "8, 3200, PCM at this rate",
    "8, b200, Speex"
  })
  void namesTheCodecThatItDoesNotTake(int type, String tag, String name) {
    SessionRun run = publishing();
    ClientBytes bytes = new ClientBytes().chunkSize(4_096).message(5, 0, type, 1, hex(tag));
    HalcyonException failure = assertThrows(HalcyonException.class, () -> run.feed(bytes));
    assertEquals(ErrorCode.UNSUPPORTED_MEDIA, failure.code());
    AmfValue status = run.commands().getLast().getLast();
    assertEquals("NetStream.Failed", status.member("code").textOr(""));
    assertTrue(status.member("description").textOr("").contains(name));
  }

  @Test
  void refusesMediaThatIsNeverConfigured() {
    SessionRun run = publishing();
    ClientBytes bytes = new ClientBytes().chunkSize(4_096);
    for (int i = 0; i < 300; i++) {
      bytes.audio(i, audioTag(1, SOUND));
    }
    assertEquals(ErrorCode.CORRUPT_MEDIA, failure(run, bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000005 01020304", "000003", "ffffffff 00", "00000001 09 00"})
  void refusesAccessUnitsWhoseLengthsDoNotAddUp(String data) {
    SessionRun run = publishing().feed(new ClientBytes().chunkSize(4_096).configurations());
    ClientBytes bytes = new ClientBytes().chunkSize(4_096).video(0, videoTag(1, 1, 0, hex(data)));
    assertEquals(ErrorCode.CORRUPT_MEDIA, failure(run, bytes));
  }

  @Test
  void refusesWhatBreaksTheProtocol() {
    assertViolation(new ClientBytes().raw((byte) 6));
    assertViolation(new ClientBytes().raw((byte) 'G'));
    assertViolation(connected().configurations());
    assertViolation(connected().connect("live"));
    assertViolation(new ClientBytes().handshake().publish("key"));
    assertViolation(connected().announceChunkSize(0));
    assertViolation(connected().announceChunkSize(-5));
    assertViolation(connected().message(2, 0, MessageType.SET_CHUNK_SIZE, 0, new byte[3]));
    assertViolation(connected().message(2, 0, MessageType.USER_CONTROL, 0, new byte[1]));
    assertViolation(connected().message(2, 0, 99, 0, new byte[4]));
    assertViolation(connected().message(3, 0, MessageType.COMMAND, 0, hex("0200")));
    assertViolation(new ClientBytes().untilPublishing("k").message(7, 0, 22, 1, hex("09 ff")));
    assertViolation(
        new ClientBytes()
            .untilPublishing("k")
            .message(7, 0, 22, 1, hex("14000000000000000000 00")));
  }

  @Test
  void takesLittleBeforeAPublisherIsKnown() {
    assertViolation(
        connected().message(3, 0, 20, 0, new byte[SessionRun.LIMITS.maxCommandBytes() + 1]));
  }

  @Test
  void refusesToPublishTwiceAtOnce() {
    SessionRun run = publishing();
    assertEquals(
        ErrorCode.PUBLISHER_EXISTS,
        failure(run, new ClientBytes().chunkSize(4_096).publish("other")));
    assertEquals("NetStream.Publish.BadName", run.codes().getLast());
  }

  @Test
  void refusesUnknownCommandsButNotReplies() {
    SessionRun run =
        run()
            .feed(connected().command(0, AmfValue.of("rumble"), AmfValue.of(9)))
            .feed(new ClientBytes().command(0, AmfValue.of("onBWDone"), AmfValue.of(0)));
    assertEquals("NetConnection.Call.Failed", run.codes().getLast());
  }

  private SessionRun run() {
    SessionRun run = new SessionRun();
    runs.add(run);
    return run;
  }

  private SessionRun publishing() {
    return run().feed(new ClientBytes().untilPublishing("key"));
  }

  private static ClientBytes connected() {
    return new ClientBytes().handshake().connect("live");
  }

  private void assertViolation(ClientBytes bytes) {
    assertEquals(ErrorCode.PROTOCOL_VIOLATION, failure(run(), bytes));
  }

  private static ErrorCode failure(SessionRun run, ClientBytes bytes) {
    return assertThrows(HalcyonException.class, () -> run.feed(bytes)).code();
  }

  private static byte[] connectBody() {
    return new Amf0Writer()
        .write(AmfValue.of("connect"))
        .write(AmfValue.of(1))
        .write(new AmfValue.Members(Map.of("app", AmfValue.of("live"))))
        .toBytes();
  }

  private static byte[] u24(int value) {
    return new byte[] {(byte) (value >> 16), (byte) (value >> 8), (byte) value};
  }
}

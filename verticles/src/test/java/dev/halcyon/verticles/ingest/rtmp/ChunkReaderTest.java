package dev.halcyon.verticles.ingest.rtmp;

import static dev.halcyon.verticles.ingest.rtmp.ClientBytes.pattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkReaderTest {
  private static final int MAX_MESSAGE_BYTES = 1 << 20;
  private static final int MAX_STREAMS = 8;

  private record Message(int type, int messageStream, int timestamp, Bytes payload) {}

  private final AtomicLong heldBytes = new AtomicLong();
  private final ChunkReader reader =
      new ChunkReader(
          MAX_MESSAGE_BYTES, MAX_STREAMS, new BufferAccount(4 * MAX_MESSAGE_BYTES, heldBytes));

  @AfterEach
  void givesItsMemoryBack() {
    reader.close();
    assertEquals(0, heldBytes.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 127, 128, 129, 999, 1_000, 4_096, 0xFF_FFFF})
  void putsMessagesTogetherFromChunksOfAnySize(int chunkSize) {
    reader.setChunkSize(chunkSize);
    byte[] body = pattern(1_000, 7);
    ClientBytes bytes =
        new ClientBytes()
            .chunkSize(chunkSize)
            .message(4, 20, 8, 1, body)
            .message(4, 40, 8, 1, body);
    Message first = new Message(8, 1, 20, Bytes.copyOf(body));
    Message second = new Message(8, 1, 40, Bytes.copyOf(body));
    assertEquals(List.of(first, second), read(bytes));
  }

  @Test
  void takesBytesOneByOne() {
    byte[] body = pattern(300, 1);
    byte[] bytes = new ClientBytes().message(70, 0x1000000, 9, 1, body).toArray();
    List<Message> messages = new ArrayList<>();
    for (byte value : bytes) {
      messages.addAll(readSome(ByteBuffer.wrap(new byte[] {value})));
    }
    assertEquals(List.of(new Message(9, 1, 0x1000000, Bytes.copyOf(body))), messages);
  }

  @Test
  void readsAllHeaderTypes() {
    ClientBytes bytes =
        new ClientBytes()
            .message(5, 1_000, 8, 3, pattern(10, 0))
            .messageType1(5, 23, 9, pattern(20, 1))
            .messageType2(5, 40, pattern(20, 2))
            .messageType3(5, pattern(20, 3));
    assertEquals(
        List.of(
            new Message(8, 3, 1_000, Bytes.copyOf(pattern(10, 0))),
            new Message(9, 3, 1_023, Bytes.copyOf(pattern(20, 1))),
            new Message(9, 3, 1_063, Bytes.copyOf(pattern(20, 2))),
            new Message(9, 3, 1_103, Bytes.copyOf(pattern(20, 3)))),
        read(bytes));
  }

  @Test
  void addsTheTimestampOfType0WhenType3BeginsAMessage() {
    ClientBytes bytes =
        new ClientBytes().message(5, 20, 8, 1, pattern(4, 0)).messageType3(5, pattern(4, 1));
    assertEquals(40, read(bytes).getLast().timestamp());
  }

  @Test
  void readsAHandWrittenSpecimen() {
    // Type 0, chunk stream 3, time 1000, 5 bytes, type 20, stream 0x01020304.
    byte[] bytes = ClientBytes.hex("03 0003e8 000005 14 04030201 6162636465");
    assertEquals(
        List.of(new Message(20, 0x01020304, 1_000, Bytes.copyOf(ClientBytes.ascii("abcde")))),
        readSome(ByteBuffer.wrap(bytes)));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 63, 64, 319, 320, 65_599})
  void readsBasicHeadersOfOneTwoAndThreeBytes(int chunkStream) {
    byte[] body = pattern(200, chunkStream);
    ClientBytes bytes = new ClientBytes().message(chunkStream, 5, 9, 1, body);
    assertEquals(List.of(new Message(9, 1, 5, Bytes.copyOf(body))), read(bytes));
  }

  @Test
  void keepsInterleavedChunkStreamsApart() {
    byte[] video = pattern(300, 1);
    byte[] audio = pattern(100, 2);
    byte[] whole = new ClientBytes().message(6, 0, 9, 1, video).toArray();
    int firstChunkBytes = 12 + 128;
    ClientBytes bytes = new ClientBytes();
    bytes.raw(Arrays.copyOf(whole, firstChunkBytes));
    bytes.message(4, 3, 8, 1, audio);
    bytes.raw(Arrays.copyOfRange(whole, firstChunkBytes, whole.length));
    assertEquals(
        List.of(
            new Message(8, 1, 3, Bytes.copyOf(audio)), new Message(9, 1, 0, Bytes.copyOf(video))),
        read(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {0xFF_FFFF, 0x100_0000, 0x7FFF_FFFF, 0xFFFF_FFF0})
  void readsExtendedTimestampsRepeatedOnContinuations(int timestamp) {
    byte[] body = pattern(500, 3);
    ClientBytes bytes =
        new ClientBytes()
            .message(6, timestamp, 9, 1, body)
            .messageType1(6, 33, 9, body)
            .messageType2(6, 0x100_0000, body);
    List<Integer> times = read(bytes).stream().map(Message::timestamp).toList();
    assertEquals(List.of(timestamp, timestamp + 33, timestamp + 33 + 0x100_0000), times);
  }

  @ParameterizedTest
  @ValueSource(ints = {129, 130, 131, 132, 133, 256, 257, 500})
  void readsExtendedTimestampsNotRepeatedOnContinuations(int length) {
    byte[] body = pattern(length, 3);
    ClientBytes bytes =
        new ClientBytes()
            .omitRepeatedExtensions()
            .message(6, 0x0200_0000, 9, 1, body)
            .message(6, 0x0200_0021, 9, 1, body)
            .message(4, 1, 8, 1, pattern(3, 1));
    assertEquals(
        List.of(
            new Message(9, 1, 0x0200_0000, Bytes.copyOf(body)),
            new Message(9, 1, 0x0200_0021, Bytes.copyOf(body)),
            new Message(8, 1, 1, Bytes.copyOf(pattern(3, 1)))),
        read(bytes));
  }

  @Test
  void putsMistakenTimestampBytesBackAcrossSmallChunks() {
    reader.setChunkSize(1);
    byte[] body = pattern(9, 3);
    ClientBytes bytes =
        new ClientBytes()
            .chunkSize(1)
            .omitRepeatedExtensions()
            .message(6, 0x0200_0000, 9, 1, body)
            .message(6, 0x0200_0021, 9, 1, body);
    assertEquals(
        2, read(bytes).stream().filter(m -> m.payload().equals(Bytes.copyOf(body))).count());
  }

  @Test
  void wrapsTimestampsOf32Bits() {
    ClientBytes bytes =
        new ClientBytes()
            .message(6, 0xFFFF_FFF0, 9, 1, pattern(4, 0))
            .messageType1(6, 0x20, 9, pattern(4, 0));
    assertEquals(0x10, read(bytes).getLast().timestamp());
  }

  @Test
  void forgetsAnAbortedMessage() {
    byte[] given = new ClientBytes().message(6, 0, 9, 1, pattern(300, 1)).toArray();
    assertTrue(readSome(ByteBuffer.wrap(given, 0, 12 + 128)).isEmpty());
    reader.abort(6);
    byte[] next = pattern(5, 9);
    ClientBytes bytes = new ClientBytes().message(6, 1, 9, 1, next);
    assertEquals(List.of(new Message(9, 1, 1, Bytes.copyOf(next))), read(bytes));
  }

  @Test
  void readsEmptyMessages() {
    ClientBytes bytes = new ClientBytes().message(4, 7, 8, 1, new byte[0]);
    assertEquals(List.of(new Message(8, 1, 7, Bytes.EMPTY)), read(bytes));
  }

  @Test
  void takesMemoryOnlyForWhatHasArrived() {
    byte[] announced =
        new ClientBytes().chunkSize(1 << 20).message(6, 0, 9, 1, new byte[1 << 20]).toArray();
    reader.setChunkSize(1 << 20);
    assertTrue(readSome(ByteBuffer.wrap(announced, 0, 5_000)).isEmpty());
    assertEquals(8_192, heldBytes.get());
  }

  @Test
  void keepsItsMemoryForTheNextMessage() {
    ClientBytes bytes = new ClientBytes().message(6, 0, 9, 1, pattern(10_000, 1));
    read(bytes);
    long afterFirst = heldBytes.get();
    for (int i = 0; i < 100; i++) {
      read(bytes);
    }
    assertEquals(afterFirst, heldBytes.get());
  }

  @Test
  void refusesBrokenChunkStreams() {
    assertViolation(new ClientBytes().messageType3(6, new byte[1]));
    assertViolation(new ClientBytes().messageType2(6, 0, new byte[1]));
  }

  @Test
  void refusesAMessageWithinAnother() {
    byte[] begun = new ClientBytes().message(6, 0, 9, 1, pattern(300, 1)).toArray();
    readSome(ByteBuffer.wrap(begun, 0, 12 + 128));
    assertViolation(new ClientBytes().message(6, 0, 9, 1, pattern(10, 1)));
  }

  @Test
  void refusesMessagesOverTheLimit() {
    assertViolation(
        new ClientBytes().basicHeader(0, 6).u24(0).u24(MAX_MESSAGE_BYTES + 1).raw(new byte[5]));
  }

  @Test
  void refusesTooManyChunkStreams() {
    ClientBytes bytes = new ClientBytes();
    for (int i = 0; i <= MAX_STREAMS; i++) {
      bytes.message(3 + i, 0, 9, 1, new byte[1]);
    }
    assertViolation(bytes);
  }

  @Test
  void refusesToHoldTooMuch() {
    ClientBytes bytes = new ClientBytes();
    reader.setChunkSize(MAX_MESSAGE_BYTES - 1);
    byte[] begun =
        new ClientBytes().chunkSize(1 << 20).message(3, 0, 9, 1, new byte[1 << 20]).toArray();
    for (int i = 0; i < 6; i++) {
      begun[0] = (byte) (3 + i);
      bytes.raw(Arrays.copyOf(begun, 12 + MAX_MESSAGE_BYTES - 1));
    }
    assertViolation(bytes);
  }

  private void assertViolation(ClientBytes bytes) {
    HalcyonException failure = assertThrows(HalcyonException.class, () -> read(bytes));
    assertEquals(ErrorCode.PROTOCOL_VIOLATION, failure.code());
  }

  private List<Message> read(ClientBytes bytes) {
    return readSome(bytes.toBuffer());
  }

  private List<Message> readSome(ByteBuffer input) {
    List<Message> messages = new ArrayList<>();
    while (reader.read(input)) {
      messages.add(
          new Message(
              reader.type(),
              reader.messageStreamId(),
              reader.timestamp(),
              Bytes.copyOf(reader.payload())));
    }
    return messages;
  }
}

package dev.halcyon.verticles.ingest.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Amf0Test {
  @Test
  void readsWhatItWrites() {
    AmfValue value =
        new AmfValue.Members(
            Map.of(
                "number",
                AmfValue.of(-1.5),
                "flag",
                new AmfValue.Flag(true),
                "text",
                AmfValue.of("Grüße"),
                "long",
                AmfValue.of("x".repeat(70_000)),
                "null",
                AmfValue.Nothing.NULL,
                "undefined",
                AmfValue.Nothing.UNDEFINED,
                "date",
                new AmfValue.Date(1.7e12),
                "array",
                new AmfValue.Elements(List.of(AmfValue.of(1), AmfValue.of("two"))),
                "object",
                new AmfValue.Members(Map.of("", AmfValue.of(0)))));
    Amf0Reader reader = reader(new Amf0Writer().write(value).toBytes());
    assertEquals(value, reader.next());
    assertFalse(reader.hasNext());
  }

  @Test
  void readsHandWrittenValues() {
    assertEquals(AmfValue.of(1.0), one("00 3ff0000000000000"));
    assertEquals(new AmfValue.Flag(true), one("01 01"));
    assertEquals(AmfValue.of("live"), one("02 0004 6c697665"));
    AmfValue object = new AmfValue.Members(Map.of("a", AmfValue.Nothing.NULL));
    assertEquals(object, one("03 0001 61 05 0000 09"));
    assertEquals(object, one("10 0003 666f6f 0001 61 05 0000 09"), "typed object");
    assertEquals(AmfValue.of("hi"), one("0c 00000002 6869"));
    assertEquals(new AmfValue.Date(0), one("0b 0000000000000000 0000"));
    assertEquals(new AmfValue.Elements(List.of(AmfValue.Nothing.NULL)), one("0a 00000001 05"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000000", "00000001", "7fffffff", "ffffffff"})
  void readsEcmaArraysWhateverCountTheyState(String count) {
    AmfValue object = new AmfValue.Members(Map.of("a", AmfValue.Nothing.NULL));
    assertEquals(object, one("08" + count + "0001 61 05 0000 09"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // Nothing at all.
        "00 3ff0", // Cut off number.
        "02 0010 61", // String beyond the message.
        "0c 7fffffff 61",
        "0c ffffffff 61",
        "0a 7fffffff 05", // Arrays that claim the world.
        "0a ffffffff",
        "0a 00000002 05",
        "03 0001 61 05", // Object without end.
        "08 00000001",
        "07 0000", // Reference: nobody sends it.
        "11 06", // AMF3.
        "ff"
      })
  void refusesHostileValues(String hex) {
    HalcyonException failure = assertThrows(HalcyonException.class, () -> one(hex));
    assertEquals(ErrorCode.PROTOCOL_VIOLATION, failure.code());
  }

  @Test
  void refusesDeepNesting() {
    assertThrows(HalcyonException.class, () -> one("0a00000001".repeat(5_000) + "05"));
    assertThrows(HalcyonException.class, () -> one("03000161".repeat(5_000)));
  }

  @Test
  void refusesTooManyValues() {
    assertThrows(HalcyonException.class, () -> one("0a00002000" + "05".repeat(8_192)));
  }

  @Test
  void answersGarbageWithAViolationOnly() {
    long seed = 20_261_120L;
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = (byte) random.nextInt(0x12);
      }
      try {
        Amf0Reader reader = reader(bytes);
        while (reader.hasNext()) {
          reader.next();
        }
      } catch (HalcyonException stated) {
        assertEquals(ErrorCode.PROTOCOL_VIOLATION, stated.code(), () -> "seed " + seed);
      }
    }
  }

  private static AmfValue one(String hex) {
    return reader(ClientBytes.hex(hex)).next();
  }

  private static Amf0Reader reader(byte[] bytes) {
    return new Amf0Reader(ByteBuffer.wrap(bytes));
  }
}

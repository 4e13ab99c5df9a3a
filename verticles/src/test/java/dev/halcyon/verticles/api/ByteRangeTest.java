package dev.halcyon.verticles.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.halcyon.verticles.api.ByteRange.Reading;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=0-99, 0, 100",
    "bytes=10-, 10, 90",
    "bytes=90-500, 90, 10",
    "bytes=-1, 99, 1",
    "bytes=-1000, 0, 100",
    "bytes = 5-6 , 5, 2",
  })
  void readsOneRangeOfAHundredBytes(String header, long offset, long length) {
    assertEquals(
        new Reading.Part(new ByteRange(offset, length)), ByteRange.read(Optional.of(header), 100));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=b-c",
        "items=0-1",
        "bytes=0-1,5-6",
        "bytes=5-4",
        "bytes=9999999999999999999999-"
      })
  void ignoresWhatItDoesNotUnderstand(String header) {
    assertInstanceOf(Reading.Whole.class, ByteRange.read(Optional.of(header), 100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0"})
  void refusesARangeBehindTheEnd(String header) {
    assertInstanceOf(Reading.Unsatisfiable.class, ByteRange.read(Optional.of(header), 100));
  }
}

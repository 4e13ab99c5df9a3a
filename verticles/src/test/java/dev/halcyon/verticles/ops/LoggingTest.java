package dev.halcyon.verticles.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoggingTest {
  private final PrintStream before = System.out;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setOut(before);
    Logging.configure("text", "info");
  }

  @Test
  void jsonIsOneObjectALineAlsoWithAStackTrace() {
    Logging.configure("json", "info");
    LoggerFactory.getLogger("dev.halcyon.Example")
        .warn("odd [n={}]", 3, new IllegalStateException("two\nlines"));
    List<String> lines = lines();
    assertEquals(1, lines.size(), lines::toString);
    JsonObject line = new JsonObject(lines.getFirst());
    assertEquals("odd [n=3]", line.getString("message"));
    assertEquals("WARN", line.getString("level"));
    assertEquals("dev.halcyon.Example", line.getString("logger_name"));
    assertTrue(line.getString("stack_trace").contains("IllegalStateException: two"));
    assertTrue(OffsetDateTime.parse(line.getString("at")).getYear() >= 2020);
  }

  @Test
  void textIsReadable() {
    Logging.configure("text", "debug");
    LoggerFactory.getLogger("dev.halcyon.verticles.clip.ClipMaker").debug("clip cut [ms={}]", 12);
    List<String> lines = lines();
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(
        lines.getFirst().matches("[0-9:.]{12} DEBUG ClipMaker +clip cut \\[ms=12]"),
        lines::toString);
  }

  @Test
  void theLevelIsThatOfOurOwnClassesOnly() {
    Logging.configure("text", "error");
    LoggerFactory.getLogger("dev.halcyon.Example").warn("not heard");
    LoggerFactory.getLogger("io.netty.Example").info("not heard");
    assertEquals(List.of(), lines());
    Logging.configure("text", "debug");
    assertFalse(LoggerFactory.getLogger("com.hazelcast.Example").isInfoEnabled());
    assertTrue(LoggerFactory.getLogger("com.hazelcast.Example").isWarnEnabled());
  }

  @Test
  void anUnknownFormatIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Logging.configure("xml", "info"));
  }

  private List<String> lines() {
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }
}

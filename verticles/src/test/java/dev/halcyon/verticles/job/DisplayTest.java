package dev.halcyon.verticles.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.job.StepRow;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DisplayTest {
  private static final Set<StepKey> ANALYSES =
      Set.of(
          StepKey.of(StepName.SCENE_DETECT),
          StepKey.of(StepName.FACE_TRACK),
          StepKey.of(StepName.AUDIO_ANALYZE));

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void aBarFitsItsTerminalHoweverNarrow() {
    for (int columns : new int[] {40, 60, 80, 200}) {
      BarDisplay bars = new BarDisplay(out, () -> columns);
      bars.onStarted(ANALYSES);
      bars.onEnded(StepRow.skipped(StepKey.of(StepName.EXPORT)), "x".repeat(300), false);
      bars.close();
      for (String line : printed().split("[\r\n]+", -1)) {
        String visible = line.replaceAll("\u001b\\[[0-9;]*[mK]", "");
        assertTrue(
            visible.length() <= Math.max(columns, 50), () -> columns + ": '" + visible + "'");
      }
      bytes.reset();
    }
  }

  @Test
  void aLogHasNoControlCharacters() {
    LineDisplay lines = new LineDisplay(out);
    lines.onStarted(ANALYSES);
    lines.onProgress(0.3, 5_000_000);
    lines.onProgress(0.31, 5_100_000);
    lines.onEnded(StepRow.skipped(StepKey.of(StepName.FACE_TRACK)), "none", false);

    assertFalse(printed().contains("\u001b"));
    assertEquals(2, printed().lines().count(), this::printed);
    assertTrue(printed().startsWith("scenes, faces, sound: 30 %"), this::printed);
  }

  @Test
  void aScriptGetsOneObjectALine() {
    JsonDisplay json = new JsonDisplay(out);
    json.onStarted(ANALYSES);
    json.onProgress(0.5, 5_000_000);
    json.onEnded(StepRow.skipped(StepKey.render("clip-01")), "", true);
    json.onWaiting(Duration.ofSeconds(3));

    assertEquals(
        List.of("progress", "step", "waiting"),
        printed().lines().map(line -> new JsonObject(line).getString("type")).toList());
    JsonObject step = new JsonObject(printed().lines().skip(1).findFirst().orElseThrow());
    assertEquals("render:clip-01", step.getString("step"));
    assertTrue(step.getBoolean("reused"));
  }

  @Test
  void numbersReadWell() {
    assertEquals("0:42", ProgressText.clock(Duration.ofSeconds(42)));
    assertEquals("1:02:03", ProgressText.clock(Duration.ofSeconds(3723)));
    assertEquals("0.4 s", ProgressText.took(Duration.ofMillis(420)));
    assertEquals("42 s", ProgressText.took(Duration.ofSeconds(42)));
    assertEquals("6.3×", ProgressText.speed(63_000_000, Duration.ofSeconds(10)));
    assertEquals("25×", ProgressText.speed(250_000_000, Duration.ofSeconds(10)));
    assertEquals("", ProgressText.speed(0, Duration.ZERO));
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

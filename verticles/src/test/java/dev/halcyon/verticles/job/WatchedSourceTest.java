package dev.halcyon.verticles.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.caption.Platform;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.reframe.ReframeOptions;
import dev.halcyon.core.render.RenderWish;
import dev.halcyon.core.render.SoundForm;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchedSourceTest {
  @TempDir private Path folder;

  @Test
  void aFileThatGrowsOrGoesIsNotTheSame() throws Exception {
    Path file = Files.writeString(folder.resolve("live.mp4"), "begin");
    WatchedSource source = new WatchedSource(file);
    String begun = source.identity();
    assertTrue(source.isSame());
    assertEquals(begun, source.identity());

    Files.writeString(file, " and more", StandardOpenOption.APPEND);
    assertFalse(source.isSame());
    assertNotEquals(begun, source.identity());
    assertFalse(source.isSame(), "asking again does not make it the same");
    Files.delete(file);
    assertFalse(source.isSame());
  }

  @Test
  void aStepOverAFileThatChangedMeanwhileCountsForNothing() throws Exception {
    Path file = Files.writeString(folder.resolve("live.mp4"), "still being written\n".repeat(100));
    try (ClipFolder out = ClipFolder.open(folder.resolve("out"))) {
      ClipSteps steps =
          new ClipSteps(
              file,
              SourceLabel.of(file),
              Optional.empty(),
              out,
              settings(),
              clip -> RenderWish.NONE,
              new JsonDisplay(
                  new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)));
      Path chunk = Files.writeString(out.chunks().resolve("of-it.chunk"), "");
      StepKey ingest = StepKey.of(StepName.INGEST);
      assertFalse(steps.inputsOf(ingest).isEmpty());
      Files.writeString(file, "more", StandardOpenOption.APPEND);

      HalcyonException changed =
          assertThrows(HalcyonException.class, () -> steps.perform(Set.of(ingest)));
      assertEquals(ErrorCode.CORRUPT_MEDIA, changed.code());
      assertTrue(changed.getMessage().contains("changed while it was read"), changed::getMessage);
      assertFalse(Files.exists(chunk), "what may be of the other content is kept");
    }
  }

  private static ClipSettings settings() {
    return new ClipSettings(
        1,
        15_000_000,
        90_000_000,
        "9:16",
        Optional.empty(),
        false,
        Platform.ANY,
        ReframeOptions.Fit.CROP,
        ReframeOptions.Several.DOMINANT,
        Codec.H264,
        SoundForm.Denoise.OFF,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        false);
  }
}

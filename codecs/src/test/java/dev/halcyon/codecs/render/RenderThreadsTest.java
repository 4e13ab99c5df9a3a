package dev.halcyon.codecs.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.render.PictureForm;
import dev.halcyon.core.render.RenderSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RenderThreadsTest {
  private static final PictureForm UPRIGHT = new PictureForm(1080, 1920, FrameRate.FPS_30);

  @TempDir private Path folder;

  @Test
  void manyCoresDoNotTakeMoreMemoryThanAStepMay() {
    int full = RenderThreads.affordable(1920 * 1080, UPRIGHT);
    int large = RenderThreads.affordable(3840 * 2160, UPRIGHT);
    assertTrue(full >= 4 && full <= 8, () -> full + " for 1080p");
    assertTrue(large >= 2 && large < full, () -> large + " for 4K");
    assertEquals(1, RenderThreads.affordable(1L << 40, UPRIGHT));
  }

  @Test
  void smallPicturesTakeAsManyAsAreAskedFor() {
    Path source = Renders.card(folder, TestCard.builder().size(320, 180).build(), 1_000_000);
    RenderSpec spec = Renders.spec(Renders.WIDE, new TimeSpan(0, 1_000_000));
    assertEquals(16, RenderThreads.of(16, source, spec));
  }
}

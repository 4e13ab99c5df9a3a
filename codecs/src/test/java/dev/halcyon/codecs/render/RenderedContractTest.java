package dev.halcyon.codecs.render;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.verify.FileMeasurer;
import dev.halcyon.codecs.verify.RenderedContract;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.TrackContract;
import dev.halcyon.core.clip.verify.ClipCheck;
import dev.halcyon.core.clip.verify.ContractChecks;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.MediaKind;
import dev.halcyon.core.render.RenderSource;
import dev.halcyon.core.render.RenderSource.Scan;
import dev.halcyon.core.render.RenderSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is promised of rendered files, held against what decoding them shows. */
class RenderedContractTest {
  private static final TestCard CARD = TestCard.builder().size(320, 180).gop(75).build();

  @TempDir Path folder;

  @Test
  void tellsTheWindowAndIsKeptByTheFile() throws Throwable {
    RenderSpec spec = Renders.spec(Renders.WIDE, new TimeSpan(1_033_333, 2_533_333));
    Path file = rendered(spec);
    CutContract[] contract = new CutContract[1];
    assertNoLeak(() -> contract[0] = contract(file, spec));
    assertEquals(1_033_333, contract[0].requestedStartUs());
    assertEquals(2_533_333, contract[0].requestedEndUs());
    assertEquals(1_500_000, contract[0].deliveredEndUs() - contract[0].deliveredStartUs());
    assertEquals(45, contract[0].frames().orElseThrow().presented());
    assertEquals(
        List.of(MediaKind.VIDEO, MediaKind.AUDIO),
        contract[0].tracks().stream().map(TrackContract::kind).toList());
    assertEquals(List.of(), failed(contract[0], file));
  }

  @Test
  void countsOnlyWhatIsLeftOfAWindow() throws Throwable {
    RenderSpec spec =
        Renders.spec(
            Renders.WIDE, new TimeSpan(500_000, 1_000_000), new TimeSpan(2_000_000, 2_400_000));
    Path file = rendered(spec);
    CutContract contract = contract(file, spec);
    assertEquals(2_400_000, contract.requestedEndUs());
    assertEquals(1_400_000, contract.deliveredEndUs());
    assertEquals(List.of(), failed(contract, file));
  }

  @Test
  void aSilentRenderHasOneTrack() throws Throwable {
    RenderSpec spec =
        Renders.withSource(
            Renders.spec(Renders.WIDE, new TimeSpan(0, 500_000)),
            new RenderSource(Renders.HASH, 0, 0, Scan.PROGRESSIVE, OptionalInt.empty()));
    Path file = rendered(spec);
    CutContract contract = contract(file, spec);
    assertEquals(1, contract.tracks().size());
    assertEquals(15, contract.packetsEncoded());
    assertEquals(List.of(), failed(contract, file));
  }

  @Test
  void refusesWhatIsNoRenderedFile() throws Throwable {
    Path file = Files.writeString(folder.resolve("a.mp4"), "no film");
    RenderSpec spec = Renders.spec(Renders.WIDE, new TimeSpan(0, 500_000));
    HalcyonException refused =
        assertThrows(HalcyonException.class, () -> RenderedContract.of(file, spec, ""));
    assertEquals(ErrorCode.CORRUPT_MEDIA, refused.code());
  }

  private Path rendered(RenderSpec spec) throws IOException {
    Path target = folder.resolve("clip.mp4");
    Path source = Renders.card(folder, CARD, 3_000_000);
    new ClipRenderer(1).render(spec, source, target, Renders.folder(folder), RenderListener.NONE);
    return target;
  }

  private static CutContract contract(Path file, RenderSpec spec) throws IOException {
    return RenderedContract.of(file, spec, FileMeasurer.sha256(file));
  }

  private static List<String> failed(CutContract contract, Path file) throws IOException {
    long bytes = Files.size(file);
    return ContractChecks.of(
            contract, bytes, FileMeasurer.measure(file, FileMeasurer.sha256(file), bytes))
        .checks()
        .stream()
        .filter(check -> !check.ok())
        .map(ClipCheck::toString)
        .toList();
  }
}

package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.cut.smart.SmartCut;
import dev.halcyon.codecs.format.ClipRemux;
import dev.halcyon.codecs.format.ClipRemux.Pictures;
import dev.halcyon.codecs.format.PreviewMaker;
import dev.halcyon.codecs.format.PreviewShape;
import dev.halcyon.codecs.format.RemuxContainer;
import dev.halcyon.codecs.format.StripMaker;
import dev.halcyon.codecs.testcard.CardImage;
import dev.halcyon.codecs.testcard.FrameStamp;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.codecs.verify.FileMeasurer;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.derive.StripGrid;
import dev.halcyon.core.clip.verify.ClipCheck;
import dev.halcyon.core.clip.verify.ContractChecks;
import dev.halcyon.core.cut.CutRequest;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All that is made of sealed clips, made of clips over a reconnect. */
class StitchedFormsTest {
  private static final List<Integer> BOTH = List.of(0, 1);

  @TempDir Path folder;

  private Path sealed() {
    return folder.resolve("sealed.mp4");
  }

  private CutContract seal(EpochRing ring, CutRequest request) {
    return RingCutter.cut(ring.ring(), request, sealed()).contract();
  }

  private static StitchOracle oracle(EpochRing ring, CutRequest request, CutContract contract) {
    return new StitchOracle(ring, request.fromUs(), request.toUs(), contract.deliveredStartUs(), 0);
  }

  @ParameterizedTest
  @EnumSource
  void isExactWithoutEditLists(Reconnect shape) throws IOException {
    try (EpochRing ring = shape.publish(folder.resolve("ring"))) {
      CutRequest request = Reconnect.request();
      CutContract contract = seal(ring, request);
      Path exact = folder.resolve("exact.mp4");
      CutResult result = SmartCut.make(sealed(), contract, exact);
      StitchOracle oracle = oracle(ring, request, contract);
      assertEquals(List.of(), oracle.faults(exact, BOTH, 0));
      assertEquals(shown(exact), TestCardJudge.judgeWithoutEdits(exact).pictures().orElseThrow());
      assertEquals(contract.gaps(), result.contract().gaps());
      assertEquals(List.of(), contractFaults(result, exact));
    }
  }

  private static List<String> contractFaults(CutResult result, Path file) throws IOException {
    return ContractChecks.of(
            result.contract(),
            result.sizeBytes(),
            FileMeasurer.measure(file, FileMeasurer.sha256(file), Files.size(file)))
        .checks()
        .stream()
        .filter(check -> !check.ok())
        .map(ClipCheck::toString)
        .toList();
  }

  private static Verdict.Pictures shown(Path file) {
    return TestCardJudge.judge(file).pictures().orElseThrow();
  }

  /** Begins between keyframes, so that what the edit list hides must not be there. */
  @Test
  void isEncodedInOtherContainersInTheFirstSize() {
    try (EpochRing ring = Reconnect.OTHER_SIZE.publish(folder.resolve("ring"))) {
      assertRemuxed(ring, Reconnect.request(), Pictures.ENCODED, List.of("320x180"));
    }
  }

  @Test
  void isCopiedIntoOtherContainersWithBothSizes() {
    try (EpochRing ring = Reconnect.OTHER_SIZE.publish(folder.resolve("ring"))) {
      // To the end: no picture needs one from behind it.
      long toUs = ring.epoch(1).endUs() + 1_000_000;
      CutRequest request = new CutRequest(1_080_000, toUs, CutRequest.Outside.CLAMP);
      assertRemuxed(ring, request, Pictures.COPIED, List.of("320x180", "480x270"));
    }
  }

  /** As clips are had that begin between keyframes: from their exact files. */
  @ParameterizedTest
  @EnumSource(names = {"OTHER_SIZE", "HEVC_OF_OTHER_SIZE"})
  void isCopiedFromItsExactFile(Reconnect shape) {
    try (EpochRing ring = shape.publish(folder.resolve("ring"))) {
      CutRequest request = Reconnect.request();
      CutContract contract = seal(ring, request);
      Path exact = folder.resolve("exact.mp4");
      SmartCut.make(sealed(), contract, exact);
      List<String> sizes = shown(sealed()).sizes();
      assertRemuxed(exact, oracle(ring, request, contract), Pictures.COPIED, sizes);
    }
  }

  private void assertRemuxed(
      EpochRing ring, CutRequest request, Pictures wanted, List<String> sizes) {
    StitchOracle oracle = oracle(ring, request, seal(ring, request));
    assertRemuxed(sealed(), oracle, wanted, sizes);
  }

  private void assertRemuxed(
      Path source, StitchOracle oracle, Pictures wanted, List<String> sizes) {
    for (RemuxContainer container : RemuxContainer.values()) {
      Path target = folder.resolve(container + ".media");
      assertEquals(wanted, ClipRemux.make(source, target, container));
      // A transport stream does not begin at 0.
      long beginsUs = shown(target).ptsUs().getFirst();
      assertEquals(
          List.of(), oracle.beginningAt(beginsUs, 20).faults(target, BOTH, 0), container::toString);
      assertEquals(sizes, shown(target).sizes(), container::toString);
    }
  }

  @Test
  void hasTheRightPicturesInItsStrip() throws IOException {
    try (EpochRing ring = Reconnect.OTHER_SIZE.publish(folder.resolve("ring"))) {
      long originUs = seal(ring, Reconnect.request()).deliveredStartUs();
      Path jpeg = folder.resolve("strip.jpg");
      StripGrid grid = StripMaker.make(sealed(), jpeg);
      BufferedImage image = ImageIO.read(jpeg.toFile());
      for (int i = 0; i < grid.tiles(); i++) {
        BufferedImage tile =
            image.getSubimage(
                grid.leftPx(i), grid.topPx(i), grid.tileWidthPx(), grid.tileHeightPx());
        assertEquals(nameAt(ring, originUs + grid.shownUs(i)), name(tile), "tile " + i);
      }
    }
  }

  @Test
  void movesAsAGifOverTheBorder() throws Exception {
    Program.require("ffmpeg");
    try (EpochRing ring = Reconnect.OTHER_SIZE.publish(folder.resolve("ring"))) {
      long originUs = seal(ring, Reconnect.request()).deliveredStartUs();
      List<BufferedImage> pictures = gif(new PreviewShape(320, 5, 500_000, 3_400_000));
      assertTrue(pictures.size() >= 17, () -> pictures.size() + " pictures");
      for (int i = 0; i < 17; i++) {
        long atUs = originUs + 500_000 + i * 200_000L;
        assertEquals(nameAt(ring, atUs), name(pictures.get(i)), "picture " + i);
      }
    }
  }

  /** The pictures of a preview of the sealed clip. */
  private List<BufferedImage> gif(PreviewShape shape) throws Exception {
    Path gif = folder.resolve("preview.gif");
    PreviewMaker.gif(sealed(), shape, gif);
    Path frames = Files.createDirectories(folder.resolve("frames"));
    Program.ffmpeg("-i", gif.toString(), "-r", "" + shape.fps(), frames + "/%03d.png");
    List<BufferedImage> pictures = new ArrayList<>();
    for (File png : Arrays.stream(frames.toFile().listFiles()).sorted().toList()) {
      pictures.add(ImageIO.read(png));
    }
    return pictures;
  }

  @Test
  void showsATurnedPictureInItsOwnShape() throws Exception {
    Program.require("ffmpeg");
    TestCard upright = TestCard.builder().size(640, 360).cardId(1).build();
    TestCard turned = TestCard.builder().size(360, 640).cardId(2).build();
    try (EpochRing ring = new EpochRing(folder.resolve("ring"))) {
      ring.then(upright, 1_500_000, 0).then(turned, 1_500_000, 2_000_000).all();
      CutRequest request = new CutRequest(1_000_000, 3_000_000, CutRequest.Outside.CLAMP);
      long originUs = seal(ring, request).deliveredStartUs();
      List<BufferedImage> pictures = gif(new PreviewShape(480, 5, 0, 2_000_000));
      BufferedImage last = pictures.get(9);
      assertEquals(270, last.getHeight());
      int black = last.getRGB(80, 135);
      assertTrue((black & 0xe0e0e0) == 0, () -> Integer.toHexString(black));
      BufferedImage middle = last.getSubimage(164, 0, 152, 270);
      assertEquals(nameAt(ring, originUs + 9 * 200_000), name(middle));
    }
  }

  private static String name(BufferedImage picture) {
    return CardImage.stamp(picture).map(StitchedFormsTest::name).orElse("unreadable");
  }

  private static String name(FrameStamp stamp) {
    return stamp.cardId() + ":" + stamp.index();
  }

  /** The picture that is shown at a stream time. */
  private static String nameAt(EpochRing ring, long us) {
    TreeMap<Long, String> all = new TreeMap<>();
    for (int number : BOTH) {
      EpochRing.Epoch epoch = ring.epoch(number);
      for (Map.Entry<Long, Integer> picture : epoch.pictures().entrySet()) {
        all.put(picture.getKey(), epoch.card().cardId() + ":" + picture.getValue());
      }
    }
    return all.floorEntry(us).getValue();
  }
}

package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.codecs.verify.FileMeasurer;
import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.EpochSpan;
import dev.halcyon.core.clip.verify.ClipCheck;
import dev.halcyon.core.clip.verify.ContractChecks;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.FrameRate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clips over a publisher's reconnect, judged on both sides by what they show and sound, and held
 * against their contracts.
 */
class StitchedCutTest {
  private static final long MAX_SKEW_US = 5_000;
  private static final long LENGTH_US = 4_000_000;
  private static final long REORDER_US = 200_000;

  /** The second publisher begins 1.5 s after the first one's last packet. */
  private static final long BACK_US = 5_517_000;

  private static final long FROM_US = 2_210_000;
  private static final long TO_US = 8_130_000;

  @TempDir Path folder;
  private EpochRing ring;
  private Path clip;

  @BeforeEach
  void open() {
    ring = new EpochRing(folder.resolve("ring"));
    clip = folder.resolve("clip.mp4");
  }

  @AfterEach
  void close() {
    ring.close();
  }

  private static TestCard.Builder card(int id) {
    return TestCard.builder()
        .size(320, 180)
        .gop(50)
        .bFrames(2)
        .audio(Codec.AAC)
        .audioBitrate(192_000)
        .cardId(id);
  }

  private EpochRing both(TestCard before, TestCard after) {
    return ring.then(before, LENGTH_US, 0).then(after, LENGTH_US, BACK_US);
  }

  private static CutRequest request(Crossing crossing) {
    return new CutRequest(
        FROM_US, TO_US, FROM_US, TO_US, EpochSpan.ALL, CutRequest.Outside.REFUSE, crossing);
  }

  private CutContract cut(CutRequest request) throws IOException {
    CutResult result = RingCutter.cut(ring.ring(), request, clip);
    List<ClipCheck> failed =
        ContractChecks.of(
                result.contract(),
                result.sizeBytes(),
                FileMeasurer.measure(clip, FileMeasurer.sha256(clip), Files.size(clip)))
            .checks()
            .stream()
            .filter(check -> !check.ok())
            .toList();
    assertEquals(List.of(), failed);
    return result.contract();
  }

  /** Each side has its very frames, at their stream times, with their sound. */
  private void assertStitched(Path file, CutContract contract) {
    assertEquals(List.of(0, 1), contract.epochs());
    assertSide(file, contract, 0);
    assertSide(file, contract, 1);
    TreeMap<Long, Integer> before = ring.epoch(0).pictures();
    long lastUs = before.lastKey();
    assertEquals(1, contract.gaps().size(), contract::toString);
    assertTrue(contract.gaps().getFirst().atUs() > lastUs, contract::toString);
    long backUs = ring.epoch(1).pictures().firstKey();
    long gapEndUs = contract.gaps().getFirst().endUs();
    assertTrue(Math.abs(gapEndUs - backUs) <= 70_000, contract::toString);
  }

  private void assertSide(Path file, CutContract contract, int number) {
    EpochRing.Epoch epoch = ring.epoch(number);
    long startUs = contract.deliveredStartUs();
    Verdict seen = side(file, contract, number);
    assertEquals(List.of(), seen.faults(MAX_SKEW_US), seen::toString);
    Verdict.Pictures pictures = seen.pictures().orElseThrow();
    assertEquals(epoch.firstFrameFrom(FROM_US), pictures.firstFrame(), seen::toString);
    assertEquals(epoch.lastFrameBefore(TO_US), pictures.lastFrame(), seen::toString);
    List<Long> wantedUs =
        epoch.pictures().subMap(FROM_US, TO_US).keySet().stream().map(us -> us - startUs).toList();
    assertEquals(wantedUs, pictures.ptsUs());
    if (epoch.card().audio().isPresent()) {
      assertTrue(seen.skew().isPresent(), "sound was compared with pictures");
    }
  }

  private Verdict side(Path file, CutContract contract, int number) {
    long startUs = contract.deliveredStartUs();
    long jointUs = BACK_US - startUs - 500;
    // A marker that the gap cuts off is none.
    long endUs = contract.gaps().isEmpty() ? jointUs : contract.gaps().getFirst().atUs() - startUs;
    return number == 0
        ? TestCardJudge.judge(file, 0, endUs)
        : TestCardJudge.judge(file, jointUs, Long.MAX_VALUE - 1);
  }

  @Test
  void goesOnAfterAReconnectWithTheSameSettings() throws Exception {
    both(card(1).build(), card(2).build()).all();
    assertStitched(clip, cut(request(Crossing.STITCH)));
  }

  @Test
  void carriesAnotherPictureSize() throws Exception {
    both(card(1).build(), card(2).size(480, 270).build()).all();
    CutContract contract = cut(request(Crossing.STITCH));
    assertStitched(clip, contract);
    Verdict after = side(clip, contract, 1);
    assertEquals(List.of("480x270"), after.pictures().orElseThrow().sizes());
  }

  @Test
  void carriesAnotherFrameRateAndReorderDepth() throws Exception {
    TestCard faster = card(2).frameRate(new FrameRate(60, 1)).build();
    both(card(1).build(), faster).all();
    assertStitched(clip, cut(request(Crossing.STITCH)));
  }

  @Test
  void carriesSizesThatChangeInsideAnEpochToo() throws Exception {
    TestCard changing = card(1).sizeChange(100, 256, 144).build();
    both(changing, card(2).build()).all();
    CutContract contract = cut(request(Crossing.STITCH));
    assertStitched(clip, contract);
    Verdict before = side(clip, contract, 0);
    assertEquals(List.of("320x180", "256x144"), before.pictures().orElseThrow().sizes());
  }

  @Test
  void carriesHevc() throws Exception {
    both(card(1).video(Codec.HEVC).build(), card(2).video(Codec.HEVC).size(480, 270).build()).all();
    assertStitched(clip, cut(request(Crossing.STITCH)));
  }

  @Test
  void leavesTheRestToAnotherClipWhereCodecsDiffer() throws Exception {
    both(card(1).build(), card(2).video(Codec.HEVC).build()).all();
    assertApart(request(Crossing.STITCH));
  }

  @Test
  void leavesTheRestToAnotherClipWhereSoundVanishes() throws Exception {
    both(card(1).build(), card(2).noAudio().build()).all();
    assertApart(request(Crossing.STITCH));
  }

  @Test
  void leavesTheRestToAnotherClipWhereItIsToldTo() throws Exception {
    both(card(1).build(), card(2).build()).all();
    assertApart(request(Crossing.SPLIT));
  }

  private void assertApart(CutRequest request) throws IOException {
    CutResult first = RingCutter.cut(ring.ring(), request, clip);
    assertEquals(OptionalInt.of(1), first.nextEpoch());
    assertSide(clip, cut(request), 0);
    assertEquals(List.of(0), first.contract().epochs());
    CutRequest rest =
        new CutRequest(
            FROM_US,
            TO_US,
            BACK_US,
            TO_US,
            EpochSpan.from(1),
            CutRequest.Outside.CLAMP,
            request.crossing());
    CutContract second = cut(rest);
    Verdict seen = TestCardJudge.judge(clip);
    assertEquals(List.of(), seen.faults(MAX_SKEW_US), seen::toString);
    assertEquals(List.of(1), second.epochs());
    assertEquals(0, seen.pictures().orElseThrow().firstFrame());
    assertEquals(ring.epoch(1).lastFrameBefore(TO_US), seen.pictures().orElseThrow().lastFrame());
  }

  @Test
  void growsOverTheBorder() throws Exception {
    both(card(1).build(), card(2).size(480, 270).build());
    Path grown = grow();
    CutContract sealed = cut(request(Crossing.STITCH));
    for (int number : new int[] {0, 1}) {
      Verdict seen = side(grown, sealed, number);
      assertEquals(List.of(), seen.faults(MAX_SKEW_US), seen::toString);
      EpochRing.Epoch epoch = ring.epoch(number);
      assertEquals(epoch.firstFrameFrom(FROM_US), seen.pictures().orElseThrow().firstFrame());
      int lastFrame = epoch.lastFrameBefore(TO_US);
      assertTrue(seen.pictures().orElseThrow().lastFrame() >= lastFrame - 2, seen::toString);
      assertTrue(seen.skew().isPresent(), "sound was compared with pictures");
    }
  }

  @Test
  void growsUpToAnEpochThatItCannotGoOnTo() throws Exception {
    both(card(1).build(), card(2).video(Codec.HEVC).build());
    Verdict seen = TestCardJudge.judge(grow());
    assertEquals(List.of(), seen.faults(MAX_SKEW_US), seen::toString);
    assertEquals(ring.epoch(0).lastFrameBefore(BACK_US), seen.pictures().orElseThrow().lastFrame());
  }

  /** Reads the window while the stream goes on. */
  private Path grow() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Optional<GrowingFile> file = Optional.empty();
    boolean[] hasClosed = new boolean[1];
    GrowingWindow window =
        new GrowingWindow() {
          @Override
          public long toUs() {
            return TO_US;
          }

          @Override
          public boolean hasClosed() {
            return hasClosed[0];
          }
        };
    try {
      ClipBytes.Next next = ClipBytes.Next.NOTHING_YET;
      for (long nowUs = FROM_US; next != ClipBytes.Next.END; nowUs += 130_000) {
        ring.appendUntil(nowUs);
        hasClosed[0] = nowUs > TO_US + REORDER_US;
        if (file.isEmpty()) {
          file = GrowingFile.open(ring.ring(), request(Crossing.STITCH), window, TO_US - FROM_US);
        }
        ByteBuffer helping = ByteBuffer.allocate(50_000);
        while (file.isPresent() && (next = file.get().read(helping)) == ClipBytes.Next.BYTES) {
          bytes.write(helping.array(), 0, helping.position());
          helping.clear();
        }
        assertTrue(nowUs < 20_000_000, "it never ends");
      }
    } finally {
      file.ifPresent(GrowingFile::close);
    }
    ring.all();
    return Files.write(folder.resolve("growing.mp4"), bytes.toByteArray());
  }
}

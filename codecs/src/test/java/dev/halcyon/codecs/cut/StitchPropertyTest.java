package dev.halcyon.codecs.cut;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.verify.FileMeasurer;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.verify.ClipCheck;
import dev.halcyon.core.clip.verify.ContractChecks;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.FrameRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random windows over two or three epochs, random times apart, of equal and of different sizes,
 * rates and codecs: no frame off, none black, repeated or mixed up at the joints, sound within 5 ms
 * in each part. {@code -Dhalcyon.cuts.rounds=5000} cuts as many windows, {@code
 * -Dhalcyon.cuts.seed=7} other ones.
 */
class StitchPropertyTest {
  private static final int USUAL_ROUNDS = 24;
  private static final int WINDOWS_A_RING = 4;
  private static final long LENGTH_US = 1_800_000;

  /** Stream time goes on by at least this (ADR 003). */
  private static final double SHORTEST_GAP_US = 1_000;

  private static final double LONGEST_GAP_US = 4_000_000;

  /** Of so many windows one is also held against its contract, and one read as it grows. */
  private static final int THOROUGH = 3;

  private static final int MOST_REORDERED = 3;

  @TempDir Path folder;

  /** One publisher's media, which may be sent again and again. */
  private record Sent(TestCard card, List<CodedPacket> packets) {}

  private static TestCard.Builder card(int id) {
    return TestCard.builder().size(320, 180).gop(20).audioBitrate(192_000).cardId(id);
  }

  private static List<Sent> publishers() {
    return List.of(
            card(1).bFrames(2).build(),
            card(2).bFrames(2).size(480, 270).build(),
            card(3).frameRate(new FrameRate(60, 1)).bFrames(3).openGop().build(),
            card(4).frameRate(new FrameRate(30_000, 1_001)).sizeChange(20, 256, 144).build(),
            card(5).frameTicks(1, 2, 1, 3).build(),
            card(6).video(Codec.HEVC).build())
        .stream()
        .map(card -> new Sent(card, EpochRing.coded(card, LENGTH_US)))
        .toList();
  }

  @Test
  void presentsExactlyTheWindow() throws Throwable {
    int rounds = Integer.getInteger("halcyon.cuts.rounds", USUAL_ROUNDS);
    long seed = Long.getLong("halcyon.cuts.seed", 1);
    List<Sent> publishers = publishers();
    Random random = new Random(seed);
    int stitched = 0;
    for (int round = 0; round < rounds; ) {
      Path file = folder.resolve("ring" + round);
      try (EpochRing ring = new EpochRing(file)) {
        List<Sent> sent = send(ring, publishers, random);
        for (int i = 0; i < WINDOWS_A_RING; i++) {
          String name = "round " + round + " seed " + seed + " ";
          int own = round++;
          boolean[] isStitched = new boolean[1];
          assertNoLeak(() -> isStitched[0] = assertExact(ring, sent, name, own, random));
          stitched += isStitched[0] ? 1 : 0;
        }
      }
      Files.delete(file);
    }
    int count = stitched;
    assertTrue(count > rounds / 4, () -> "only " + count + " windows span epochs");
  }

  private static List<Sent> send(EpochRing ring, List<Sent> publishers, Random random) {
    List<Sent> sent = new ArrayList<>();
    int epochs = 2 + random.nextInt(2);
    long startUs = 0;
    for (int epoch = 0; epoch < epochs; epoch++) {
      Sent next = publishers.get(random.nextInt(publishers.size()));
      ring.then(next.card(), next.packets(), startUs);
      sent.add(next);
      double spread = LONGEST_GAP_US / SHORTEST_GAP_US;
      double gapUs = SHORTEST_GAP_US * Math.pow(spread, random.nextDouble());
      startUs = ring.epoch(epoch).endUs() + Math.round(gapUs);
    }
    ring.all();
    return sent;
  }

  /** Whether the clip has several epochs. */
  private boolean assertExact(
      EpochRing ring, List<Sent> sent, String name, int round, Random random) throws IOException {
    long endUs = ring.epoch(sent.size() - 1).endUs();
    long fromUs = random.nextLong(endUs / 2);
    long toUs = fromUs + 200_000 + random.nextLong(endUs - fromUs);
    List<Integer> touched =
        IntStream.range(0, sent.size())
            .filter(e -> !ring.epoch(e).pictures().subMap(fromUs, toUs).isEmpty())
            .boxed()
            .toList();
    if (touched.isEmpty()) {
      return false;
    }
    List<Integer> wanted = touched.subList(0, together(touched, sent));
    CutRequest request = new CutRequest(fromUs, toUs, CutRequest.Outside.CLAMP);
    Path clip = folder.resolve("clip.mp4");
    CutResult result = RingCutter.cut(ring.ring(), request, clip);
    CutContract contract = result.contract();
    String where = name + "[" + fromUs + ", " + toUs + ") ";
    assertEquals(wanted, contract.epochs(), where);
    assertEquals(
        wanted.size() == touched.size()
            ? OptionalInt.empty()
            : OptionalInt.of(touched.get(wanted.size())),
        result.nextEpoch(),
        where);
    StitchOracle oracle = new StitchOracle(ring, fromUs, toUs, contract.deliveredStartUs(), 0);
    assertEquals(List.of(), oracle.faults(clip, wanted, 0), where);
    if (round % THOROUGH == 0) {
      assertEquals(List.of(), contractFaults(result, clip), where);
    } else if (round % THOROUGH == 1 && ring.epoch(wanted.getFirst()).startUs() <= fromUs) {
      // A window that is asked for between two epochs is resolved to the later one's start.
      Path grown = Grown.whole(ring.ring(), request, folder.resolve("growing.mp4"));
      assertEquals(List.of(), oracle.faults(grown, wanted, MOST_REORDERED), where + "growing");
    }
    return wanted.size() > 1;
  }

  private static int together(List<Integer> touched, List<Sent> sent) {
    int count = 1;
    while (count < touched.size()
        && codec(sent.get(touched.get(count))) == codec(sent.get(touched.getFirst()))) {
      count++;
    }
    return count;
  }

  private static Codec codec(Sent sent) {
    return sent.card().video().orElseThrow().codec();
  }

  private static List<String> contractFaults(CutResult result, Path clip) throws IOException {
    return ContractChecks.of(
            result.contract(),
            result.sizeBytes(),
            FileMeasurer.measure(clip, FileMeasurer.sha256(clip), Files.size(clip)))
        .checks()
        .stream()
        .filter(check -> !check.ok())
        .map(ClipCheck::toString)
        .toList();
  }
}

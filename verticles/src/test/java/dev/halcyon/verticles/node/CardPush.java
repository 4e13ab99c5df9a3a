package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.LivePush;
import dev.halcyon.codecs.mux.Pace;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Pushes a test card on a thread of its own, and knows where its frames lie in stream time. */
final class CardPush implements AutoCloseable {
  static final long ENDLESS = Long.MAX_VALUE;

  /** Of stamps in whole milliseconds, as FLV has them. */
  private static final long ROUNDING_US = 1_000;

  private static final long MAX_SKEW_US = 5_000;

  /** Players stop the sound within its last frame; FFmpeg, which judges, after it. */
  private static final long AAC_FRAME_US = 1_024_000_000L / 48_000 + ROUNDING_US;

  private final TestCard card;
  private final LivePush push;
  private final Thread thread;

  /** Of the first packet: its dts in the source, and when it was sent. */
  private final CompletableFuture<First> first = new CompletableFuture<>();

  private volatile long epochStartUs;
  private final CompletableFuture<LivePush.Report> report = new CompletableFuture<>();

  private record First(long dtsUs, long wallUs) {}

  private CardPush(String url, TestCard card, long durationUs, Pace pace) {
    this.card = card;
    this.push =
        new LivePush(
            url,
            pace,
            10_000,
            (track, dtsUs, ptsUs, nanoTime) -> {
              if (!first.isDone()) {
                first.complete(
                    new First(dtsUs, TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis())));
              }
            });
    this.thread = Thread.ofPlatform().daemon().name("push").start(() -> run(durationUs));
  }

  static CardPush realTime(TestStream stream, TestCard card) {
    return new CardPush(stream.rtmpUrl(), card, ENDLESS, Pace.REAL_TIME);
  }

  static CardPush realTime(String url, TestCard card) {
    return new CardPush(url, card, ENDLESS, Pace.REAL_TIME);
  }

  /** Three times as fast as real time. */
  static CardPush fast(TestStream stream, TestCard card, long durationUs) {
    return new CardPush(stream.rtmpUrl(), card, durationUs, new Pace(300));
  }

  /** Tells where the epoch that this push began lies, when it is not the stream's first. */
  void epochAt(long streamUs) {
    epochStartUs = streamUs;
  }

  private void run(long durationUs) {
    try (TestCardSource source =
        durationUs == ENDLESS
            ? TestCardSource.endless(card)
            : TestCardSource.of(card, durationUs)) {
      report.complete(push.run(source));
    } catch (HalcyonException failure) {
      report.completeExceptionally(failure);
    }
  }

  /** Waits for the end of the source; fails when the push did. */
  LivePush.Report await() throws Exception {
    return report.get(30, TimeUnit.SECONDS);
  }

  /** How the push failed. */
  String failure() throws InterruptedException {
    thread.join(30_000);
    return report.isCompletedExceptionally()
        ? String.valueOf(report.exceptionNow().getMessage())
        : "it did not fail";
  }

  boolean isOn() {
    return !report.isDone();
  }

  void abort() {
    push.abort();
  }

  /** Wall clock at which stream time 0 was sent; known once a packet was. */
  long startWallUs() {
    return first.join().wallUs();
  }

  /** Stream time of a moment of the programme. */
  long streamUs(long programmeUs) {
    long firstDtsUs = first.join().dtsUs();
    long shiftUs = Math.max(0, -firstDtsUs);
    long sinceStartMs =
        roundedMs(card.startUs() + programmeUs + shiftUs) - roundedMs(firstDtsUs + shiftUs);
    return epochStartUs + sinceStartMs * 1_000;
  }

  private static long roundedMs(long us) {
    return Math.floorDiv(us + 500, 1_000);
  }

  long framePtsUs(int frame) {
    return streamUs(card.video().orElseThrow().timeUs(frame));
  }

  int firstFrameFrom(long fromUs) {
    int frame = 0;
    while (framePtsUs(frame) < fromUs) {
      frame++;
    }
    return frame;
  }

  /**
   * Holds a clip against what its contract says was asked: exactly the frames of that window, sound
   * with them, and nothing else in the file than the contract says.
   */
  void assertExact(JsonObject clip, Verdict verdict) {
    JsonObject contract = TestUser.contract(clip);
    int firstFrame = firstFrameFrom(contract.getLong("requested_start_us"));
    int endFrame = firstFrameFrom(contract.getLong("requested_end_us"));
    assertFrames(firstFrame, endFrame - 1, verdict);
    assertFalse(contract.getBoolean("clamped"), contract::encode);
    assertEquals("[]", contract.getJsonArray("gaps").encode());
    assertEquals(framePtsUs(firstFrame), contract.getLong("delivered_start_us"), contract::encode);
    assertNear(framePtsUs(endFrame), contract.getLong("delivered_end_us"), contract);
    int gopFrames = card.video().orElseThrow().gopFrames();
    long keyframeUs = framePtsUs(firstFrame / gopFrames * gopFrames);
    assertEquals(keyframeUs, contract.getLong("keyframe_us"), contract::encode);
    assertEquals(
        framePtsUs(firstFrame) - keyframeUs, contract.getLong("trim_us"), contract::encode);
    assertMeasured(contract, verdict);
  }

  /**
   * Holds a clip whose window ended after the epoch did against what it delivers instead: what the
   * publisher sent from the window's start on. Where it was cut off behind a picture that refers
   * back over others, these never came; that picture is shown all the same.
   */
  void assertCutShort(JsonObject clip, Verdict verdict) {
    JsonObject contract = TestUser.contract(clip);
    Verdict.Pictures pictures = verdict.pictures().orElseThrow();
    int lastFrame = pictures.lastFrame();
    int firstFrame = firstFrameFrom(contract.getLong("requested_start_us"));
    assertEquals(firstFrame, pictures.firstFrame(), verdict::toString);
    List<Integer> missing = pictures.missing();
    int reordered = card.video().orElseThrow().bFrames();
    List<Integer> neverSent =
        IntStream.range(lastFrame - missing.size(), lastFrame).boxed().toList();
    assertTrue(missing.size() <= reordered, verdict::toString);
    assertEquals(neverSent, missing, verdict::toString);
    assertEquals(
        lastFrame - firstFrame + 1 - missing.size(), pictures.presentedFrames(), verdict::toString);
    String asMissing = "missing frames " + missing;
    assertEquals(
        missing.isEmpty() ? List.of() : List.of(asMissing),
        verdict.faults(MAX_SKEW_US),
        verdict::toString);
    assertTrue(contract.getBoolean("clamped"), contract::encode);
    assertNear(framePtsUs(lastFrame + 1), contract.getLong("delivered_end_us"), contract);
    assertTrue(
        contract.getLong("delivered_end_us") < contract.getLong("requested_end_us"),
        contract::encode);
    assertMeasured(contract, verdict);
  }

  /** The file against its contract: length, and where the sound lies against the pictures. */
  static void assertMeasured(JsonObject contract, Verdict verdict) {
    Verdict.Pictures pictures = verdict.pictures().orElseThrow();
    Verdict.Sound sound = verdict.sound().orElseThrow();
    long startUs = pictures.ptsUs().getFirst();
    long lengthUs = contract.getLong("delivered_end_us") - contract.getLong("delivered_start_us");
    assertNear(lengthUs, pictures.endUs() - startUs, contract);
    assertNear(contract.getLong("av_offset_start_us"), sound.startUs() - startUs, contract);
    long tailUs = sound.endUs() - pictures.endUs() - contract.getLong("av_offset_end_us");
    assertTrue(tailUs >= -ROUNDING_US && tailUs < AAC_FRAME_US, () -> tailUs + contract.encode());
  }

  /** Those frames, each once, in time with the sound. */
  static void assertFrames(int first, int last, Verdict verdict) {
    assertEquals(List.of(), verdict.faults(MAX_SKEW_US), verdict::toString);
    Verdict.Pictures pictures = verdict.pictures().orElseThrow();
    assertEquals(first, pictures.firstFrame(), verdict::toString);
    assertEquals(last, pictures.lastFrame(), verdict::toString);
    assertEquals(last - first + 1, pictures.presentedFrames(), verdict::toString);
    Optional<Verdict.Skew> skew = verdict.skew();
    assertTrue(skew.isPresent() && skew.get().markers() > 0, verdict::toString);
  }

  private static void assertNear(long expectedUs, long actualUs, JsonObject contract) {
    assertTrue(
        Math.abs(expectedUs - actualUs) <= ROUNDING_US,
        () -> expectedUs + " against " + actualUs + " us in " + contract.encode());
  }

  @Override
  public void close() {
    push.stop();
    try {
      thread.join(30_000);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}

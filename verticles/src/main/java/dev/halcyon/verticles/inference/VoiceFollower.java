package dev.halcyon.verticles.inference;

import dev.halcyon.codecs.model.SileroVad;
import dev.halcyon.core.inference.Importance;
import dev.halcyon.core.inference.Lot;
import dev.halcyon.core.speech.SpeechSegmenter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One stream's frames on their way through voice detection, one after the other, since each needs
 * the state that the one before left: so a batch holds at most one frame of a stream. Any thread.
 */
final class VoiceFollower {
  /** Two seconds; what is older is left out. */
  private static final int MOST_WAITING = 64;

  private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(1);

  private final UUID workspaceId;
  private final UUID streamId;
  private final ModelQueue<SileroVad.Frame, SileroVad.Answer> model;
  private final SpeechSegmenter segmenter;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Frame> waiting = new ArrayDeque<>();
  private float[] state = new float[SileroVad.STATE];
  private boolean isAsking;

  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Frame(long fromUs, long toUs, float[] samples, boolean isFirst) {}

  VoiceFollower(
      UUID workspaceId,
      UUID streamId,
      ModelQueue<SileroVad.Frame, SileroVad.Answer> model,
      SoundFindings findings) {
    this.workspaceId = workspaceId;
    this.streamId = streamId;
    this.model = model;
    segmenter = new SpeechSegmenter(findings::onSpeech);
  }

  void onFrame(long fromUs, long toUs, float[] samples, boolean isFirst) {
    lock.lock();
    try {
      if (waiting.size() >= MOST_WAITING) {
        waiting.removeFirst();
      }
      waiting.addLast(new Frame(fromUs, toUs, samples, isFirst));
      ask();
    } finally {
      lock.unlock();
    }
  }

  /** Asks about the next frame, unless one is asked about. Under the lock. */
  private void ask() {
    if (isAsking || waiting.isEmpty()) {
      return;
    }
    Frame next = waiting.removeFirst();
    if (next.isFirst()) {
      state = new float[SileroVad.STATE];
    }
    Lot lot =
        new Lot(workspaceId, streamId, Importance.LASTING, 1, System.nanoTime() + DEADLINE_NS);
    isAsking = true;
    Asked asked =
        model.ask(
            lot, new SileroVad.Frame(next.samples(), state), outcome -> onOutcome(next, outcome));
    // When it was not taken the next frame tries again: this one is lost.
    isAsking = asked.isTaken();
  }

  private void onOutcome(Frame frame, Outcome<SileroVad.Answer> outcome) {
    lock.lock();
    try {
      isAsking = false;
      if (outcome instanceof Outcome.Answered<SileroVad.Answer> answered) {
        state = answered.answer().state();
        segmenter.onFrame(frame.fromUs(), frame.toUs(), answered.answer().probability());
        ask();
      }
    } finally {
      lock.unlock();
    }
  }
}

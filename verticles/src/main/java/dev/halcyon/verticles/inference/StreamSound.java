package dev.halcyon.verticles.inference;

import dev.halcyon.codecs.audio.AudioBlock;
import dev.halcyon.codecs.audio.LogMelPatches;
import dev.halcyon.codecs.audio.MonoSound;
import dev.halcyon.codecs.model.SpeechFrames;
import dev.halcyon.core.detect.SoundTag;
import dev.halcyon.core.detect.SoundTags;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.inference.Importance;
import dev.halcyon.core.inference.Lot;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One live stream's sound on its way through the models that listen: brought to 16 kHz once for all
 * of them. Sound comes on tap threads, one at a time; answers come on the models' threads. What the
 * models are too slow for is left out: nothing waits for them.
 */
public final class StreamSound implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamSound.class);
  private static final long TAGS_DEADLINE_NS = TimeUnit.SECONDS.toNanos(2);

  private final UUID workspaceId;
  private final UUID streamId;
  private final Inference inference;
  private final SoundFindings findings;
  private final VoiceFollower voices;
  private final MonoSound mono = new MonoSound();
  private final SpeechFrames frames = new SpeechFrames();
  private final LogMelPatches patches = new LogMelPatches();
  private final ReentrantLock lock = new ReentrantLock();
  private long newestTagsUs = Long.MIN_VALUE;

  /** The sound cannot be brought to 16 kHz as it is now. */
  private boolean isRefused;

  public StreamSound(UUID workspaceId, UUID streamId, Inference inference, SoundFindings findings) {
    this.workspaceId = workspaceId;
    this.streamId = streamId;
    this.inference = inference;
    this.findings = findings;
    voices = new VoiceFollower(workspaceId, streamId, inference.voices(), findings);
  }

  /**
   * Takes the next run of sound.
   *
   * @param block at the source's rate, lent for the call
   */
  public void onSound(AudioBlock block) {
    if (isRefused) {
      return;
    }
    boolean isVoiced = inference.isLive(inference.voices()) && inference.voices().isUp();
    boolean isTagged = inference.isLive(inference.tags()) && inference.tags().isUp();
    if (!isVoiced && !isTagged) {
      return;
    }
    try {
      mono.add(block, heard -> onMono(heard, isVoiced, isTagged));
    } catch (HalcyonException failure) {
      // Its level is measured all the same.
      isRefused = true;
      log.warn("models do not listen [stream={}]: {}", streamId, failure.getMessage());
    }
  }

  private void onMono(AudioBlock heard, boolean isVoiced, boolean isTagged) {
    if (isVoiced) {
      frames.add(heard, voices::onFrame);
    }
    if (isTagged) {
      patches.add(heard, (fromUs, toUs, patch) -> askTags(fromUs, toUs, patch, isVoiced));
    }
  }

  private void askTags(long fromUs, long toUs, float[] patch, boolean isVoiced) {
    Lot lot =
        new Lot(workspaceId, streamId, Importance.LASTING, 1, System.nanoTime() + TAGS_DEADLINE_NS);
    inference
        .tags()
        .ask(
            lot,
            patch,
            outcome -> {
              if (outcome instanceof Outcome.Answered<Map<SoundTag, Double>> answered) {
                onTags(fromUs, toUs, answered.answer(), isVoiced);
              }
            });
  }

  private void onTags(long fromUs, long toUs, Map<SoundTag, Double> scores, boolean isVoiced) {
    Map<SoundTag, Double> told = new EnumMap<>(scores);
    if (isVoiced) {
      told.put(SoundTag.SPEECH, 0.0); // the other model tells it, and knows better when
    }
    lock.lock();
    try {
      if (fromUs > newestTagsUs) {
        newestTagsUs = fromUs;
        findings.onTags(new SoundTags(fromUs, toUs, told));
      }
    } finally {
      lock.unlock();
    }
  }

  /** What was heard so far is forgotten; native objects are freed. May be used again. */
  @Override
  public void close() {
    mono.close();
    patches.reset();
    isRefused = false;
  }
}

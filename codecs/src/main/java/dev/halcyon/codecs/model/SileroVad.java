package dev.halcyon.codecs.model;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Silero VAD: how likely somebody speaks in 32 ms of 16 kHz sound. It remembers nothing itself: who
 * asks brings what it answered for the frame before, so that frames of many streams share a batch.
 *
 * <pre>
 * input [n, 64 + 512]   the end of the frame before, and the frame
 * state [2, n, 128]     of each row two layers; in a {@link Frame} and an {@link Answer} they lie one after the other
 * sr    []              16,000
 * output [n, 1], stateN [2, n, 128]
 * </pre>
 */
public final class SileroVad implements BatchModel<SileroVad.Frame, SileroVad.Answer> {
  public static final int FRAME_SAMPLES = 512;
  public static final int CONTEXT_SAMPLES = 64;
  public static final int INPUT_SAMPLES = CONTEXT_SAMPLES + FRAME_SAMPLES;
  public static final int STATE = 2 * 128;

  private static final int RATE_HZ = 16_000;
  private static final int LAYER = STATE / 2;
  private static final int MOST = 64;

  private final ModelHandle model;
  private final TensorRoom room;
  private final FloatBuffer input;
  private final FloatBuffer state;
  private final LongBuffer rate;

  /**
   * What it is asked. The arrays are not changed by anybody while it is asked.
   *
   * @param samples {@value #INPUT_SAMPLES}, full scale ±1
   * @param state {@value #STATE}; zeros at the begin of a stream
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Frame(float[] samples, float[] state) {}

  /**
   * @param probability of speech, 0..1
   * @param state for the next frame of the same stream
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Answer(double probability, float[] state) {}

  private SileroVad(ModelHandle model) {
    this.model = model;
    room =
        new TensorRoom(
            TensorRoom.floatBytes((long) MOST * INPUT_SAMPLES)
                + TensorRoom.floatBytes((long) MOST * STATE)
                + TensorRoom.floatBytes(2));
    input = room.floats(MOST * INPUT_SAMPLES);
    state = room.floats(MOST * STATE);
    rate = room.oneLong(RATE_HZ);
  }

  /**
   * @throws dev.halcyon.core.error.HalcyonException MODEL_UNAVAILABLE when the file is no such
   *     model
   */
  public static SileroVad open(Path file, ModelOptions options) {
    return Trial.of(new SileroVad(ModelHandle.open(file, options)));
  }

  @Override
  public int maxBatch() {
    return MOST;
  }

  @Override
  public Frame sample() {
    return new Frame(new float[INPUT_SAMPLES], new float[STATE]);
  }

  @Override
  public List<Answer> compute(List<Frame> frames) {
    int count = frames.size();
    for (int row = 0; row < count; row++) {
      input.put(row * INPUT_SAMPLES, frames.get(row).samples(), 0, INPUT_SAMPLES);
      state.put(row * LAYER, frames.get(row).state(), 0, LAYER);
      state.put((count + row) * LAYER, frames.get(row).state(), LAYER, LAYER);
    }
    List<Tensor.Floats> outputs =
        model.run(
            List.of(
                new Tensor.Floats("input", List.of((long) count, (long) INPUT_SAMPLES), input),
                new Tensor.Floats("state", List.of(2L, (long) count, (long) LAYER), state),
                new Tensor.Longs("sr", List.of(), rate)));
    FloatBuffer probabilities = outputs.get(0).values();
    FloatBuffer states = outputs.get(1).values();
    List<Answer> answers = new ArrayList<>(count);
    for (int row = 0; row < count; row++) {
      float[] next = new float[STATE];
      states.get(row * LAYER, next, 0, LAYER);
      states.get((count + row) * LAYER, next, LAYER, LAYER);
      answers.add(new Answer(Math.clamp(probabilities.get(row), 0, 1), next));
    }
    return answers;
  }

  @Override
  public void close() {
    model.close();
    room.close();
  }
}

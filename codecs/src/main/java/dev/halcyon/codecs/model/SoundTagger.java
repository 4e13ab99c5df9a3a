package dev.halcyon.codecs.model;

import dev.halcyon.codecs.audio.LogMelPatches;
import dev.halcyon.core.detect.SoundTag;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * YAMNet: which sounds are heard in about a second, of the 521 classes of AudioSet; those that
 * Halcyon listens for are gathered into {@link SoundTag}s. It is asked patches of {@link
 * LogMelPatches}.
 */
public final class SoundTagger implements BatchModel<float[], Map<SoundTag, Double>> {
  private static final int PATCH = LogMelPatches.PATCH_FRAMES * LogMelPatches.BANDS;
  private static final int CLASSES = 521;
  private static final int MOST = 16;

  /** The numbers of AudioSet's classes in the model's order; the surest of a tag's counts. */
  private static final Map<SoundTag, int[]> CLASSES_OF =
      new EnumMap<>(
          Map.of(
              // Speech, child speech, conversation, narration
              SoundTag.SPEECH, new int[] {0, 1, 2, 3},
              SoundTag.MUSIC, new int[] {132},
              // Laughter, baby laughter, giggle, snicker, belly laugh, chuckle
              SoundTag.LAUGHTER, new int[] {13, 14, 15, 16, 17, 18},
              // Clapping, applause
              SoundTag.APPLAUSE, new int[] {58, 62},
              // Whoop, screaming, cheering, crowd
              SoundTag.CHEER, new int[] {8, 11, 61, 64},
              // Gunshot, machine gun, fusillade, artillery
              SoundTag.GUNSHOT, new int[] {421, 422, 423, 424}));

  private final ModelHandle model;
  private final TensorRoom room;
  private final FloatBuffer input;

  private SoundTagger(ModelHandle model) {
    this.model = model;
    room = new TensorRoom(TensorRoom.floatBytes((long) MOST * PATCH));
    input = room.floats(MOST * PATCH);
  }

  /**
   * @throws dev.halcyon.core.error.HalcyonException MODEL_UNAVAILABLE when the file is no such
   *     model
   */
  public static SoundTagger open(Path file, ModelOptions options) {
    return Trial.of(new SoundTagger(ModelHandle.open(file, options)));
  }

  @Override
  public int maxBatch() {
    return MOST;
  }

  @Override
  public float[] sample() {
    return new float[PATCH];
  }

  @Override
  public List<Map<SoundTag, Double>> compute(List<float[]> patches) {
    for (int row = 0; row < patches.size(); row++) {
      input.put(row * PATCH, patches.get(row), 0, PATCH);
    }
    FloatBuffer scores =
        model
            .run(
                List.of(
                    new Tensor.Floats(
                        "log_mel",
                        List.of(
                            (long) patches.size(),
                            (long) LogMelPatches.PATCH_FRAMES,
                            (long) LogMelPatches.BANDS),
                        input)))
            .getFirst()
            .values();
    List<Map<SoundTag, Double>> tags = new ArrayList<>(patches.size());
    for (int row = 0; row < patches.size(); row++) {
      tags.add(tags(scores.slice(row * CLASSES, CLASSES)));
    }
    return tags;
  }

  private static Map<SoundTag, Double> tags(FloatBuffer scores) {
    Map<SoundTag, Double> tags = new EnumMap<>(SoundTag.class);
    CLASSES_OF.forEach(
        (tag, classes) -> {
          double most = 0;
          for (int each : classes) {
            most = Math.max(most, scores.get(each));
          }
          tags.put(tag, Math.clamp(most, 0, 1));
        });
    return tags;
  }

  @Override
  public void close() {
    model.close();
    room.close();
  }
}

package dev.halcyon.codecs.model;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.TestMedia;
import dev.halcyon.codecs.audio.AudioBlock;
import dev.halcyon.codecs.audio.LogMelPatches;
import dev.halcyon.codecs.audio.Speaker;
import dev.halcyon.core.detect.SoundTag;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SoundTaggerTest {
  private static List<float[]> patches(String name) throws Exception {
    byte[] bytes = Files.readAllBytes(TestMedia.file(name));
    ShortBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    float[] samples = new float[values.remaining()];
    for (int i = 22; i < samples.length; i++) {
      samples[i] = values.get(i) / 32768f;
    }
    List<float[]> patches = new ArrayList<>();
    new LogMelPatches()
        .add(
            new AudioBlock(0, 16_000, Speaker.MONO, new float[][] {samples}, samples.length),
            (fromUs, toUs, patch) -> patches.add(patch));
    return patches;
  }

  @Test
  void hearsSpeechAloneAndInBatches() throws Throwable {
    Path model = TestMedia.model("yamnet_float.onnx");
    List<float[]> patches = patches("speech_two_speakers.wav").subList(2, 18);
    assertNoLeak(
        () -> {
          try (SoundTagger tagger = SoundTagger.open(model, ModelOptions.CALLER)) {
            List<Map<SoundTag, Double>> together = tagger.compute(patches);
            long spoken = together.stream().filter(tags -> tags.get(SoundTag.SPEECH) > 0.5).count();
            assertTrue(spoken >= 12, spoken + " of 16 patches are speech");
            for (Map<SoundTag, Double> tags : together) {
              assertTrue(tags.get(SoundTag.GUNSHOT) < 0.1, tags.toString());
              assertTrue(tags.get(SoundTag.LAUGHTER) < 0.3, tags.toString());
            }
            for (int i = 0; i < patches.size(); i += 5) {
              Map<SoundTag, Double> alone = tagger.compute(List.of(patches.get(i))).getFirst();
              for (SoundTag tag : SoundTag.values()) {
                assertEquals(alone.get(tag), together.get(i).get(tag), 1e-4, tag + " of " + i);
              }
            }
          }
        });
  }
}

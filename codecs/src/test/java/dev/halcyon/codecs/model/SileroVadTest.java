package dev.halcyon.codecs.model;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.TestMedia;
import dev.halcyon.codecs.audio.AudioBlock;
import dev.halcyon.codecs.audio.Speaker;
import dev.halcyon.codecs.testcard.TestModel;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.speech.SpeechSegmenter;
import dev.halcyon.core.speech.SpeechWindow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SileroVadTest {
  private static final int WAV_HEADER = 44;

  @TempDir private Path folder;

  /** 16 kHz mono of 16 bits. */
  private static AudioBlock sound(String name) throws Exception {
    byte[] bytes = Files.readAllBytes(TestMedia.file(name));
    ShortBuffer values =
        ByteBuffer.wrap(bytes, WAV_HEADER, bytes.length - WAV_HEADER)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asShortBuffer();
    float[] samples = new float[values.remaining()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = values.get(i) / 32768f;
    }
    return new AudioBlock(0, 16_000, Speaker.MONO, new float[][] {samples}, samples.length);
  }

  private record Heard(long fromUs, long toUs, double probability) {}

  private static List<Heard> listen(SileroVad vad, AudioBlock sound) {
    List<Heard> heard = new ArrayList<>();
    float[][] state = {new float[SileroVad.STATE]};
    new SpeechFrames()
        .add(
            sound,
            (fromUs, toUs, samples, isFirst) -> {
              SileroVad.Answer answer =
                  vad.compute(List.of(new SileroVad.Frame(samples, state[0]))).getFirst();
              state[0] = answer.state();
              heard.add(new Heard(fromUs, toUs, answer.probability()));
            });
    return heard;
  }

  private record Turn(long fromUs, long toUs) {}

  private static List<Turn> turns(String name) throws Exception {
    return Files.readAllLines(TestMedia.file(name)).stream()
        .map(line -> line.split("\\s+"))
        .map(
            parts -> {
              long fromUs = Math.round(Double.parseDouble(parts[3]) * 1e6);
              return new Turn(fromUs, fromUs + Math.round(Double.parseDouble(parts[4]) * 1e6));
            })
        .toList();
  }

  @Test
  void hearsWhatAPersonMarkedAsSpeech() throws Throwable {
    Path model = TestMedia.model("silero_vad.onnx");
    AudioBlock sound = sound("dialogue.wav");
    List<Turn> turns = turns("dialogue.rttm");
    assertNoLeak(
        () -> {
          List<SpeechWindow> windows = new ArrayList<>();
          try (SileroVad vad = SileroVad.open(model, ModelOptions.CALLER)) {
            SpeechSegmenter segmenter = new SpeechSegmenter(windows::add);
            listen(vad, sound)
                .forEach(each -> segmenter.onFrame(each.fromUs(), each.toUs(), each.probability()));
            segmenter.end();
          }
          List<SpeechWindow> finals = windows.stream().filter(SpeechWindow::isFinal).toList();
          int right = 0;
          int all = 0;
          for (long atUs = 0; atUs < 30_000_000; atUs += 10_000) {
            long nowUs = atUs;
            boolean isMarked =
                turns.stream().anyMatch(t -> t.fromUs() <= nowUs && nowUs < t.toUs());
            boolean isFound =
                finals.stream().anyMatch(w -> w.fromUs() <= nowUs && nowUs < w.toUs());
            right += isMarked == isFound ? 1 : 0;
            all++;
          }
          System.out.println("speech as marked by hand: " + 100.0 * right / all + " % of 30 s");
          assertTrue(right > 0.9 * all, right + " of " + all);
        });
  }

  @Test
  void answersTheSameAloneAndInABatch() throws Throwable {
    Path model = TestMedia.model("silero_vad.onnx");
    List<List<float[]>> streams = new ArrayList<>();
    for (String name : List.of("dialogue.wav", "speech_two_speakers.wav")) {
      List<float[]> frames = new ArrayList<>();
      new SpeechFrames().add(sound(name), (from, to, samples, isFirst) -> frames.add(samples));
      streams.add(frames);
    }
    assertNoLeak(
        () -> {
          try (SileroVad vad = SileroVad.open(model, ModelOptions.CALLER)) {
            List<float[]> together = List.of(vad.sample().state(), vad.sample().state());
            List<float[]> alone = together;
            for (int i = 0; i < 200; i++) {
              List<SileroVad.Frame> batch = new ArrayList<>();
              List<SileroVad.Answer> singles = new ArrayList<>();
              for (int s = 0; s < 2; s++) {
                float[] samples = streams.get(s).get(i);
                batch.add(new SileroVad.Frame(samples, together.get(s)));
                singles.add(
                    vad.compute(List.of(new SileroVad.Frame(samples, alone.get(s)))).getFirst());
              }
              List<SileroVad.Answer> answers = vad.compute(batch);
              for (int s = 0; s < 2; s++) {
                assertEquals(singles.get(s).probability(), answers.get(s).probability(), 1e-3);
              }
              together = answers.stream().map(SileroVad.Answer::state).toList();
              alone = singles.stream().map(SileroVad.Answer::state).toList();
            }
          }
        });
  }

  @Test
  void silenceIsNoSpeech() throws Throwable {
    Path model = TestMedia.model("silero_vad.onnx");
    assertNoLeak(
        () -> {
          try (SileroVad vad = SileroVad.open(model, ModelOptions.CALLER)) {
            float[] silence = new float[16_000];
            List<Heard> heard =
                listen(
                    vad,
                    new AudioBlock(
                        7_000_000, 16_000, Speaker.MONO, new float[][] {silence}, silence.length));
            assertEquals(31, heard.size());
            assertEquals(7_000_000, heard.getFirst().fromUs());
            assertEquals(7_032_000, heard.getFirst().toUs());
            assertTrue(heard.stream().allMatch(each -> each.probability() < 0.2));
          }
        });
  }

  @Test
  void refusesAnotherModel() throws Throwable {
    Path other =
        Files.write(
            folder.resolve("other.onnx"), TestModel.affine(new float[][] {{1}}, new float[] {0}));
    assertNoLeak(
        () -> {
          HalcyonException refused =
              assertThrows(
                  HalcyonException.class, () -> SileroVad.open(other, ModelOptions.CALLER));
          assertEquals(ErrorCode.MODEL_UNAVAILABLE, refused.code());
          assertTrue(refused.getMessage().contains("another model"), refused.getMessage());
        });
  }
}

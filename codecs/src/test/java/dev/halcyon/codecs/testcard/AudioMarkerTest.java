package dev.halcyon.codecs.testcard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AudioMarkerTest {
  @ParameterizedTest
  @ValueSource(ints = {16_000, 22_050, 44_100, 48_000, 96_000})
  void findsEachMarkerAtItsSampleAtEveryRate(int sampleRateHz) {
    CardAudio sound = new CardAudio(TestCardProgramme.markersOnly(), 200, sampleRateHz, 0);
    float[] samples = new float[3 * sampleRateHz];
    sound.render(samples);
    List<MarkerReader.Heard> heard = read(samples, sampleRateHz, 1000);
    assertEquals(30, heard.size());
    for (int i = 0; i < heard.size(); i++) {
      assertEquals(new MarkerWord(i, 200), heard.get(i).word());
      assertEquals(i * sampleRateHz / 10.0, heard.get(i).position(), 0.3);
    }
  }

  @Test
  void findsTheSameMarkersHoweverTheSamplesArrive() {
    CardAudio sound = new CardAudio(TestCardProgramme.markersOnly(), 1, 48_000, 0);
    float[] samples = new float[5 * 48_000 + 1234];
    sound.render(samples);
    List<MarkerReader.Heard> whole = read(samples, 48_000, samples.length);
    assertEquals(50, whole.size());
    for (int chunk : new int[] {1, 1024, 16_384, 13_000}) {
      assertEquals(whole, read(samples, 48_000, chunk));
    }
  }

  @Test
  void hearsMarkersThroughNoiseWithinASample() {
    Random random = new Random(11);
    CardAudio sound = new CardAudio(TestCardProgramme.markersOnly(), 1, 48_000, 0);
    float[] samples = new float[4 * 48_000];
    sound.render(samples);
    for (int n = 0; n < samples.length; n++) {
      samples[n] = 0.05f * samples[n] + (float) random.nextGaussian() * 0.001f;
    }
    List<MarkerReader.Heard> heard = read(samples, 48_000, 960);
    assertEquals(40, heard.size());
    for (int i = 0; i < heard.size(); i++) {
      assertEquals(i * 4800.0, heard.get(i).position(), 1);
    }
  }

  @Test
  void hearsNothingInNoiseOrSilence() {
    float[] samples = new float[48_000 * 5];
    assertTrue(read(samples, 48_000, 1024).isEmpty());
    Random random = new Random(3);
    for (int n = 0; n < samples.length; n++) {
      samples[n] = (float) random.nextGaussian() * 0.2f;
    }
    assertTrue(read(samples, 48_000, 1024).isEmpty());
  }

  @Test
  void doesNotCountAMarkerThatTheEndCutsOff() {
    CardAudio sound = new CardAudio(TestCardProgramme.markersOnly(), 1, 48_000, 0);
    float[] samples = new float[4800 + 1500];
    sound.render(samples);
    MarkerReader reader = new MarkerReader(48_000);
    reader.accept(samples, samples.length);
    assertEquals(1, reader.finish().size());
    assertEquals(0, reader.unreadable());
  }

  @Test
  void keepsTheMarkersReadableUnderTheProgramme() {
    CardAudio sound = new CardAudio(TestCardProgramme.demo(), 5, 48_000, 0);
    float[] samples = new float[60 * 48_000];
    sound.render(samples);
    assertEquals(60, read(samples, 48_000, 4096).size());
  }

  private static List<MarkerReader.Heard> read(float[] samples, int sampleRateHz, int chunk) {
    MarkerReader reader = new MarkerReader(sampleRateHz);
    float[] part = new float[chunk];
    for (int from = 0; from < samples.length; from += chunk) {
      int length = Math.min(chunk, samples.length - from);
      System.arraycopy(samples, from, part, 0, length);
      reader.accept(part, length);
    }
    return reader.finish();
  }
}

package dev.halcyon.codecs.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.TestMedia;
import dev.halcyon.core.detect.AudioLevel;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the {@code ebur128} filter of an installed ffmpeg program, on real recordings. */
class LevelMeterRealMediaTest {
  /** {@code t: 1.2 TARGET:-23 LUFS M: -20.1 S:…}: one line every 100 ms, t the window's end. */
  private static final Pattern LINE = Pattern.compile("t:\\s*([0-9.]+)\\s.*?M:\\s*(-?[0-9.]+)");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"crowd_panic.mp3,44100", "speech_jfk.flac,48000", "music_vibe_ace.ogg,48000"})
  void readsWhatAnotherMeterReads(String name, int rateHz) throws Exception {
    Path file = TestMedia.file(name);
    TestMedia.require(Files.isExecutable(Path.of("/usr/bin/ffmpeg")), "no ffmpeg program");
    Map<Long, Double> theirs = theirs(file, rateHz);
    int compared = 0;
    for (AudioLevel level : ours(file, rateHz)) {
      Double other = theirs.get(Math.round(level.atUs() / 100_000.0));
      if (other != null && other > AudioLevel.SILENCE_LUFS + 1) {
        assertEquals(other, level.momentaryLufs(), 0.11, name + " at " + level.atUs() + " us");
        compared++;
      }
    }
    assertTrue(compared > 50, "compared " + compared);
  }

  private Map<Long, Double> theirs(Path file, int rateHz) throws Exception {
    Path log = folder.resolve("ebur128.log");
    run(
        log,
        List.of(
            "-i",
            file.toString(),
            "-t",
            "60",
            "-ac",
            "2",
            "-ar",
            "" + rateHz,
            "-af",
            "ebur128=framelog=verbose",
            "-v",
            "verbose",
            "-f",
            "null",
            "-"));
    Map<Long, Double> levels = new HashMap<>();
    for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
      Matcher found = LINE.matcher(line);
      if (line.contains("ebur128") && found.find()) {
        levels.put(
            Math.round(Double.parseDouble(found.group(1)) * 10),
            Double.parseDouble(found.group(2)));
      }
    }
    return levels;
  }

  private List<AudioLevel> ours(Path file, int rateHz) throws Exception {
    Path raw = folder.resolve("samples.f32");
    run(
        folder.resolve("decode.log"),
        List.of(
            "-i",
            file.toString(),
            "-t",
            "60",
            "-ac",
            "2",
            "-ar",
            "" + rateHz,
            "-f",
            "f32le",
            "-y",
            raw.toString()));
    List<AudioLevel> levels = new ArrayList<>();
    LevelMeter meter = new LevelMeter();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(raw))) {
      long at = 0;
      byte[] bytes = in.readNBytes(1_024 * 8);
      while (bytes.length > 0) {
        meter.add(block(bytes, at, rateHz), levels::add);
        at += bytes.length / 8;
        bytes = in.readNBytes(1_024 * 8);
      }
    }
    return levels;
  }

  private static AudioBlock block(byte[] interleaved, long firstSample, int rateHz) {
    ByteBuffer values = ByteBuffer.wrap(interleaved).order(ByteOrder.LITTLE_ENDIAN);
    int samples = interleaved.length / 8;
    float[][] planes = new float[2][samples];
    for (int i = 0; i < samples; i++) {
      planes[0][i] = values.getFloat();
      planes[1][i] = values.getFloat();
    }
    return new AudioBlock(
        firstSample * 1_000_000 / rateHz, rateHz, Speaker.STEREO, planes, samples);
  }

  private static void run(Path log, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/usr/bin/ffmpeg", "-nostdin", "-hide_banner"));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertEquals(0, process.waitFor(), "ffmpeg " + arguments);
  }
}

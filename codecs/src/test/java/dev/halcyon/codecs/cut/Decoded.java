package dev.halcyon.codecs.cut;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Media made and decoded by the machine's ffmpeg. */
final class Decoded {
  private static final String PICTURES = "testsrc2=size=320x240:rate=25:duration=6";
  private static final String SOUND =
      "aevalsrc='0.4*sin(2*PI*t*(300+100*t))|0.3*sin(2*PI*t*440)':s=48000:d=6";

  /** A decoded picture: presentation time and digest. */
  record Frame(long ptsUs, String md5) {}

  private Decoded() {}

  /** Six seconds of moving pictures and two gliding tones; skips the test without ffmpeg. */
  static Path source(Path folder, String name, String... coding) throws Exception {
    Program.require("ffmpeg");
    Path file = folder.resolve(name);
    List<String> arguments =
        new ArrayList<>(List.of("-f", "lavfi", "-i", PICTURES, "-f", "lavfi", "-i", SOUND));
    arguments.addAll(List.of(coding));
    arguments.add(file.toString());
    Program.ffmpeg(arguments.toArray(String[]::new));
    return file;
  }

  /**
   * @param options of the demuxer and the decoders
   */
  static List<Frame> frames(Path file, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-copyts"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("-i", file.toString(), "-map", "0:v:0", "-vsync", "passthrough"));
    arguments.addAll(List.of("-enc_time_base", "-1", "-f", "framemd5", "-"));
    String output =
        new String(Program.ffmpeg(arguments.toArray(String[]::new)), StandardCharsets.UTF_8);
    List<Frame> frames = new ArrayList<>();
    long denominator = 0;
    for (String line : output.lines().toList()) {
      if (line.startsWith("#tb 0: 1/")) {
        denominator = Long.parseLong(line.substring(9).trim());
      } else if (!line.startsWith("#")) {
        List<String> fields = List.of(line.split("\\s*,\\s*", -1));
        long ptsUs = Math.round(Long.parseLong(fields.get(2).trim()) * 1e6 / denominator);
        frames.add(new Frame(ptsUs, fields.get(5)));
      }
    }
    return frames;
  }

  static float[] sound(Path file) throws Exception {
    byte[] raw =
        Program.ffmpeg("-i", file.toString(), "-map", "0:a:0", "-f", "f32le", "-ac", "2", "-");
    float[] samples = new float[raw.length / 4];
    ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(samples);
    return samples;
  }
}

package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.TestMedia;
import dev.halcyon.codecs.av.Av;
import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.decode.Picture;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.detect.SceneScore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.junit.jupiter.api.Test;

/** Against filmed material whose cuts are known, sampled twice a second. */
class SceneScorerRealMediaTest {
  private static final long SAMPLE_US = 500_000;

  @Test
  void ranksIntervalsWithACutAboveThoseWithout() throws IOException {
    List<Double> cuts = cuts(TestMedia.file("cuts.json"), "interviews_20cuts.mp4");
    List<Double> with = new ArrayList<>();
    List<Double> without = new ArrayList<>();
    for (SceneScore score : scores(TestMedia.file("interviews_20cuts.mp4"))) {
      boolean isCut =
          cuts.stream()
              .anyMatch(
                  cut ->
                      cut * 1e6 > score.atUs() - SAMPLE_US && cut * 1e6 <= score.atUs() + 20_000);
      (isCut ? with : without).add(score.difference());
    }
    double ranked = rankedShare(with, without);
    assertTrue(ranked > 0.9, "share of pairs in the right order: " + ranked);
  }

  private static double rankedShare(List<Double> with, List<Double> without) {
    long right = 0;
    for (double high : with) {
      right += without.stream().filter(low -> low < high).count();
    }
    return (double) right / (with.size() * (long) without.size());
  }

  private static List<Double> cuts(Path json, String file) throws IOException {
    Matcher list =
        Pattern.compile(Pattern.quote(file) + "\": \\{\\s*\"cuts\": \\[([^]]*)]")
            .matcher(Files.readString(json));
    assertTrue(list.find(), "cuts of " + file);
    List<Double> cuts = new ArrayList<>();
    for (String number : list.group(1).split(",", -1)) {
      cuts.add(Double.parseDouble(number.strip()));
    }
    return cuts;
  }

  private static List<SceneScore> scores(Path file) {
    List<SceneScore> scores = new ArrayList<>();
    SceneScorer scorer = new SceneScorer();
    try (DemuxerHandle input = DemuxerHandle.ofFile(file);
        FrameScaler scaler = new FrameScaler();
        PacketHandle packet = new PacketHandle();
        FrameHandle frame = new FrameHandle()) {
      AVStream stream = input.stream(0);
      try (CodecContextHandle decoder = CodecContextHandle.decoder(stream.codecpar().codec_id())) {
        Av.check(avcodec_parameters_to_context(decoder.pointer(), stream.codecpar()), "parameters");
        decoder.open(Map.of());
        long nextUs = 0;
        while (input.read(packet)) {
          if (packet.pointer().stream_index() != 0) {
            continue;
          }
          decoder.send(packet);
          while (decoder.receive(frame)) {
            long ptsUs =
                frame.pointer().pts()
                    * 1_000_000
                    * stream.time_base().num()
                    / stream.time_base().den();
            if (ptsUs >= nextUs) {
              nextUs = ptsUs + SAMPLE_US;
              scorer
                  .score(scaler.scale(new Picture(ptsUs, frame.pointer())))
                  .ifPresent(scores::add);
            }
          }
        }
      }
    }
    return scores;
  }
}

package dev.halcyon.codecs.analyse;

import dev.halcyon.core.analysis.Analysis;
import dev.halcyon.core.analysis.AnalysisPart;
import dev.halcyon.core.analysis.FrameIndex;
import dev.halcyon.core.analysis.SceneAnalysis;
import dev.halcyon.core.analysis.SoundAnalysis;
import dev.halcyon.core.analysis.TimeSpan;
import java.util.Optional;

/** Every picture and all of the sound, read once. One platform thread. */
final class FullAnalysis {
  private FullAnalysis() {}

  static Analysis run(AnalysisInput input) {
    input.progress().begin(0, 1, 0, input.probe().durationUs());
    SoundAnalyser heard = new SoundAnalyser();
    try (PictureAnalyser seen = new PictureAnalyser(input);
        Decoders decoders =
            new Decoders(
                input, PictureDecoder.Mode.ALL, seen::onPicture, heard::add, packet -> {})) {
      decoders.read();
      seen.finish();
      input.clock().tookElsewhere(AnalysisPart.SCENES, seen.cutsNs());
      input.clock().tookElsewhere(AnalysisPart.FACES, seen.facesNs());
      Optional<SoundAnalysis> sound =
          input.sound().isPresent()
              ? Optional.of(heard.end(input.probe().durationUs()))
              : Optional.empty();
      return seen.hasPictures()
          ? withPictures(input, sound, seen, decoders)
          : new Analysis(
              Optional.empty(),
              sound,
              Optional.empty(),
              Optional.empty(),
              decoders.damagedPackets());
    }
  }

  private static Analysis withPictures(
      AnalysisInput input, Optional<SoundAnalysis> sound, PictureAnalyser seen, Decoders decoders) {
    FrameIndex index = seen.index(decoders.pictureEndUs());
    SceneAnalysis scenes =
        new SceneAnalysis(new TimeSpan(index.ptsUs(0), index.endUs()), seen.cuts());
    return new Analysis(
        Optional.of(index),
        sound,
        Optional.of(scenes).filter(all -> input.isWanted(AnalysisPart.SCENES)),
        seen.faces(scenes),
        decoders.damagedPackets());
  }
}

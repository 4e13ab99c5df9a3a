package dev.halcyon.bench.inference;

import dev.halcyon.codecs.model.ModelOptions;
import dev.halcyon.codecs.model.SileroVad;
import dev.halcyon.codecs.model.SoundTagger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the models of the bench lie: as a node keeps them, or as files of their own names. */
record ModelFiles(Path folder) {
  Path silero() throws IOException {
    return first(List.of("silero-vad/model.onnx", "silero_vad.onnx"));
  }

  Path yamnet() throws IOException {
    return first(List.of("yamnet/model.onnx", "yamnet_float.onnx"));
  }

  SileroVad openSilero() throws IOException {
    return SileroVad.open(silero(), ModelOptions.CALLER);
  }

  SoundTagger openYamnet() throws IOException {
    return SoundTagger.open(yamnet(), ModelOptions.CALLER);
  }

  private Path first(List<String> names) throws IOException {
    for (String name : names) {
      if (Files.isReadable(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw new IOException(folder + " has none of " + names + "; say --models DIR");
  }
}

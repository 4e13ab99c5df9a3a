package dev.halcyon.codecs.model;

import ai.djl.engine.Engine;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.bytedeco.javacpp.Loader;

/**
 * The engine that all models run on: DJL on ONNX Runtime, whose natives come with its jar. It
 * fetches nothing and reports to nobody. Loaded once, at the first use; any thread.
 */
public final class ModelRuntime {
  private static final String ENGINE = "OnnxRuntime";
  private static final String NATIVE_PATH = "onnxruntime.native.path";
  private static final List<String> LIBRARIES =
      List.of("linux-x64/libonnxruntime.so", "linux-x64/libonnxruntime4j_jni.so");

  /** One environment in a process, for its whole life, as ONNX Runtime wants it. */
  private static final class Loaded {
    static final Engine ENGINE = load();

    private static Engine load() {
      // Without these DJL looks for zoos on the network and tells its makers that it runs.
      System.setProperty("ai.djl.offline", "true");
      System.setProperty("OPT_OUT_TRACKING", "true");
      unpackOnce();
      return Engine.getEngine(ModelRuntime.ENGINE);
    }

    /**
     * ONNX Runtime would unpack 20 MB for each process, and leave them when it is killed. They go
     * where those of FFmpeg are.
     */
    private static void unpackOnce() {
      if (System.getProperty(NATIVE_PATH) != null) {
        return;
      }
      try {
        for (String library : LIBRARIES) {
          File unpacked = Loader.cacheResource(Engine.class, "/ai/onnxruntime/native/" + library);
          if (unpacked == null) {
            return;
          }
          System.setProperty(NATIVE_PATH, unpacked.getParent());
        }
      } catch (IOException failure) {
        throw new UncheckedIOException("cannot unpack ONNX Runtime", failure);
      }
    }
  }

  private ModelRuntime() {}

  /**
   * @throws HalcyonException MODEL_UNAVAILABLE when the natives do not load on this machine
   */
  static Engine engine() {
    try {
      return Loaded.ENGINE;
    } catch (LinkageError | RuntimeException failure) {
      throw new HalcyonException(
          ErrorCode.MODEL_UNAVAILABLE, "ONNX Runtime does not load here: " + failure, failure);
    }
  }

  /**
   * Name and version, for people.
   *
   * @throws HalcyonException MODEL_UNAVAILABLE when the natives do not load on this machine
   */
  public static String version() {
    return "ONNX Runtime " + engine().getVersion();
  }
}

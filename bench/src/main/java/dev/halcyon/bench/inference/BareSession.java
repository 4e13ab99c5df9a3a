package dev.halcyon.bench.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.halcyon.codecs.audio.LogMelPatches;
import dev.halcyon.codecs.model.ModelRuntime;
import dev.halcyon.codecs.model.SileroVad;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The limit: ONNX Runtime called by its own API, on one thread, in direct memory that is kept, with
 * nothing around it. Closed by who opened it.
 */
final class BareSession implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession.SessionOptions options = new OrtSession.SessionOptions();
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final int batch;

  private BareSession(Path file, int batch) throws OrtException {
    ModelRuntime.version(); // it makes the one environment of the process
    environment = OrtEnvironment.getEnvironment();
    this.batch = batch;
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    session = environment.createSession(file.toString(), options);
  }

  static BareSession silero(Path file, int batch) throws OrtException {
    BareSession bare = new BareSession(file, batch);
    bare.floats("input", batch, SileroVad.INPUT_SAMPLES);
    bare.floats("state", 2, batch, SileroVad.STATE / 2);
    LongBuffer rate =
        ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder()).asLongBuffer();
    rate.put(0, 16_000);
    bare.inputs.put("sr", OnnxTensor.createTensor(bare.environment, rate, new long[0]));
    return bare;
  }

  static BareSession yamnet(Path file, int batch) throws OrtException {
    BareSession bare = new BareSession(file, batch);
    bare.floats("log_mel", batch, LogMelPatches.PATCH_FRAMES, LogMelPatches.BANDS);
    return bare;
  }

  private void floats(String name, long... shape) throws OrtException {
    int count = 1;
    for (long each : shape) {
      count = Math.multiplyExact(count, (int) each);
    }
    FloatBuffer values =
        ByteBuffer.allocateDirect(count * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    inputs.put(name, OnnxTensor.createTensor(environment, values, shape));
  }

  /** Answers a second. */
  double run(long ns) throws OrtException {
    long startNs = System.nanoTime();
    long calls = 0;
    while (System.nanoTime() - startNs < ns) {
      try (OrtSession.Result result = session.run(inputs)) {
        for (int i = 0; i < result.size(); i++) {
          ((OnnxTensor) result.get(i)).getFloatBuffer();
        }
      }
      calls++;
    }
    return calls * batch / ((System.nanoTime() - startNs) / 1e9);
  }

  @Override
  public void close() throws OrtException {
    inputs.values().forEach(OnnxTensor::close);
    session.close();
    options.close();
  }
}

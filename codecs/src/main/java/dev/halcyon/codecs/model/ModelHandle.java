package dev.halcyon.codecs.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.halcyon.codecs.av.NativeMemory;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The one owner of one open model. Any number of platform threads may run it at once; {@link
 * #close} waits for them. Its weights are counted as native memory; what a call needs besides is
 * kept by ONNX Runtime for the next one.
 */
public final class ModelHandle implements AutoCloseable {
  private final String name;
  private final Model model;
  private final Block block;
  private final List<String> inputs;
  private final NativeMemory.Held held;
  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
  private boolean isClosed;

  private ModelHandle(String name, Model model, long bytes) {
    this.name = name;
    this.model = model;
    block = model.getBlock();
    inputs = List.copyOf(block.describeInput().keys());
    held = NativeMemory.hold(NativeMemory.Tag.MODEL, bytes);
  }

  /**
   * Opens an ONNX file. Takes milliseconds to seconds.
   *
   * @throws HalcyonException MODEL_UNAVAILABLE, saying why, whatever is wrong with it
   */
  public static ModelHandle open(Path file, ModelOptions options) {
    String name = String.valueOf(file.getFileName());
    if (!Files.isReadable(file)) {
      throw unusable(name, "it cannot be read", null);
    }
    Device device =
        options.cudaDevice().isPresent()
            ? Device.gpu(options.cudaDevice().getAsInt())
            : Device.cpu();
    Model model = ModelRuntime.engine().newModel(name, device);
    try {
      model.load(
          file.toAbsolutePath(),
          null,
          Map.of(
              "intraOpNumThreads", Integer.toString(options.threads()), "interOpNumThreads", "1"));
      return new ModelHandle(name, model, Files.size(file));
    } catch (MalformedModelException refused) {
      model.close();
      throw unusable(name, String.valueOf(refused.getCause()), refused);
    } catch (IOException | RuntimeException | LinkageError failure) {
      model.close();
      throw unusable(name, failure.toString(), failure);
    }
  }

  private static HalcyonException unusable(String name, String why, Throwable cause) {
    return new HalcyonException(
        ErrorCode.MODEL_UNAVAILABLE, "the model " + name + " cannot be used: " + why, cause);
  }

  /** Their names, in the order in which {@link #run} takes them. */
  public List<String> inputs() {
    return inputs;
  }

  /**
   * Computes once, on the calling thread.
   *
   * @param given one for each of {@link #inputs}, in that order; borrowed for the call
   * @return the outputs in the model's order; those that are no 32-bit floats are left out
   * @throws IllegalArgumentException when the names are others
   * @throws IllegalStateException when closed
   * @throws HalcyonException MODEL_UNAVAILABLE when ONNX Runtime fails at it; that is how a shape
   *     is refused which the model does not take
   */
  public List<Tensor.Floats> run(List<Tensor> given) {
    requireFitting(given);
    use.readLock().lock();
    try {
      if (isClosed) {
        throw new IllegalStateException("closed [model=" + name + "]");
      }
      return compute(given);
    } finally {
      use.readLock().unlock();
    }
  }

  private List<Tensor.Floats> compute(List<Tensor> given) {
    try (NDManager batch = model.getNDManager().newSubManager()) {
      NDList arrays = new NDList(given.size());
      given.forEach(each -> arrays.add(array(batch, each)));
      NDList outputs = block.forward(new ParameterStore(batch, false), arrays, false);
      outputs.attach(batch);
      List<Tensor.Floats> results = new ArrayList<>(outputs.size());
      for (NDArray output : outputs) {
        if (output.getDataType() == DataType.FLOAT32) {
          results.add(
              new Tensor.Floats(
                  output.getName() == null ? "" : output.getName(),
                  Arrays.stream(output.getShape().getShape()).boxed().toList(),
                  FloatBuffer.wrap(output.toFloatArray())));
        }
      }
      return results;
    } catch (RuntimeException failure) {
      throw new HalcyonException(
          ErrorCode.MODEL_UNAVAILABLE, "the model " + name + " failed: " + failure, failure);
    }
  }

  private static NDArray array(NDManager manager, Tensor tensor) {
    Shape shape = new Shape(tensor.shape());
    int size = Math.toIntExact(Tensor.sizeOf(tensor.shape()));
    NDArray array =
        switch (tensor) {
          case Tensor.Floats floats ->
              manager.create(floats.values().slice(0, size), shape, DataType.FLOAT32);
          case Tensor.Longs longs ->
              manager.create(longs.values().slice(0, size), shape, DataType.INT64);
        };
    array.setName(tensor.name());
    return array;
  }

  private void requireFitting(List<Tensor> given) {
    List<String> names = given.stream().map(Tensor::name).toList();
    if (!names.equals(inputs)) {
      throw new IllegalArgumentException(
          "the model " + name + " takes " + inputs + " [given=" + names + "]");
    }
  }

  @Override
  public void close() {
    use.writeLock().lock();
    try {
      if (!isClosed) {
        isClosed = true;
        model.close();
        held.close();
      }
    } finally {
      use.writeLock().unlock();
    }
  }
}

package dev.halcyon.codecs.model;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.av.NativeMemory;
import dev.halcyon.codecs.testcard.TestModel;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelHandleTest {
  /** y = (x0 + 2 x1 + 10, 3 x0 − x1). */
  private static final byte[] MODEL =
      TestModel.affine(new float[][] {{1, 3}, {2, -1}}, new float[] {10, 0});

  @TempDir private Path folder;

  private Path file(byte[] content) throws Exception {
    return Files.write(folder.resolve("affine.onnx"), content);
  }

  private static Tensor rows(String name, FloatBuffer values, long rows) {
    return new Tensor.Floats(name, List.of(rows, 2L), values);
  }

  private static float[] run(ModelHandle model, float... values) {
    Tensor x = rows("x", FloatBuffer.wrap(values), values.length / 2);
    return model.run(List.of(x)).getFirst().values().array();
  }

  @Test
  void computesAnyNumberOfRows() throws Throwable {
    Path file = file(MODEL);
    assertNoLeak(
        () -> {
          try (ModelHandle model = ModelHandle.open(file, ModelOptions.CALLER)) {
            assertEquals(List.of("x"), model.inputs());
            assertEquals("[15.0, 1.0]", Arrays.toString(run(model, 1, 2)));
            assertEquals(
                "[10.0, 0.0, 14.0, -2.0, 11.0, 3.0]",
                Arrays.toString(run(model, 0, 0, 0, 2, 1, 0)));
          }
        });
  }

  @Test
  void readsDirectMemoryWhereItLies() throws Exception {
    FloatBuffer direct =
        ByteBuffer.allocateDirect(32).order(ByteOrder.nativeOrder()).asFloatBuffer();
    direct.put(0, 1).put(1, 2).put(2, 99);
    try (ModelHandle model = ModelHandle.open(file(MODEL), ModelOptions.CALLER)) {
      Tensor.Floats y = model.run(List.of(rows("x", direct, 1))).getFirst();
      assertEquals(List.of(1L, 2L), y.shape());
      assertEquals(15, y.values().get(0));
    }
  }

  @Test
  void countsWhatItHolds() throws Exception {
    long before = NativeMemory.snapshot().get(NativeMemory.Tag.MODEL).bytes();
    ModelHandle model = ModelHandle.open(file(MODEL), ModelOptions.CALLER);
    assertEquals(
        MODEL.length, NativeMemory.snapshot().get(NativeMemory.Tag.MODEL).bytes() - before);
    model.close();
    model.close();
    assertEquals(before, NativeMemory.snapshot().get(NativeMemory.Tag.MODEL).bytes());
    assertThrows(IllegalStateException.class, () -> run(model, 1, 2));
  }

  @Test
  void saysWhatIsWrongWithWhatItIsGiven() throws Exception {
    try (ModelHandle model = ModelHandle.open(file(MODEL), ModelOptions.CALLER)) {
      FloatBuffer values = FloatBuffer.allocate(8);
      for (List<Tensor> wrong : List.of(List.<Tensor>of(), List.of(rows("z", values, 1)))) {
        IllegalArgumentException refused =
            assertThrows(IllegalArgumentException.class, () -> model.run(wrong));
        assertTrue(refused.getMessage().contains("takes [x]"), refused.getMessage());
      }
      HalcyonException refused =
          assertThrows(
              HalcyonException.class,
              () -> model.run(List.of(new Tensor.Floats("x", List.of(2L, 3L), values))));
      assertEquals(ErrorCode.MODEL_UNAVAILABLE, refused.code());
      assertEquals("[15.0, 1.0]", Arrays.toString(run(model, 1, 2)), "goes on after that");
    }
    assertThrows(
        IllegalArgumentException.class, () -> rows("x", FloatBuffer.allocate(3), 2), "too small");
  }

  @Test
  void refusesWhatIsNoModel() throws Throwable {
    Path garbage = Files.writeString(folder.resolve("garbage.onnx"), "this is no model at all");
    Path cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(MODEL, MODEL.length / 2));
    Path empty = Files.createFile(folder.resolve("empty.onnx"));
    assertNoLeak(
        () -> {
          for (Path file : List.of(garbage, cut, empty, folder.resolve("absent.onnx"), folder)) {
            HalcyonException refused =
                assertThrows(
                    HalcyonException.class, () -> ModelHandle.open(file, ModelOptions.CALLER));
            assertEquals(ErrorCode.MODEL_UNAVAILABLE, refused.code());
            assertTrue(refused.getMessage().contains(file.getFileName().toString()));
          }
        });
  }

  /** A process that is killed would leave 20 MB behind each time. */
  @Test
  void leavesNoCopyOfTheLibraryBehind() throws Exception {
    ModelHandle.open(file(MODEL), ModelOptions.CALLER).close();
    Path natives = Path.of(System.getProperty("onnxruntime.native.path"));
    assertTrue(Files.exists(natives.resolve("libonnxruntime.so")), natives.toString());
    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      List<String> loaded = maps.filter(line -> line.contains("libonnxruntime")).toList();
      assertTrue(
          loaded.stream().allMatch(line -> line.contains(natives.toString())), loaded::toString);
    }
  }

  /** Threads that compute while the model is closed finish, or are told; nothing crashes. */
  @Test
  void isClosedWhileOthersCompute() throws Throwable {
    Path file = file(MODEL);
    assertNoLeak(
        () -> {
          ModelHandle model = ModelHandle.open(file, ModelOptions.CALLER);
          CountDownLatch running = new CountDownLatch(3);
          try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
              counts.add(threads.submit(untilClosed(model, running)));
            }
            running.await();
            model.close();
            for (Future<Integer> count : counts) {
              assertTrue(count.get() > 0);
            }
          }
        });
  }

  private static Callable<Integer> untilClosed(ModelHandle model, CountDownLatch running) {
    return () -> {
      for (int done = 0; ; done++) {
        try {
          assertEquals(15, run(model, 1, 2)[0]);
        } catch (IllegalStateException closed) {
          return done;
        }
        if (done == 0) {
          running.countDown();
        }
      }
    };
  }
}

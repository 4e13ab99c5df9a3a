package dev.halcyon.verticles.step;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.StepName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A process of a step that behaves as badly as it is asked to. */
final class BadChild {
  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

  private BadChild() {}

  public static void main(String[] arguments) {
    StepMain.serve(request -> sink -> misbehave(request, sink));
  }

  private static JsonObject misbehave(JsonObject request, StepSink sink) throws Exception {
    Files.writeString(Path.of(System.getProperty("java.io.tmpdir"), "left"), "over");
    String how = request.getString("how");
    switch (how) {
      case "well" -> sink.progress(StepName.RENDER, 0.5, 1_000);
      case "refuse" -> throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "not a film\u001b[2J");
      case "throw" -> throw new IllegalStateException("a bug");
      case "hang" -> {
        sink.progress(StepName.RENDER, 0.1, 0);
        new CountDownLatch(1).await();
      }
      case "die" -> {
        System.err.println("Assertion ref_count > 0 failed");
        Runtime.getRuntime().halt(134);
      }
      case "garbage" -> chatter("frame= 1 fps=25\n");
      case "endless" -> chatter("{".repeat(1000));
      case "native" -> devour();
      case "heap" -> hoard();
      default -> throw new IllegalArgumentException(how);
    }
    return seen();
  }

  private static JsonObject seen() {
    return new JsonObject()
        .put("environment", new JsonArray(System.getenv().keySet().stream().sorted().toList()))
        .put("temp", System.getProperty("java.io.tmpdir"));
  }

  private static void chatter(String text) throws IOException {
    while (true) {
      OUT.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void devour() {
    try (Arena arena = Arena.ofConfined()) {
      for (int taken = 0; taken < 4096; taken++) {
        arena.allocate(1 << 20).fill((byte) 1);
      }
    }
  }

  private static void hoard() {
    List<byte[]> taken = new ArrayList<>();
    while (taken.size() < 4096) {
      taken.add(new byte[1 << 20]);
    }
  }
}

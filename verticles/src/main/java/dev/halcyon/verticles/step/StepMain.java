package dev.halcyon.verticles.step;

import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The process of one step. Reads one request, a line of JSON, from standard input; tells progress
 * and in the end a result or an error in lines of JSON on standard output ({@link StepLine}); ends
 * when its standard input does. Everything else that is printed goes to standard error.
 */
public final class StepMain {
  /** A pipe holds it as a whole: writing it never waits for the reader. */
  static final int MAX_REQUEST_BYTES = 32 << 10;

  private StepMain() {}

  public static void main(String[] arguments) {
    serve(StepWork::of);
  }

  /** What turns a request into work. */
  interface Works {
    StepWork of(JsonObject request);
  }

  static void serve(Works works) {
    PrintStream protocol =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    System.setOut(System.err);
    StepSink sink = new StepSink(protocol);
    int exit = 0;
    try {
      String request = firstLine(System.in);
      ParentWatch.start(System.in);
      sink.write(new StepLine.Result(works.of(new JsonObject(request)).run(sink)));
    } catch (HalcyonException failure) {
      sink.write(new StepLine.Failure(failure.code(), String.valueOf(failure.getMessage())));
      exit = 1;
    } catch (IOException failure) {
      sink.write(new StepLine.Failure(DiskFailure.codeOf(failure), failure.toString()));
      exit = 1;
    } catch (UncheckedIOException failure) {
      sink.write(new StepLine.Failure(DiskFailure.codeOf(failure.getCause()), failure.toString()));
      exit = 1;
    } catch (OutOfMemoryError noRoom) {
      exit = StepProcess.EXIT_OUT_OF_MEMORY;
    } catch (Throwable failure) {
      sink.write(new StepLine.Failure(ErrorCode.INTERNAL, String.valueOf(failure)));
      exit = 1;
    }
    // Native libraries have nothing left to say, and may crash when they are taken down.
    Runtime.getRuntime().halt(exit);
  }

  private static String firstLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
      if (line.size() > MAX_REQUEST_BYTES) {
        throw new HalcyonException(ErrorCode.BAD_REQUEST, "the request is too long");
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}

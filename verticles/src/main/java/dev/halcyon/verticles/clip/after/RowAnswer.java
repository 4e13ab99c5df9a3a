package dev.halcyon.verticles.clip.after;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the database says of a clip's file, waited for on a thread that makes files. */
final class RowAnswer {
  private static final long LIMIT_S = 30;

  private RowAnswer() {}

  /**
   * Blocks; never on an event loop.
   *
   * @throws HalcyonException what the answer failed with; DATABASE_UNAVAILABLE when none comes in
   *     time; IO_FAILED when interrupted
   * @throws IOException when the database refused
   */
  static <T> T await(Future<T> answer) throws IOException {
    try {
      return answer.toCompletionStage().toCompletableFuture().get(LIMIT_S, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new HalcyonException(ErrorCode.IO_FAILED, "the work was stopped", interrupted);
    } catch (TimeoutException late) {
      throw new HalcyonException(
          ErrorCode.DATABASE_UNAVAILABLE, "the database did not answer in time", late);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof HalcyonException stated) {
        throw stated;
      }
      throw new IOException("the database refused a file of a clip", failure.getCause());
    }
  }
}

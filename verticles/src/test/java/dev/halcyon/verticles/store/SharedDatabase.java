package dev.halcyon.verticles.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests one real database and one {@link Vertx} for the whole run: parameters of type {@link
 * Database} and {@link Vertx}. Tests share the tables and so keep to workspaces of their own.
 */
public final class SharedDatabase implements ParameterResolver {
  /** Where the server's program files stay between runs. */
  static final Path PROGRAM = Path.of("target", "postgres-program").toAbsolutePath();

  private record Instance(Vertx vertx, Path folder, EmbeddedDatabase server, Database database)
      implements AutoCloseable {
    static Instance open() {
      try {
        Path folder = Files.createDirectories(Path.of("target", "postgres-" + UUID.randomUUID()));
        EmbeddedDatabase server = EmbeddedDatabase.start(folder, PROGRAM);
        Vertx vertx = Vertx.vertx();
        return new Instance(
            vertx, folder, server, await(Database.at(vertx, url(server.address()))));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void close() {
      await(database.close());
      server.close();
      await(vertx.fileSystem().deleteRecursive(folder.toString()));
      await(vertx.close());
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Database.class || type == Vertx.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Instance instance =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.GLOBAL)
            .getOrComputeIfAbsent(Instance.class, ignored -> Instance.open(), Instance.class);
    return parameter.getParameter().getType() == Database.class
        ? instance.database()
        : instance.vertx();
  }

  static String url(DatabaseAddress address) {
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(
            address.user(), address.password(), address.host(), address.port(), address.database());
  }

  /** Waits for a future as a test may: at most 30 s. */
  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException failure) {
      throw failure.getCause() instanceof RuntimeException runtime
          ? runtime
          : new IllegalStateException(failure.getCause());
    } catch (InterruptedException | java.util.concurrent.TimeoutException failure) {
      throw new IllegalStateException(failure);
    }
  }
}

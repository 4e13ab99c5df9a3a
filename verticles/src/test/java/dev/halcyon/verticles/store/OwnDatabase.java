package dev.halcyon.verticles.store;

import static dev.halcyon.verticles.store.SharedDatabase.await;

import io.vertx.core.Vertx;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the tests of one class a database that nobody else writes to, on the server that all tests
 * share: parameters of type {@link Database}.
 */
public final class OwnDatabase implements ParameterResolver {
  private record Instance(Vertx vertx, Database database) implements AutoCloseable {
    static Instance open(Database shared) {
      String name = "own_" + UUID.randomUUID().toString().replace("-", "");
      await(shared.pool().query("CREATE DATABASE " + name).execute());
      DatabaseAddress address = shared.address();
      Vertx vertx = Vertx.vertx();
      String url =
          "postgresql://%s:%s@%s:%d/%s"
              .formatted(address.user(), address.password(), address.host(), address.port(), name);
      return new Instance(vertx, await(Database.at(vertx, url)));
    }

    @Override
    public void close() {
      await(database.close());
      await(vertx.close());
    }
  }

  private final SharedDatabase shared = new SharedDatabase();

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Database.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Database server = (Database) shared.resolveParameter(parameter, context);
    return context
        .getParent()
        .orElse(context)
        .getStore(ExtensionContext.Namespace.create(OwnDatabase.class))
        .getOrComputeIfAbsent(
            context.getRequiredTestClass(), ignored -> Instance.open(server), Instance.class)
        .database();
  }
}

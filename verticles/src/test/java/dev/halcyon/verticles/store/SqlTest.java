package dev.halcyon.verticles.store;

import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class SqlTest {
  private static final String SLOW = "SELECT pg_sleep(3)";

  @Test
  void aStatementThatHangsIsAnsweredAsAbsence(Database database) {
    Sql sql = new Sql(database.pool(), 100);
    assertUnavailable(sql.query(SLOW));
    assertUnavailable(sql.inTransaction(connection -> Sql.query(connection, SLOW)));
    assertEquals(1, await(sql.one(row -> row.getInteger(0), "SELECT 1")).orElseThrow());
  }

  private static void assertUnavailable(Future<?> answer) {
    HalcyonException failure = assertThrows(HalcyonException.class, () -> await(answer));
    assertEquals(ErrorCode.DATABASE_UNAVAILABLE, failure.code());
  }
}

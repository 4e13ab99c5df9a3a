package dev.halcyon.verticles.clip;

import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Approval;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipPolicy;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.RetentionPolicy;
import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.verticles.api.TestClock;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.store.ClipEdits;
import dev.halcyon.verticles.store.ClipFilter;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.PageRequest;
import dev.halcyon.verticles.store.RetentionStore;
import dev.halcyon.verticles.store.SharedDatabase;
import dev.halcyon.verticles.store.StreamStore;
import dev.halcyon.verticles.store.WorkspaceStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class RetentionRunTest {
  private static final PageRequest ALL = new PageRequest(1, 100);

  private final Vertx vertx = Vertx.vertx();
  private final TestClock clock = new TestClock();
  private final List<UUID> told = new CopyOnWriteArrayList<>();
  private ClipStore clips;
  private ClipEdits edits;
  private WorkspaceStore workspaces;
  private RetentionRun retention;
  private Clip model;
  private UUID owner;

  @BeforeEach
  void open(Database database) {
    clips = new ClipStore(database.pool());
    edits = new ClipEdits(database.pool());
    workspaces = new WorkspaceStore(database.pool());
    Bus bus = Bus.install(vertx);
    retention =
        new RetentionRun(
            workspaces, new RetentionStore(database.pool()), bus, ClipPolicy.DEFAULT, clock);
    model = ClipRowsTest.opened(database);
    owner = await(new StreamStore(database.pool()).any(model.origin().id())).orElseThrow().userId();
    bus.<ClipEvent>onFact(
        Addresses.CLIP_EVENT,
        event -> {
          if (event instanceof ClipEvent.Deleted deleted
              && deleted.workspaceId().equals(model.workspaceId())) {
            told.add(deleted.clipId());
          }
        });
  }

  @AfterEach
  void close() {
    // No retention of this workspace for the tests that share the tables.
    await(workspaces.setRetention(model.workspaceId(), RetentionPolicy.KEEP_ALL));
    await(vertx.close());
  }

  @Test
  void keepsEverythingUnlessItIsAskedFor() {
    sealed(Duration.ofDays(4_000), 1L << 40);
    await(retention.run());
    assertEquals(1, kept().size());
    assertEquals(RetentionPolicy.KEEP_ALL, await(workspaces.retention(model.workspaceId())));
  }

  @Test
  void deletesWhatIsOlderThanSoManyDays() {
    Clip old = sealed(Duration.ofDays(8), 10);
    Clip fresh = sealed(Duration.ofDays(6), 10);
    want(OptionalInt.of(7), OptionalLong.empty(), false);
    await(retention.run());
    assertEquals(List.of(fresh.id()), kept());
    until(() -> told.equals(List.of(old.id())));
    await(edits.restore(model.workspaceId(), List.of(old.id()), clock.now()));
    assertEquals(2, kept().size());
  }

  @Test
  void deletesTheOldestWhileAllTogetherAreTooMuch() {
    List<UUID> made = new ArrayList<>();
    for (int days = 10; days > 0; days--) {
      made.add(sealed(Duration.ofDays(days), 100).id());
    }
    want(OptionalInt.empty(), OptionalLong.of(450), false);
    await(retention.run());
    assertEquals(made.subList(6, 10).reversed(), kept());
    await(retention.run());
    assertEquals(4, kept().size());
    want(OptionalInt.empty(), OptionalLong.of(400), false);
    await(retention.run());
    assertEquals(4, kept().size());
  }

  /** Somebody approves the clip after it was chosen, before it is deleted. */
  @Test
  void keepsWhatIsApprovedInThatMoment(Database database) {
    Clip clip = sealed(Duration.ofDays(30), 300);
    want(OptionalInt.of(25), OptionalLong.empty(), true);
    SqlConnection other = await(database.pool().getConnection());
    try {
      Transaction approval = await(other.begin());
      await(
          other
              .preparedQuery("UPDATE clips SET approval = 'approved' WHERE id = $1")
              .execute(Tuple.of(clip.id())));
      int backend =
          await(other.query("SELECT pg_backend_pid()").execute()).iterator().next().getInteger(0);
      Future<Void> run = retention.run();
      until(() -> run.isComplete() || isWaitedFor(database, backend));
      await(approval.commit());
      await(run);
    } finally {
      await(other.close());
    }
    assertEquals(List.of(clip.id()), kept());
    assertEquals(List.of(), told);
  }

  private static boolean isWaitedFor(Database database, int backend) {
    return await(
                database
                    .pool()
                    .preparedQuery(
                        "SELECT 1 FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))")
                    .execute(Tuple.of(backend)))
            .size()
        > 0;
  }

  @Test
  void keepsWhatWasApprovedUnlessTold() {
    Clip approved = sealed(Duration.ofDays(30), 300);
    Clip other = sealed(Duration.ofDays(20), 300);
    Clip fresh = sealed(Duration.ofDays(1), 300);
    await(
        edits.review(
            model.workspaceId(), List.of(approved.id()), Approval.APPROVED, owner, clock.now()));
    want(OptionalInt.of(25), OptionalLong.of(650), true);
    await(retention.run());
    assertEquals(List.of(fresh.id(), approved.id()), kept());
    want(OptionalInt.of(25), OptionalLong.of(650), false);
    await(retention.run());
    assertEquals(List.of(fresh.id()), kept());
    assertTrue(!kept().contains(other.id()));
  }

  @Test
  void leavesClipsInTheMakingAlone() {
    Clip open = clip(Duration.ofDays(99));
    await(clips.insert(open));
    want(OptionalInt.of(1), OptionalLong.of(1), false);
    await(retention.run());
    assertEquals(List.of(open.id()), kept());
  }

  @Test
  void worksThroughManyInSmallBatches() {
    for (int i = 0; i < 230; i++) {
      sealed(Duration.ofDays(40).plusSeconds(i), 1);
    }
    Clip fresh = sealed(Duration.ofDays(1), 1);
    want(OptionalInt.of(30), OptionalLong.empty(), true);
    await(retention.run());
    assertEquals(List.of(fresh.id()), kept());
    until(() -> told.size() == 230);
  }

  private void want(OptionalInt days, OptionalLong maxBytes, boolean keepsApproved) {
    await(
        workspaces.setRetention(
            model.workspaceId(), new RetentionPolicy(days, maxBytes, keepsApproved)));
  }

  private List<UUID> kept() {
    return await(clips.list(model.workspaceId(), ClipFilter.ALL, ALL)).rows().stream()
        .map(Clip::id)
        .toList();
  }

  private Clip sealed(Duration age, long sizeBytes) {
    Clip open = clip(age);
    CutContract contract =
        new CutContract(0, 1, 0, 1, false, 0, 0, List.of(), List.of(0), 0, 0, 1, 0, "0".repeat(64));
    Clip sealed =
        open.sealed(
            new ClipVersion(
                1, ClipVersion.Kind.INSTANT, "mp4", "key-" + open.id(), sizeBytes, contract),
            Optional.empty());
    await(clips.update(sealed));
    return sealed;
  }

  private Clip clip(Duration age) {
    Instant createdAt = clock.now().minus(age);
    return new Clip(
        UUID.randomUUID(),
        model.workspaceId(),
        model.origin(),
        ClipStatus.OPENED,
        "Clip",
        "",
        List.of(),
        0,
        1,
        0,
        ClipReason.manual(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        createdAt);
  }

  private void until(java.util.function.BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadlineNs, "does not come");
      await(vertx.timer(10));
    }
  }
}

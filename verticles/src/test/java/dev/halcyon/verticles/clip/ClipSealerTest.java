package dev.halcyon.verticles.clip;

import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.codecs.cut.CutResult;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.EpochSpan;
import dev.halcyon.core.clip.ResolvedWindow;
import dev.halcyon.core.time.Clock;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.blob.LocalBlobStore;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.SharedDatabase;
import dev.halcyon.verticles.store.StreamStore;
import dev.halcyon.verticles.stream.RestedStream;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedDatabase.class)
class ClipSealerTest {
  @TempDir private Path folder;
  private final BlockingQueue<ClipStatus> rowsWhenForced = new LinkedBlockingQueue<>();
  private ClipStore rows;
  private LocalBlobStore local;

  /** Rows outlive a loss of power, and so must what they promise. */
  @Test
  void hasTheFileOutliveALossOfPowerOnceItsRowSaysThatItIsThere(Database database)
      throws Exception {
    rows = new ClipStore(database.pool());
    local = LocalBlobStore.open(folder.resolve("blobs"));
    Clip clip = ClipRowsTest.opened(database);
    BlobStore blobs = watched(clip);
    Vertx vertx = Vertx.vertx();
    Bus.install(vertx);
    Path ringFile = folder.resolve("a.ring");
    try (Metrics metrics = new Metrics();
        PosterDesk posters = new PosterDesk(blobs);
        Ring ring = Ring.create(ringFile, new RingOptions(8L << 20, 600_000_000))) {
      ClipAnnouncer announcer =
          new ClipAnnouncer(
              vertx, new StreamStore(database.pool()), rows, blobs, metrics, Clock.system());
      ClipSealer sealer =
          new ClipSealer(
              new OpenClips(),
              (made, epoch, endUs) -> {},
              announcer,
              posters,
              blobs,
              metrics,
              Clock.system());
      BlobKey key = BlobKey.fresh(clip.workspaceId(), clip.id(), "mp4");
      Path staged = blobs.stage(key);
      Files.write(staged, new byte[1]);
      blobs.commit(staged, key);
      sealer.made(open(clip, ring), key, soundAlone(), 0);
      assertEquals(ClipStatus.SEALED, rowsWhenForced.poll(20, TimeUnit.SECONDS));
    } finally {
      await(vertx.close());
    }
  }

  /** Notes how the clip's row stands whenever a file is forced. */
  private BlobStore watched(Clip clip) {
    return (BlobStore)
        Proxy.newProxyInstance(
            BlobStore.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("force")) {
                rowsWhenForced.add(await(rows.any(clip.id())).orElseThrow().status());
              }
              return called(method, arguments);
            });
  }

  private Object called(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(local, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  private static OpenClip open(Clip clip, Ring ring) {
    ResolvedWindow window =
        new ResolvedWindow(
            EpochSpan.ALL, clip.startUs(), clip.endUs(), clip.startUs(), clip.endUs(), false);
    return new OpenClip(
        clip,
        RestedStream.of(ring),
        new ClipSources(id -> Optional.empty(), Duration.ofHours(1)),
        ClipSources.Origin.RING,
        new ClipSpan(window, Crossing.STITCH, 0),
        new OpenClip.Trigger(0, 0));
  }

  private static CutResult soundAlone() {
    CutContract contract =
        new CutContract(0, 1, 0, 1, false, 0, 0, List.of(), List.of(0), 0, 0, 1, 0, "0".repeat(64));
    return new CutResult(contract, "mp4", 1, List.of());
  }
}

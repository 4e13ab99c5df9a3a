package dev.halcyon.verticles.api;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.clip.ClipRequested;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipWindow;
import dev.halcyon.core.clip.HeldEpoch;
import dev.halcyon.core.clip.derive.DeriveFile;
import dev.halcyon.core.clip.derive.DerivedFile;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.stream.RecordingHealth;
import dev.halcyon.core.stream.StreamCommand;
import dev.halcyon.core.stream.StreamHealth;
import dev.halcyon.core.stream.StreamStatus;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.store.ClipStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** Stands in for the node's streams and clip making, on the real bus. */
final class FakeNode {
  final List<StreamCommand> commands = new CopyOnWriteArrayList<>();
  final List<ClipRequested> requests = new CopyOnWriteArrayList<>();

  /** The failure that the next requests meet. */
  final AtomicReference<HalcyonException> refusal = new AtomicReference<>();

  private final ClipStore clips;

  FakeNode(Bus bus, ClipStore clips) {
    this.clips = clips;
    bus.<StreamCommand, Void>onRequest(Addresses.STREAM_COMMAND, this::onCommand);
    bus.<StreamHealth.Query, StreamHealth>onRequest(Addresses.STREAM_HEALTH, this::onHealth);
    bus.<ClipRequested, Clip>onRequest(Addresses.CLIP_REQUEST, this::onClip);
    bus.<DeriveFile, DerivedFile>onRequest(Addresses.CLIP_DERIVE, this::onDerive);
  }

  /** Makes none, ever. */
  private Future<DerivedFile> onDerive(DeriveFile request) {
    HalcyonException failure = refusal.get();
    return Future.failedFuture(
        failure == null ? new HalcyonException(ErrorCode.NOT_READY, "come back") : failure);
  }

  private Future<Void> onCommand(StreamCommand command) {
    commands.add(command);
    HalcyonException failure = refusal.get();
    return failure == null ? Future.succeededFuture() : Future.failedFuture(failure);
  }

  private Future<StreamHealth> onHealth(StreamHealth.Query query) {
    return Future.succeededFuture(
        new StreamHealth(
            StreamStatus.ACTIVE,
            new StreamHealth.OfRing(
                1_000,
                9_001_000,
                123_456,
                1 << 20,
                2 << 20,
                false,
                2,
                1,
                777,
                OptionalLong.of(12),
                0,
                List.of(
                    new HeldEpoch(3, 1_000, 4_000_000, 0, 1_795_262_400_000_000L),
                    new HeldEpoch(4, 6_500_000, 9_001_000, 6_500_000, 1_795_262_406_500_000L)),
                List.of(new StreamHealth.Lost(2_000_000, 2_400_000, 50_000))),
            2_500_000,
            29.97,
            40,
            OptionalLong.of(20_000),
            OptionalLong.empty(),
            new RecordingHealth(
                RecordingHealth.State.PAUSED, "full", 5, 9_000_000, 777, 1_001, 30, 2)));
  }

  private Future<Clip> onClip(ClipRequested request) {
    requests.add(request);
    HalcyonException failure = refusal.get();
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    if (request.window() instanceof ClipWindow.StreamTime(long fromUs, long toUs)
        && fromUs == 666) {
      throw new HalcyonException(ErrorCode.RANGE_NOT_HELD, "held: 0..1 [toUs=" + toUs + "]");
    }
    Clip clip =
        new Clip(
            UUID.randomUUID(),
            request.workspaceId(),
            new ClipOrigin.OfStream(request.streamId()),
            ClipStatus.OPENED,
            request.title(),
            "",
            List.of(),
            1_000_000,
            2_000_000,
            request.score(),
            request.reason(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Instant.parse("2026-11-20T12:00:00Z"));
    return clips.insert(clip).map(clip);
  }
}

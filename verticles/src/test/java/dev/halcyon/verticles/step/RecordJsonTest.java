package dev.halcyon.verticles.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobMachine;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class RecordJsonTest {
  sealed interface Shape {}

  record RoundOne(double radiusPx) implements Shape {}

  record SquareOne(int sidePx) implements Shape {}

  record Picture(
      String title,
      List<Shape> shapes,
      Optional<Instant> takenAt,
      OptionalInt places,
      OptionalLong bytes,
      Map<String, Duration> waits,
      boolean isLarge) {}

  @Test
  void whatIsWrittenReadsBackTheSame() {
    Picture picture =
        new Picture(
            "a",
            List.of(new RoundOne(1.5), new SquareOne(2)),
            Optional.of(Instant.EPOCH),
            OptionalInt.empty(),
            OptionalLong.of(1L << 40),
            Map.of("first", Duration.ofMillis(20)),
            true);
    JsonObject json = new JsonObject(RecordJson.write(picture).encode());

    assertEquals("round_one", json.getJsonArray("shapes").getJsonObject(0).getString("type"));
    assertEquals(1.5, json.getJsonArray("shapes").getJsonObject(0).getDouble("radius_px"));
    assertEquals(picture, RecordJson.read(Picture.class, json));
  }

  @Test
  void keepsAJobWithItsRows() {
    Instant now = Instant.parse("2026-11-20T12:00:00.123456Z");
    Job job =
        JobMachine.begun(
            JobMachine.created(new UUID(1, 2), true, EnumSet.of(StepName.DIARIZE), now), now);
    job = JobMachine.started(job, StepKey.of(StepName.INGEST), "digest", now);

    assertEquals(job, RecordJson.read(Job.class, new JsonObject(RecordJson.write(job).encode())));
  }

  @Test
  void saysWhatDoesNotFit() {
    assertThrows(
        IllegalArgumentException.class, () -> RecordJson.read(Picture.class, new JsonObject()));
    assertThrows(
        IllegalArgumentException.class,
        () -> RecordJson.read(SquareOne.class, new JsonObject().put("side_px", "wide")));
    assertThrows(
        IllegalArgumentException.class,
        () -> RecordJson.read(SquareOne.class, new JsonObject().put("side_px", 1L << 40)));
  }
}

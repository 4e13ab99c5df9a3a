package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.Approval;
import dev.halcyon.core.clip.AskedWindow;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.Curation;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** How a clip is read from its rows. */
final class ClipColumns {
  static final String SELECT =
      "SELECT c.*, (SELECT u.name FROM users u WHERE u.id = c.reviewed_by) AS reviewer,"
          + " coalesce((SELECT jsonb_agg(to_jsonb(v) || jsonb_build_object('storage',"
          + " CASE WHEN u.blob_key IS NULL THEN 'local'"
          + " WHEN u.stored_at IS NULL THEN 'uploading' ELSE 'remote' END) ORDER BY v.version)"
          + " FROM clip_versions v LEFT JOIN blob_uploads u"
          + " ON u.blob_key = v.blob_key COLLATE \"C\""
          + " WHERE v.clip_id = c.id), '[]') AS versions FROM clips c";

  private ClipColumns() {}

  static Clip read(Row row) {
    return new Clip(
        row.getUUID("id"),
        row.getUUID("workspace_id"),
        origin(row),
        ClipStatus.ofWire(row.getString("status")),
        row.getString("title"),
        row.getString("description"),
        List.of(row.getArrayOfStrings("hashtags")),
        row.getLong("start_us"),
        row.getLong("end_us"),
        row.getDouble("score"),
        ClipShapes.reasonOf(row.getJsonObject("reason")),
        ClipShapes.list((JsonArray) row.getJson("versions"), ClipShapes::versionOf),
        Optional.ofNullable(row.getString("poster_key")),
        Optional.ofNullable(row.getString("failure")),
        row.getOffsetDateTime("created_at").toInstant(),
        curation(row),
        Optional.ofNullable(row.getUUID("continues")),
        asked(row));
  }

  /** From a row that has these columns. */
  static ClipOrigin origin(Row row) {
    UUID streamId = row.getUUID("stream_id");
    return streamId == null
        ? new ClipOrigin.OfJob(row.getUUID("job_id"))
        : new ClipOrigin.OfStream(streamId);
  }

  /** Clips of a time before these columns have none of them. */
  private static Optional<AskedWindow> asked(Row row) {
    return Optional.ofNullable(row.getString("asked_crossing"))
        .map(
            crossing ->
                new AskedWindow(
                    row.getLong("asked_from_us"),
                    row.getLong("asked_to_us"),
                    Crossing.ofWire(crossing)));
  }

  /** {@code clip} with what people changed, from a row that has those columns. */
  static Clip curated(Clip clip, Row row) {
    return clip.curated(
        row.getString("title"),
        row.getString("description"),
        List.of(row.getArrayOfStrings("hashtags")),
        curation(row));
  }

  private static Curation curation(Row row) {
    return new Curation(
        row.getLong("revision"),
        instant(row, "edited_at"),
        Approval.ofWire(row.getString("approval")),
        review(row),
        instant(row, "deleted_at"));
  }

  private static Optional<Curation.Review> review(Row row) {
    UUID by = row.getUUID("reviewed_by");
    return by == null
        ? Optional.empty()
        : instant(row, "reviewed_at")
            .map(at -> new Curation.Review(by, row.getString("reviewer"), at));
  }

  private static Optional<Instant> instant(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }
}

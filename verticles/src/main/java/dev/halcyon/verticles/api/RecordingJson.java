package dev.halcyon.verticles.api;

import dev.halcyon.codecs.session.RecordedRange;
import dev.halcyon.codecs.session.Seam;
import dev.halcyon.codecs.session.SessionFile;
import dev.halcyon.core.clip.HeldEpoch;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.CodecName;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.core.stream.RecordingHealth;
import dev.halcyon.verticles.access.MediaSignature;
import dev.halcyon.verticles.record.RecordOptions;
import dev.halcyon.verticles.record.RecordedStream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;

/** What is recorded of a stream in the shape of the contract. Any thread. */
final class RecordingJson {
  /** Of ranges and of files, the newest: an answer has an end. */
  private static final int MOST = 10_000;

  private final MediaSignature signature;

  RecordingJson(MediaSignature signature) {
    this.signature = signature;
  }

  JsonObject of(UUID streamId, RecordedStream recorded, RecordOptions policy) {
    RecordingHealth health = recorded.health();
    List<RecordedRange> ranges = newest(recorded.ranges());
    List<SessionFile> files = newest(recorded.files());
    boolean isWhole =
        ranges.size() == recorded.ranges().size() && files.size() == recorded.files().size();
    return new JsonObject()
        .put("state", health.state().wire())
        .put("reason", health.reason().isEmpty() ? null : health.reason())
        .put("from_us", ranges.isEmpty() ? null : recorded.ranges().getFirst().fromUs())
        .put("to_us", ranges.isEmpty() ? null : recorded.ranges().getLast().toUs())
        .put("bytes", recorded.files().stream().mapToLong(SessionFile::sizeBytes).sum())
        .put(
            "media_url",
            ranges.isEmpty()
                ? null
                : signature.sign("/api/streams/" + streamId + "/recording/media.mp4"))
        .put("ranges", new JsonArray(ranges.stream().map(RecordingJson::range).toList()))
        .put("gaps", gaps(ranges))
        .put("files", new JsonArray(files.stream().map(RecordingJson::file).toList()))
        .put("truncated", !isWhole)
        .put(
            "retention",
            JsonObject.of(
                "keep_days",
                policy.keepDays() == 0 ? null : policy.keepDays(),
                "keep_bytes",
                policy.keepBytes() == 0 ? null : policy.keepBytes()));
  }

  private static <T> List<T> newest(List<T> all) {
    return all.subList(Math.max(0, all.size() - MOST), all.size());
  }

  private static JsonObject range(RecordedRange range) {
    JsonArray tracks = new JsonArray();
    range.tracks().forEach(track -> tracks.add(track(track)));
    return span(range.held(), range.fromUs(), range.toUs())
        .put("epoch", range.held().epoch())
        .put("session_id", range.sessionId().toString())
        .put("tracks", tracks);
  }

  private static JsonObject span(HeldEpoch clock, long fromUs, long toUs) {
    return new JsonObject()
        .put("from_us", fromUs)
        .put("to_us", toUs)
        .put("from", Times.ofWallUs(clock.wallUsAt(fromUs)))
        .put("to", Times.ofWallUs(clock.wallUsAt(toUs)));
  }

  private static JsonObject track(Track track) {
    JsonObject json =
        JsonObject.of("index", track.index())
            .put("kind", track.isVideo() ? "video" : "audio")
            .put("codec", CodecName.of(track.format()));
    return switch (track.format()) {
      case VideoFormat video ->
          json.put("width_px", video.widthPx()).put("height_px", video.heightPx());
      case AudioFormat audio ->
          json.put("sample_rate_hz", audio.sampleRateHz()).put("channels", audio.channels());
    };
  }

  private static JsonArray gaps(List<RecordedRange> ranges) {
    JsonArray gaps = new JsonArray();
    for (int i = 1; i < ranges.size(); i++) {
      RecordedRange before = ranges.get(i - 1);
      RecordedRange range = ranges.get(i);
      if (range.fromUs() > before.toUs()) {
        gaps.add(
            JsonObject.of("at_us", before.toUs(), "length_us", range.fromUs() - before.toUs())
                .put("reason", reason(before, range)));
      }
    }
    return gaps;
  }

  private static String reason(RecordedRange before, RecordedRange range) {
    if (range.seam().isLoss()) {
      return range.seam().wire();
    }
    boolean isReconnect = range.held().epoch() != before.held().epoch();
    return isReconnect && range.seam() != Seam.BEGUN ? "reconnect" : "off";
  }

  private static JsonObject file(SessionFile file) {
    HeldEpoch clock =
        new HeldEpoch(
            file.head().epoch(),
            file.fromUs(),
            file.toUs(),
            file.head().anchorStreamUs(),
            file.head().anchorWallUs());
    return span(clock, file.fromUs(), file.toUs())
        .put("number", file.head().number())
        .put("epoch", file.head().epoch())
        .put("bytes", file.sizeBytes())
        .put("is_growing", file.isGrowing());
  }
}

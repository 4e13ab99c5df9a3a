package dev.halcyon.core.handover;

import dev.halcyon.core.json.Json;
import dev.halcyon.core.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/** Writes OpenTimelineIO's JSON ({@code Timeline.1}). */
public final class OpenTimelineIo {
  private final HandoverTimeline timeline;
  private final HandoverSource source;

  private OpenTimelineIo(HandoverTimeline timeline) {
    this.timeline = timeline;
    this.source = timeline.source();
  }

  /** A track of pictures and one of sound, with all clips one after the other. */
  public static String write(HandoverTimeline timeline) {
    return JsonWriter.write(new OpenTimelineIo(timeline).timeline());
  }

  private Json timeline() {
    List<Json> tracks = new ArrayList<>();
    if (source.hasPicture()) {
      tracks.add(track("Video"));
    }
    if (source.hasSound()) {
      tracks.add(track("Audio"));
    }
    return Json.members(
        "OTIO_SCHEMA", "Timeline.1",
        "name", timeline.name(),
        "metadata", Json.members(),
        "global_start_time", time(0),
        "tracks",
            Json.members(
                "OTIO_SCHEMA",
                "Stack.1",
                "name",
                "tracks",
                "source_range",
                new Json.Null(),
                "effects",
                List.of(),
                "markers",
                List.of(),
                "metadata",
                Json.members(),
                "children",
                tracks));
  }

  private Json track(String kind) {
    return Json.members(
        "OTIO_SCHEMA",
        "Track.1",
        "name",
        kind,
        "kind",
        kind,
        "source_range",
        new Json.Null(),
        "effects",
        List.of(),
        "markers",
        List.of(),
        "metadata",
        Json.members(),
        "children",
        timeline.clips().stream().map(this::clip).toList());
  }

  private Json clip(HandoverClip clip) {
    return Json.members(
        "OTIO_SCHEMA", "Clip.1",
        "name", clip.name(),
        "source_range", range(source.firstTimecode() + clip.fromFrame(), clip.frames()),
        "effects", List.of(),
        "markers", clip.markers().stream().map(this::marker).toList(),
        "metadata", Json.members("halcyon", Json.members("note", clip.note())),
        "media_reference",
            Json.members(
                "OTIO_SCHEMA", "ExternalReference.1",
                "name", source.name(),
                "target_url", source.url(),
                "available_range", range(source.firstTimecode(), source.frames()),
                "metadata", Json.members("halcyon", sound())));
  }

  /** Which channels of the media are heard, counted from 1: the format has no word for it. */
  private Json sound() {
    return Json.members(
        "first_sound_channel",
        source.firstSoundChannel() + 1,
        "sound_channels",
        source.soundChannels());
  }

  private Json marker(HandoverMarker marker) {
    return Json.members(
        "OTIO_SCHEMA", "Marker.2",
        "name", marker.name(),
        "color", "RED",
        "marked_range", range(source.firstTimecode() + marker.frame(), 1),
        "metadata", Json.members("halcyon", Json.members("note", marker.note())));
  }

  private Json range(long start, long frames) {
    return Json.members(
        "OTIO_SCHEMA", "TimeRange.1", "start_time", time(start), "duration", time(frames));
  }

  private Json time(long frames) {
    double rate = (double) source.rate().numerator() / source.rate().denominator();
    return Json.members("OTIO_SCHEMA", "RationalTime.1", "rate", rate, "value", frames);
  }
}

package dev.halcyon.codecs.mp4;

import dev.halcyon.core.cut.CutEdit;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import java.util.List;

/** Writes one {@code trak} of a movie. No state beyond its arguments. */
final class TrackBox {
  /** Enabled, in the movie. */
  private static final int TRACK_FLAGS = 3;

  /** "und", three letters of five bits (ISO 639-2/T). */
  private static final int UNDETERMINED_LANGUAGE = 0x55c4;

  /** RFC 7845: what an Opus decoder needs before its output is right, at 48 kHz. */
  private static final int OPUS_ROLL_TICKS = 3_840;

  private static final int OPUS_USUAL_TICKS = 960;

  private final BoxWriter out;
  private final Mp4Track track;
  private final int trackId;

  TrackBox(BoxWriter out, Mp4Track track, int trackId) {
    this.out = out;
    this.track = track;
    this.trackId = trackId;
  }

  /**
   * @param chunks all of the file's
   * @param baseBytes where the media data begins in the file
   */
  void write(List<Chunk> chunks, long baseBytes, ChunkOffsets offsets) {
    List<Chunk> own = chunks.stream().filter(chunk -> chunk.track() == trackId - 1).toList();
    out.begin("trak");
    writeHeader();
    writeEdits();
    out.begin("mdia");
    writeMediaHeader();
    writeHandler();
    out.begin("minf");
    if (track.isVideo()) {
      out.beginFull("vmhd", 0, 1).zeros(8).end();
    } else {
      out.beginFull("smhd", 0, 0).zeros(4).end();
    }
    // One data reference: this file.
    out.begin("dinf").beginFull("dref", 0, 0).u32(1).beginFull("url ", 0, 1).end().end().end();
    out.begin("stbl");
    writeDescriptions();
    new SampleTableBoxes(out, track.samples()).write(own, baseBytes, offsets);
    writeRoll();
    out.end().end().end().end();
  }

  private void writeHeader() {
    long durationUs = track.presentedUs();
    int version = durationUs > 0xffff_ffffL ? 1 : 0;
    out.beginFull("tkhd", version, TRACK_FLAGS);
    MovieBox.writeTimes(out, version).u32(trackId).u32(0);
    MovieBox.writeDuration(out, version, durationUs);
    out.zeros(8).u16(0).u16(0).u16(track.isVideo() ? 0 : 0x100).u16(0);
    MovieBox.writeUnityMatrix(out);
    if (track.formats().getFirst() instanceof VideoFormat video) {
      PictureShape shape = PictureShape.of(video);
      long width = ((long) video.widthPx() << 16) * shape.sarWidth() / shape.sarHeight();
      out.u32(Math.min(width, 0xffff_ffffL)).u32((long) video.heightPx() << 16);
    } else {
      out.u64(0);
    }
    out.end();
  }

  private void writeEdits() {
    if (track.edits().isEmpty()) {
      return;
    }
    boolean isLong =
        track.edits().stream()
            .anyMatch(
                edit -> edit.durationUs() > 0xffff_ffffL || edit.mediaTicks() > Integer.MAX_VALUE);
    int version = isLong ? 1 : 0;
    out.begin("edts").beginFull("elst", version, 0).u32(track.edits().size());
    for (CutEdit edit : track.edits()) {
      MovieBox.writeDuration(out, version, edit.durationUs());
      MovieBox.writeDuration(out, version, edit.mediaTicks());
      // Rate 1.0.
      out.u16(1).u16(0);
    }
    out.end().end();
  }

  private void writeMediaHeader() {
    long durationTicks = track.samples().totalTicks();
    int version = durationTicks > 0xffff_ffffL ? 1 : 0;
    out.beginFull("mdhd", version, 0);
    MovieBox.writeTimes(out, version).u32(track.timescaleHz());
    MovieBox.writeDuration(out, version, durationTicks);
    out.u16(UNDETERMINED_LANGUAGE).u16(0).end();
  }

  private void writeHandler() {
    out.beginFull("hdlr", 0, 0).u32(0).ascii(track.isVideo() ? "vide" : "soun").zeros(12);
    out.ascii(track.isVideo() ? "VideoHandler" : "SoundHandler").u8(0).end();
  }

  private void writeDescriptions() {
    out.beginFull("stsd", 0, 0).u32(track.formats().size());
    Bitrate bitrate = Bitrate.of(track);
    for (TrackFormat format : track.formats()) {
      SampleEntries.write(out, format, bitrate);
    }
    out.end();
  }

  /** Every packet of AAC and Opus decodes rightly only after some before it: group 'roll'. */
  private void writeRoll() {
    int distance = rollDistance();
    if (distance == 0) {
      return;
    }
    out.beginFull("sgpd", 1, 0).ascii("roll").u32(2).u32(1).u16(distance).end();
    if (track.samples().count() > 0) {
      out.beginFull("sbgp", 0, 0).ascii("roll").u32(1).u32(track.samples().count()).u32(1).end();
    }
  }

  private int rollDistance() {
    if (!(track.formats().getFirst() instanceof AudioFormat audio)) {
      return 0;
    }
    if (audio.codec() == Codec.AAC) {
      return -1;
    }
    int packetTicks =
        track.samples().count() == 0
            ? OPUS_USUAL_TICKS
            : Math.max(1, track.samples().durationTicks(0));
    return audio.codec() == Codec.OPUS ? -Math.ceilDiv(OPUS_ROLL_TICKS, packetTicks) : 0;
  }
}

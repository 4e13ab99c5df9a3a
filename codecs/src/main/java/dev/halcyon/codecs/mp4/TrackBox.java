package dev.halcyon.codecs.mp4;

import dev.halcyon.codecs.bitstream.CodedDisplay;
import dev.halcyon.core.cut.CutEdit;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.SampleAspect;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import java.util.List;

/** Writes one {@code trak} of a movie. No state beyond its arguments. */
final class TrackBox {
  /** In the movie; and enabled, as is the first track of a kind only: players would mix sounds. */
  private static final int IN_MOVIE = 2;

  private static final int ENABLED = 1;

  /** "und", three letters of five bits (ISO 639-2/T). */
  private static final int UNDETERMINED_LANGUAGE = 0x55c4;

  /** RFC 7845: what an Opus decoder needs before its output is right, at 48 kHz. */
  private static final int OPUS_ROLL_TICKS = 3_840;

  private static final int OPUS_USUAL_TICKS = 960;

  private final BoxWriter out;
  private final List<Mp4Track> tracks;
  private final Mp4Track track;
  private final int trackId;

  /**
   * @param tracks all of the file's
   * @param index of the one to write
   */
  TrackBox(BoxWriter out, List<Mp4Track> tracks, int index) {
    this.out = out;
    this.tracks = tracks;
    this.track = tracks.get(index);
    this.trackId = index + 1;
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
    long alike = tracks.stream().filter(this::isLikeThis).count();
    boolean isFirst = tracks.stream().limit(trackId - 1L).noneMatch(this::isLikeThis);
    out.beginFull("tkhd", version, IN_MOVIE | (isFirst ? ENABLED : 0));
    MovieBox.writeTimes(out, version).u32(trackId).u32(0);
    MovieBox.writeDuration(out, version, durationUs);
    int alternateGroup = track.isVideo() ? 1 : 2;
    out.zeros(8).u16(0).u16(alike > 1 ? alternateGroup : 0);
    out.u16(track.isVideo() ? 0 : 0x100).u16(0);
    if (track.formats().getFirst() instanceof VideoFormat video) {
      writePlacement(video);
    } else {
      MovieBox.writeUnityMatrix(out);
      out.u64(0);
    }
    out.end();
  }

  private boolean isLikeThis(Mp4Track other) {
    return other.isVideo() == track.isVideo();
  }

  /** The turn of the pictures, moved back to the origin, and the size that they are shown at. */
  private void writePlacement(VideoFormat video) {
    SampleAspect aspect = CodedDisplay.of(video).sampleAspect().orElse(SampleAspect.SQUARE);
    long shown = ((long) video.widthPx() << 16) * aspect.width() / aspect.height();
    long width = Math.min(shown, 0xffff_ffffL);
    long height = (long) video.heightPx() << 16;
    Orientation turn = video.display().orientation();
    long left = (turn.a() < 0 ? width : 0) + (turn.c() < 0 ? height : 0);
    long top = (turn.b() < 0 ? width : 0) + (turn.d() < 0 ? height : 0);
    out.u32((long) turn.a() << 16).u32((long) turn.b() << 16).u32(0);
    out.u32((long) turn.c() << 16).u32((long) turn.d() << 16).u32(0);
    out.u32(left).u32(top).u32(0x4000_0000);
    out.u32(width).u32(height);
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

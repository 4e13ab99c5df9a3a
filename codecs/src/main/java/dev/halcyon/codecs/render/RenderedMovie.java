package dev.halcyon.codecs.render;

import dev.halcyon.codecs.mp4.Mp4File;
import dev.halcyon.codecs.mp4.Mp4Track;
import dev.halcyon.codecs.mp4.SampleTable;
import dev.halcyon.core.cut.CutEdit;
import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.core.render.ChunkPlan;
import dev.halcyon.core.render.RenderSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Puts chunks and sound together as an MP4 whose head comes first. One thread; closed by who made
 * it.
 */
final class RenderedMovie implements AutoCloseable {
  /** Samples of a packet, and before the first one that is meant: FFmpeg's encoder of AAC. */
  static final int PRIMING = 1024;

  private static final ColourCode BT709 = new ColourCode(1, 1, 1, false);

  /** MP4's clocks are that fine at least: players round to them. */
  private static final int LEAST_TIMESCALE_HZ = 10_000;

  private final RenderSpec spec;
  private final ChunkPlan plan;
  private final ChunkFolder folder;
  private final SampleTable pictures = new SampleTable();
  private final List<TrackFormat> formats = new ArrayList<>();

  /** Of each picture in decoding order: its chunk. */
  private final int[] chunkOf;

  private final int[] firstOf;
  private CodedFile sound;
  private CodedFile open;
  private int openChunk = -1;

  /**
   * @throws NoSuchFileException when a chunk is not there any more
   */
  RenderedMovie(ChunkPlan plan, ChunkFolder folder) throws IOException {
    this.plan = plan;
    this.spec = plan.spec();
    this.folder = folder;
    chunkOf = new int[spec.frames()];
    firstOf = new int[plan.chunks().size()];
    try {
      for (int chunk = 0; chunk < plan.chunks().size(); chunk++) {
        addChunk(chunk);
      }
      if (spec.source().soundStream().isPresent()) {
        sound = found(spec.soundKey());
      }
    } catch (IOException | RuntimeException failure) {
      close();
      throw failure;
    }
  }

  private CodedFile found(String key) throws IOException {
    return folder.find(key).orElseThrow(() -> new NoSuchFileException(key));
  }

  private int ticks() {
    int rate = spec.picture().frameRate().numerator();
    return spec.picture().frameRate().denominator() * Math.ceilDiv(LEAST_TIMESCALE_HZ, rate);
  }

  private int timescaleHz() {
    int rate = spec.picture().frameRate().numerator();
    return rate * Math.ceilDiv(LEAST_TIMESCALE_HZ, rate);
  }

  /**
   * The picture that is decoded n-th is decoded when the one that is shown n-th is shown: so the
   * first is shown at 0 without an edit list that says so; offsets of those decoded late are
   * negative.
   */
  private void addChunk(int chunk) throws IOException {
    CodedFile coded = open(chunk);
    firstOf[chunk] = pictures.count();
    int format = formatOf(coded);
    for (int packet = 0; packet < coded.count(); packet++) {
      chunkOf[pictures.count()] = chunk;
      pictures.add(
          coded.sizeBytes(packet),
          ticks(),
          (coded.pts(packet) - packet) * ticks(),
          coded.isKeyframe(packet) ? SampleTable.Kind.SYNC : SampleTable.Kind.OTHER,
          format);
    }
  }

  private int formatOf(CodedFile coded) {
    VideoFormat format =
        new VideoFormat(
            spec.coding().codec(),
            spec.picture().widthPx(),
            spec.picture().heightPx(),
            coded.config(),
            new Display(
                Orientation.UPRIGHT,
                Optional.empty(),
                Optional.of(BT709),
                Optional.empty(),
                Optional.empty()));
    if (!formats.contains(format)) {
      formats.add(format);
    }
    return formats.indexOf(format);
  }

  private CodedFile open(int chunk) throws IOException {
    if (chunk != openChunk) {
      if (open != null) {
        open.close();
      }
      open = found(plan.chunks().get(chunk).key());
      openChunk = chunk;
    }
    return open;
  }

  /**
   * Writes the file beside its place and moves it there when it is whole and kept.
   *
   * @return its SHA-256
   */
  String write(Path target) throws IOException {
    Path partial =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      String sha256;
      try (FileChannel out =
          FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        sha256 = Mp4File.of(tracks()).write(out, this::read);
        out.force(true);
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      return sha256;
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private List<Mp4Track> tracks() {
    List<Mp4Track> tracks = new ArrayList<>();
    tracks.add(
        new Mp4Track(formats, timescaleHz(), pictures, List.of(new CutEdit(spec.lengthUs(), 0))));
    if (sound != null) {
      SampleTable table = new SampleTable();
      long left = PRIMING + SourceSound.samples(spec.lengthUs());
      for (int packet = 0; packet < sound.count() && left > 0; packet++) {
        // The last one is as long as what it is there for: players that look at no edit list end.
        table.add(sound.sizeBytes(packet), Math.min(left, PRIMING), 0, SampleTable.Kind.SYNC, 0);
        left -= PRIMING;
      }
      tracks.add(
          new Mp4Track(
              List.of(SoundCheck.format(sound)),
              SoundScratch.RATE_HZ,
              table,
              List.of(new CutEdit(spec.lengthUs(), PRIMING))));
    }
    return tracks;
  }

  private void read(int track, int sample, ByteBuffer target) throws IOException {
    if (track == 0) {
      int chunk = chunkOf[sample];
      open(chunk).payload(sample - firstOf[chunk], target);
    } else {
      sound.payload(sample, target);
    }
  }

  /** The coded sound, lent; empty for a silent render. */
  Optional<CodedFile> sound() {
    return Optional.ofNullable(sound);
  }

  @Override
  public void close() {
    for (CodedFile file : Arrays.asList(open, sound)) {
      if (file != null) {
        file.close();
      }
    }
  }
}

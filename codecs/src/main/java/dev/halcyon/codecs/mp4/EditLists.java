package dev.halcyon.codecs.mp4;

import dev.halcyon.core.cut.CutEdit;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the edit lists of an MP4 file, whoever wrote it (ISO/IEC 14496-12: {@code moov/mvhd} and
 * each {@code trak}'s {@code edts/elst}, {@code mdia/mdhd}, {@code mdia/hdlr}). One thread.
 */
public final class EditLists {
  private static final int MAX_TRACKS = 64;
  private static final int MAX_EDITS = 10_000;
  private static final long HEADER_BYTES = 8;

  private final FileChannel in;
  private final List<TrackEdits> tracks = new ArrayList<>();
  private long movieTimescaleHz = 1;

  /**
   * One track's edits.
   *
   * @param handler {@code vide}, {@code soun}, …
   * @param timescaleHz ticks a second of {@link CutEdit#mediaTicks()}
   * @param edits empty when the whole track is presented from time 0
   */
  public record TrackEdits(String handler, long timescaleHz, List<CutEdit> edits) {
    public TrackEdits {
      edits = List.copyOf(edits);
    }

    /** End of the presentation of this track. */
    public long endUs() {
      return edits.stream().mapToLong(CutEdit::durationUs).sum();
    }

    /** Media in front of the first part that is presented. */
    public long trimUs() {
      return edits.stream()
          .filter(edit -> !edit.isEmpty())
          .findFirst()
          .map(edit -> Math.round(edit.mediaTicks() * 1e6 / timescaleHz))
          .orElse(0L);
    }
  }

  /** A box's body. */
  private record Box(String type, long offset, long end) {}

  private EditLists(FileChannel in) {
    this.in = in;
  }

  /**
   * In the order of the file; empty for a file that is no MP4.
   *
   * @throws HalcyonException CORRUPT_MEDIA when a box contradicts itself
   */
  public static List<TrackEdits> of(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      EditLists lists = new EditLists(in);
      for (Box box : lists.boxes(0, in.size())) {
        if (box.type().equals("moov")) {
          lists.readMovie(box);
        }
      }
      return List.copyOf(lists.tracks);
    }
  }

  private void readMovie(Box movie) throws IOException {
    for (Box box : boxes(movie.offset(), movie.end())) {
      if (box.type().equals("mvhd")) {
        movieTimescaleHz = timescaleHz(box);
      } else if (box.type().equals("trak") && tracks.size() < MAX_TRACKS) {
        tracks.add(readTrack(box));
      }
    }
  }

  private TrackEdits readTrack(Box track) throws IOException {
    String handler = "";
    long timescale = 1;
    List<CutEdit> edits = List.of();
    for (Box box : boxes(track.offset(), track.end())) {
      if (box.type().equals("edts")) {
        for (Box list : boxes(box.offset(), box.end())) {
          edits = list.type().equals("elst") ? readEdits(list) : edits;
        }
      } else if (box.type().equals("mdia")) {
        for (Box media : boxes(box.offset(), box.end())) {
          timescale = media.type().equals("mdhd") ? timescaleHz(media) : timescale;
          handler = media.type().equals("hdlr") ? text(read(media, 8, 4)) : handler;
        }
      }
    }
    return new TrackEdits(handler, timescale, edits);
  }

  /** Of {@code mvhd} and {@code mdhd}, which begin alike. */
  private long timescaleHz(Box header) throws IOException {
    boolean isLong = read(header, 0, 1).get() == 1;
    long timescale = read(header, isLong ? 20 : 12, 4).getInt() & 0xffff_ffffL;
    if (timescale == 0) {
      throw corrupt(header);
    }
    return timescale;
  }

  private List<CutEdit> readEdits(Box list) throws IOException {
    boolean isLong = read(list, 0, 1).get() == 1;
    int count = read(list, 4, 4).getInt();
    if (count < 0 || count > MAX_EDITS) {
      throw corrupt(list);
    }
    ByteBuffer entries = read(list, 8, count * (isLong ? 20 : 12));
    List<CutEdit> edits = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long duration = isLong ? entries.getLong() : entries.getInt() & 0xffff_ffffL;
      long mediaTicks = isLong ? entries.getLong() : entries.getInt();
      entries.getInt(); // its rate
      if (duration < 0 || duration > Long.MAX_VALUE / 1_000_000) {
        throw corrupt(list);
      }
      edits.add(
          new CutEdit(
              duration * 1_000_000 / movieTimescaleHz, Math.max(CutEdit.EMPTY, mediaTicks)));
    }
    return edits;
  }

  /** The boxes between two places. */
  private List<Box> boxes(long from, long to) throws IOException {
    List<Box> boxes = new ArrayList<>();
    long at = from;
    while (to - at >= HEADER_BYTES) {
      ByteBuffer header = read(at, 8);
      long size = header.getInt() & 0xffff_ffffL;
      String type = text(header);
      long body = at + HEADER_BYTES;
      if (size == 1) {
        size = read(body, 8).getLong();
        body += 8;
      }
      long end = size == 0 ? to : at + size;
      if (end < body || end > to) {
        if (from == 0) {
          return boxes; // no MP4, or one that breaks off
        }
        throw corrupt(new Box(type, body, end));
      }
      boxes.add(new Box(type, body, end));
      at = end;
    }
    return boxes;
  }

  private ByteBuffer read(Box box, int offset, int length) throws IOException {
    if (box.offset() + offset + length > box.end()) {
      throw corrupt(box);
    }
    return read(box.offset() + offset, length);
  }

  private ByteBuffer read(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (in.read(bytes, offset + bytes.position()) < 0) {
        throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "the file breaks off in its head");
      }
    }
    return bytes.flip();
  }

  private static String text(ByteBuffer bytes) {
    byte[] four = new byte[4];
    bytes.get(four);
    return new String(four, StandardCharsets.ISO_8859_1);
  }

  private static HalcyonException corrupt(Box box) {
    return new HalcyonException(ErrorCode.CORRUPT_MEDIA, "a damaged box [type=" + box.type() + "]");
  }
}

package dev.halcyon.codecs.session;

import dev.halcyon.codecs.session.SessionReader.Part;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What of a recording an export holds and presents: whole fragments from a place at which decoding
 * can begin, of which the pictures of the window are shown, or all that sounds in it.
 *
 * @param parts at least one, in time order
 * @param leadingParts how many of them there are up to the one with the first picture shown
 * @param startUs stream time of the first picture shown
 * @param endUs stream time at which the last picture shown ends
 */
record ExportedWindow(List<Part> parts, int leadingParts, long startUs, long endUs) {
  /** A picture is not said to last longer than this. */
  private static final long MAX_PICTURE_US = 1_000_000;

  ExportedWindow {
    parts = List.copyOf(parts);
  }

  /**
   * @param around the fragments around the window
   * @throws HalcyonException RANGE_NOT_HELD when nothing of it is recorded
   */
  static ExportedWindow of(List<Part> around, long fromUs, long toUs) throws IOException {
    int first = 0;
    while (first < around.size() && !around.get(first).fragment().isStart()) {
      first++;
    }
    int end = around.size();
    while (end > first && around.get(end - 1).fragment().fromUs() >= toUs) {
      end--;
    }
    if (first == end || around.get(end - 1).fragment().toUs() < fromUs) {
      throw notHeld(fromUs, toUs);
    }
    List<Part> parts = around.subList(first, end);
    List<Part> withNext = around.subList(first, Math.min(around.size(), end + 1));
    return parts.getFirst().file().head().hasVideo()
        ? ofPictures(parts, withNext, fromUs, toUs)
        : new ExportedWindow(
            parts,
            1,
            Math.max(fromUs, parts.getFirst().fragment().fromUs()),
            Math.min(toUs, parts.getLast().fragment().toUs()));
  }

  private static ExportedWindow ofPictures(
      List<Part> parts, List<Part> withNext, long fromUs, long toUs) throws IOException {
    Long startUs = null;
    int leading = 0;
    while (leading < parts.size() && startUs == null) {
      // The first pictures of an open GOP are shown before its keyframe: two GOPs are looked at.
      startUs = picturesUs(parts, leading, leading + 2).ceiling(fromUs);
      leading++;
    }
    TreeSet<Long> lastUs = picturesUs(withNext, parts.size() - 2, parts.size() + 1);
    Long lastShownUs = lastUs.lower(toUs);
    if (startUs == null || lastShownUs == null || startUs >= toUs || lastShownUs < startUs) {
      throw notHeld(fromUs, toUs);
    }
    boolean isInNext = !picturesUs(parts, leading - 1, leading).contains(startUs);
    return new ExportedWindow(
        parts, isInNext ? leading + 1 : leading, startUs, endUs(lastUs, lastShownUs));
  }

  private static long endUs(TreeSet<Long> picturesUs, long lastShownUs) {
    Long nextUs = picturesUs.higher(lastShownUs);
    if (nextUs != null && nextUs - lastShownUs <= MAX_PICTURE_US) {
      return nextUs;
    }
    Long beforeUs = picturesUs.lower(lastShownUs);
    long usualUs = beforeUs == null ? 1 : lastShownUs - beforeUs;
    return lastShownUs + Math.min(usualUs, MAX_PICTURE_US);
  }

  /** When the pictures of some parts are shown. */
  private static TreeSet<Long> picturesUs(List<Part> parts, int from, int to) throws IOException {
    TreeSet<Long> picturesUs = new TreeSet<>();
    for (int i = Math.max(0, from); i < Math.min(parts.size(), to); i++) {
      for (SessionPacket packet : packets(parts.get(i))) {
        if (parts.get(i).file().head().track(packet.track()).orElseThrow().isVideo()) {
          picturesUs.add(packet.ptsUs());
        }
      }
    }
    return picturesUs;
  }

  private static List<SessionPacket> packets(Part part) throws IOException {
    try (FileChannel channel = part.file().open()) {
      return part.file().packets(channel, part.fragment());
    }
  }

  /** The packets of a part, as they lie in its file. Blocking. */
  List<SessionPacket> packetsOf(int part) throws IOException {
    return packets(parts.get(part));
  }

  /** The heads of the files, each once. */
  List<SessionHead> heads() {
    List<SessionHead> heads = new ArrayList<>();
    for (Part part : parts) {
      if (heads.isEmpty() || !heads.getLast().equals(part.file().head())) {
        heads.add(part.file().head());
      }
    }
    return heads;
  }

  private static HalcyonException notHeld(long fromUs, long toUs) {
    return new HalcyonException(
        ErrorCode.RANGE_NOT_HELD, "nothing is recorded of " + fromUs + ".." + toUs + " us");
  }
}

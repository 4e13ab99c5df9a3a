package dev.halcyon.codecs.session;

import dev.halcyon.codecs.session.SessionReader.Part;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * A range of a recording as one fragmented MP4 that is made while it is read, from any byte on: it
 * may be of any length and takes the memory of a fragment. The same range of the same recording
 * gives the same bytes.
 *
 * <p>It holds whole fragments; its edit list presents exactly the pictures of the range. Epochs of
 * the same codecs follow each other with the gap between them.
 *
 * <p>One thread at a time; blocking; closed by whoever made it, which lets the files go.
 */
public final class SessionExport implements AutoCloseable {
  private final SessionWindow held;
  private final ExportedWindow window;
  private final ExportFront front;

  /** Where the front and then each fragment begins in the export; behind the last, its length. */
  private final long[] starts;

  private Part openPart;
  private FileChannel channel;
  private int headPart = -1;
  private ByteBuffer head = ByteBuffer.allocate(0);

  private SessionExport(
      SessionWindow held, ExportedWindow window, ExportFront front, long[] starts) {
    this.held = held;
    this.window = window;
    this.front = front;
    this.starts = starts;
  }

  /**
   * Plans the export of a range; reads the indexes of its files and its first and last fragments.
   *
   * @param fromUs stream time
   * @param toUs stream time, exclusive
   * @throws HalcyonException RANGE_NOT_HELD when nothing of it is recorded; EPOCH_CROSSED when a
   *     codec changes in it; RECORDING_CORRUPT
   */
  public static SessionExport of(Recording recording, long fromUs, long toUs) throws IOException {
    SessionWindow held = SessionWindow.open(recording, fromUs, toUs);
    try {
      ExportedWindow window = ExportedWindow.of(held.parts(), fromUs, toUs);
      TrackPlan plan = TrackPlan.of(window.heads());
      ExportFront front = ExportFront.of(plan, window);
      return new SessionExport(held, window, front, starts(window, front));
    } catch (IOException | RuntimeException failure) {
      held.close();
      throw failure;
    }
  }

  private static long[] starts(ExportedWindow window, ExportFront front) {
    List<Part> parts = window.parts();
    int leading = window.leadingParts();
    long[] starts = new long[parts.size() - leading + 2];
    starts[1] = front.sizeBytes();
    for (int i = leading; i < parts.size(); i++) {
      Fragment fragment = parts.get(i).fragment();
      starts[i - leading + 2] =
          starts[i - leading + 1] + headBytes(fragment) + fragment.mediaBytes();
    }
    return starts;
  }

  /** As in the file: only the times in it differ. */
  private static long headBytes(Fragment fragment) {
    return fragment.lengthBytes() - fragment.mediaBytes() - SealBox.bytes(fragment.packetCount());
  }

  /** Stream time of the first picture shown; of what is heard first without pictures. */
  public long startUs() {
    return window.startUs();
  }

  /** Stream time at which what is shown ends. */
  public long endUs() {
    return window.endUs();
  }

  /** Wall clock at which the newest media in it had arrived, microseconds since 1970. */
  public long arrivedUs() {
    Fragment last = window.parts().getLast().fragment();
    return last.arrivalUs() + last.toUs() - last.fromUs();
  }

  public long sizeBytes() {
    return starts[starts.length - 1];
  }

  /** Names the bytes of the export: the same name, the same bytes. */
  public UUID id() {
    StringBuilder said = new StringBuilder();
    for (Part part : List.of(window.parts().getFirst(), window.parts().getLast())) {
      said.append(part.file().head().nonce()).append(" ");
      said.append(part.fragment().offset()).append(" ");
    }
    said.append(window.parts().size()).append(' ').append(sizeBytes());
    said.append(' ').append(startUs()).append(' ').append(endUs());
    return UUID.nameUUIDFromBytes(said.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads bytes of the export into all of the target's room, or up to the end.
   *
   * @param position of the first byte
   */
  public void read(long position, ByteBuffer target) throws IOException {
    long at = position;
    while (target.hasRemaining() && at < sizeBytes()) {
      int found = Arrays.binarySearch(starts, at);
      int piece = found >= 0 ? found : -found - 2;
      long local = at - starts[piece];
      int before = target.position();
      if (piece == 0) {
        readFront(local, target);
      } else {
        readFragment(piece + window.leadingParts() - 1, local, target);
      }
      at += target.position() - before;
    }
  }

  private void readFront(long local, ByteBuffer target) throws IOException {
    int headBytes = front.head().remaining();
    if (local < headBytes) {
      copy(front.head(), (int) local, target);
      return;
    }
    long at = local - headBytes;
    for (ExportFront.Region region : front.regions()) {
      if (at < region.lengthBytes()) {
        readFile(region.part(), region.offset() + at, region.lengthBytes() - at, target);
        return;
      }
      at -= region.lengthBytes();
    }
  }

  private void readFragment(int index, long local, ByteBuffer target) throws IOException {
    Fragment fragment = window.parts().get(index).fragment();
    long headBytes = headBytes(fragment);
    if (local < headBytes) {
      copy(headOf(index), (int) local, target);
      return;
    }
    long at = local - headBytes;
    long mediaAt = fragment.sealOffset() - fragment.mediaBytes();
    readFile(index, mediaAt + at, fragment.mediaBytes() - at, target);
  }

  private ByteBuffer headOf(int index) throws IOException {
    if (headPart != index) {
      head = front.form().fragmentHead(index, window.packetsOf(index));
      headPart = index;
      if (head.remaining() != headBytes(window.parts().get(index).fragment())) {
        throw new HalcyonException(ErrorCode.INTERNAL, "a fragment's head is not as planned");
      }
    }
    return head;
  }

  private static void copy(ByteBuffer source, int at, ByteBuffer target) {
    int length = Math.min(source.remaining() - at, target.remaining());
    target.put(source.slice(source.position() + at, length));
  }

  private void readFile(int index, long offset, long leftBytes, ByteBuffer target)
      throws IOException {
    open(index);
    int length = (int) Math.min(leftBytes, target.remaining());
    ByteBuffer window = target.slice(target.position(), length);
    if (!OwnBox.readFully(channel, window, offset)) {
      throw new EOFException("a recorded file is shorter than it was");
    }
    target.position(target.position() + length);
  }

  private void open(int index) throws IOException {
    Part part = window.parts().get(index);
    if (openPart == null || openPart.file() != part.file()) {
      closeFile();
      channel = part.file().open();
      openPart = part;
    }
  }

  private void closeFile() throws IOException {
    if (openPart != null) {
      openPart = null;
      channel.close();
    }
  }

  @Override
  public void close() throws IOException {
    try (held) {
      closeFile();
    }
  }
}

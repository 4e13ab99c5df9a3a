package dev.halcyon.codecs.session;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Comparator;
import java.util.List;

/**
 * Reads recorded packets in the order in which they arrived, over files. One thread; blocking;
 * closed by whoever made it. Whoever made it holds the files.
 */
public final class SessionReader implements AutoCloseable {
  private static final int PLACE_BITS = 16;

  private final List<Part> parts;

  private int nextPart;
  private int part = -1;
  private int packet = -1;
  private List<SessionPacket> packets = List.of();
  private SessionFile openFile;
  private FileChannel channel;

  /** A fragment and the file that it lies in. */
  public record Part(SessionFile file, Fragment fragment) {}

  /**
   * @param parts in time order
   */
  public SessionReader(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /**
   * Steps to the next packet; false at the end.
   *
   * @throws HalcyonException RECORDING_CORRUPT
   */
  public boolean next() throws IOException {
    packet++;
    while (packet >= packets.size()) {
      if (nextPart >= parts.size()) {
        return false;
      }
      load(nextPart);
      packet = 0;
    }
    return true;
  }

  /** Goes to the packet of an earlier {@link #position}; it is the current one then. */
  public void seek(long position) throws IOException {
    int wanted = Math.toIntExact(position >> PLACE_BITS);
    if (wanted != part) {
      load(wanted);
    }
    packet = (int) (position & ((1 << PLACE_BITS) - 1));
  }

  private void load(int index) throws IOException {
    Part wanted = parts.get(index);
    if (wanted.file() != openFile) {
      close();
      channel = wanted.file().open();
      openFile = wanted.file();
    }
    packets =
        wanted.file().packets(channel, wanted.fragment()).stream()
            .sorted(Comparator.comparingInt(SessionPacket::place))
            .toList();
    part = index;
    nextPart = index + 1;
  }

  /** The current packet. */
  public SessionPacket packet() {
    return packets.get(packet);
  }

  public SessionHead head() {
    return parts.get(part).file().head();
  }

  /** How the current packet joins the one before it; only a fragment's first can have a seam. */
  public Seam seam() {
    return packet == 0 ? parts.get(part).fragment().seam() : Seam.CONTINUOUS;
  }

  /** The current packet's track. */
  public Track track() {
    int index = packet().track();
    return head()
        .track(index)
        .orElseThrow(() -> corrupt("a packet of an unknown track [track=" + index + "]"));
  }

  /** Where the current packet lies among the parts: ever growing, for {@link #seek}. */
  public long position() {
    return (long) part << PLACE_BITS | packet;
  }

  /**
   * Copies the current packet's payload to the target's position, which moves behind it.
   *
   * @throws HalcyonException RECORDING_CORRUPT when the bytes are not those that were written
   */
  public void copyPayload(ByteBuffer target) throws IOException {
    SessionPacket wanted = packet();
    int at = target.position();
    ByteBuffer window = target.slice(at, wanted.sizeBytes());
    if (!OwnBox.readFully(channel, window, wanted.offset()) || OwnBox.crc(window) != wanted.crc()) {
      throw corrupt("damaged at " + wanted.ptsUs() + " us");
    }
    target.position(at + wanted.sizeBytes());
  }

  private static HalcyonException corrupt(String what) {
    return new HalcyonException(ErrorCode.RECORDING_CORRUPT, "the recording: " + what);
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
      openFile = null;
      part = -1;
    }
  }
}

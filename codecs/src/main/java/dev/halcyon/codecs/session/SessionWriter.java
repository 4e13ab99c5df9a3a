package dev.halcyon.codecs.session;

import dev.halcyon.core.cut.WindowWatch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Appends closed ranges to one session file. One thread at a time; closed by whoever made it. A
 * fragment that cannot be written whole is taken back: the file always ends with a whole one.
 */
public final class SessionWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 << 10;
  private static final long FORCE_EVERY_NS = TimeUnit.SECONDS.toNanos(5);

  private final FileChannel out;
  private final SessionFile file;
  private final FragmentForm form;

  private long endBytes;
  private long forcedBytes;
  private long forcedAtNs = System.nanoTime();
  private int fragments;
  private boolean isClosed;

  /** End of the last packet of each track, by its index. */
  private final Map<Integer, Long> endsUs = new HashMap<>();

  private SessionWriter(FileChannel out, SessionFile file, FragmentForm form) {
    this.out = out;
    this.file = file;
    this.form = form;
  }

  /**
   * Begins a file.
   *
   * @param originUs the stream time that players show as 0
   * @throws dev.halcyon.core.error.HalcyonException UNSUPPORTED_MEDIA or CORRUPT_MEDIA when MP4
   *     does not carry a track
   * @throws IOException when it exists or cannot be written; none is left then
   */
  public static SessionWriter create(SessionStore store, Path path, SessionHead head, long originUs)
      throws IOException {
    FragmentForm form = FragmentForm.from(TrackPlan.of(head), originUs);
    FileChannel out = store.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    SessionWriter writer = new SessionWriter(out, SessionFile.growing(store, path, head), form);
    try {
      writer.put(form.fileHead());
      writer.put(HeadBox.write(head));
      writer.force();
      return writer;
    } catch (IOException | RuntimeException failure) {
      writer.abandon(failure);
      throw failure;
    }
  }

  /** Takes back a file that holds nothing. */
  private void abandon(Exception because) {
    try (out) {
      file.delete();
    } catch (IOException failure) {
      because.addSuppressed(failure);
    }
  }

  /** The file so far, to be read while it grows. */
  public SessionFile file() {
    return file;
  }

  /** Length of the file. */
  public long sizeBytes() {
    return endBytes;
  }

  /**
   * Appends a range as one fragment. It is not on the disk for sure before some seconds.
   *
   * @throws IOException from the file; also what {@code payloads} throws. The file is as before.
   */
  public Fragment append(ClosedRange range, RangePayloads payloads) throws IOException {
    long startBytes = endBytes;
    try {
      Fragment fragment = write(range, payloads);
      file.grow(fragment, settledUs(range));
      if (System.nanoTime() - forcedAtNs >= FORCE_EVERY_NS) {
        force();
      }
      return fragment;
    } catch (IOException | RuntimeException failure) {
      takeBack(startBytes, failure);
      throw failure;
    }
  }

  /** The earliest end of a track that goes on: a window waits no longer for one that stalls. */
  private long settledUs(ClosedRange range) {
    for (RangePacket packet : range.packets()) {
      endsUs.merge(packet.track(), packet.ptsUs() + packet.durationUs(), Math::max);
    }
    long latestUs = Collections.max(endsUs.values());
    return endsUs.values().stream()
        .mapToLong(Long::longValue)
        .filter(endUs -> endUs > latestUs - WindowWatch.STALL_US)
        .min()
        .orElseThrow();
  }

  private Fragment write(ClosedRange range, RangePayloads payloads) throws IOException {
    long startBytes = endBytes;
    ByteBuffer head = form.fragmentHead(++fragments, range.packets());
    int headBytes = head.remaining();
    int headCrc = OwnBox.crc(head);
    put(head);
    List<SessionPacket> packets = copy(range.packets(), payloads);
    int lengthBytes =
        Math.toIntExact(endBytes - startBytes) + SealBox.bytes(range.packets().size());
    SealBox seal =
        new SealBox(
            file.head().nonce(),
            range.isStart(),
            range.seam(),
            lengthBytes,
            headBytes,
            headCrc,
            forcedBytes,
            range.arrivalUs(),
            packets);
    long sealAt = endBytes;
    put(seal.write());
    return seal.fragment(sealAt);
  }

  private List<SessionPacket> copy(List<RangePacket> range, RangePayloads payloads)
      throws IOException {
    int largestBytes = range.stream().mapToInt(RangePacket::sizeBytes).max().orElse(0);
    List<SessionPacket> packets = new ArrayList<>(range.size());
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer buffer = arena.allocate(Math.max(BUFFER_BYTES, largestBytes)).asByteBuffer();
      long bufferAt = endBytes;
      for (RangePacket packet : range) {
        if (buffer.remaining() < packet.sizeBytes()) {
          put(buffer.flip());
          buffer.clear();
          bufferAt = endBytes;
        }
        int at = buffer.position();
        payloads.read(packet, buffer);
        if (buffer.position() - at != packet.sizeBytes()) {
          throw new IllegalStateException("a payload is not as long as was said");
        }
        int crc = OwnBox.crc(buffer.slice(at, packet.sizeBytes()));
        packets.add(recorded(packet, crc, bufferAt + at));
      }
      put(buffer.flip());
    }
    return packets;
  }

  private static SessionPacket recorded(RangePacket packet, int crc, long offset) {
    return new SessionPacket(
        packet.track(),
        packet.isKeyframe(),
        packet.place(),
        packet.ptsUs(),
        packet.dtsUs(),
        packet.durationUs(),
        packet.sizeBytes(),
        crc,
        offset);
  }

  private void put(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      endBytes += out.write(bytes, endBytes);
    }
  }

  private void takeBack(long toBytes, Exception because) {
    endBytes = toBytes;
    try {
      out.truncate(toBytes);
    } catch (IOException failure) {
      because.addSuppressed(failure);
    }
  }

  /** Waits until the file so far is on the disk. */
  public void force() throws IOException {
    out.force(false);
    forcedBytes = endBytes;
    forcedAtNs = System.nanoTime();
  }

  /**
   * Ends the file. One without a fragment is deleted; one whose index finds no room is whole all
   * the same and gets it when it is opened the next time.
   */
  @Override
  public void close() throws IOException {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try (out) {
      if (file.fragmentCount() == 0) {
        file.delete();
      } else {
        end();
      }
    }
  }

  private void end() throws IOException {
    long mediaEndBytes = endBytes;
    try {
      put(IndexBox.write(file.head().nonce(), file.fragments()));
      force();
      file.closed(endBytes, true);
    } catch (IOException failure) {
      takeBack(mediaEndBytes, failure);
      file.closed(mediaEndBytes, false);
      throw failure;
    }
  }
}

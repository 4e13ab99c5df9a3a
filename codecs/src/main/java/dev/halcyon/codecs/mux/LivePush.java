package dev.halcyon.codecs.mux;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes coded packets to an RTMP server, with FFmpeg's own {@code flv} muxer and {@code rtmp}
 * protocol, as an encoder in the field would. One push an object: {@link #run} blocks the platform
 * thread that calls it; {@link #stop} and {@link #abort} may come from any thread.
 */
public final class LivePush {
  /** Hears of each packet after it was handed to the connection. On the thread of the push. */
  public interface SentListener {
    /**
     * @param dtsUs of the source, as are the pts: not shifted
     * @param nanoTime {@code System.nanoTime()} just after
     */
    void onSent(Track track, long dtsUs, long ptsUs, long nanoTime);
  }

  /** Why a push ended well. */
  public enum End {
    SOURCE_ENDED,
    STOPPED
  }

  /** What was sent; {@code bytes} are payload. */
  public record Report(End end, long packets, long bytes) {}

  /** An orderly end may take so long after {@link #stop}. */
  private static final long STOP_GRACE_NS = TimeUnit.SECONDS.toNanos(2);

  /** Packets looked at before the first is sent, to know the earliest time of all tracks. */
  private static final int MAX_PEEKED = 256;

  private static final SentListener NOBODY = (track, dtsUs, ptsUs, nanoTime) -> {};

  private final String url;

  /** For messages: the address without its path, which holds the stream key. */
  private final String server;

  private final Pace pace;
  private final long ioTimeoutNs;
  private final SentListener listener;
  private final NativeInterrupt interrupt = new NativeInterrupt();
  private volatile boolean isStopping;
  private volatile Thread runner;
  private long sentPackets;
  private long sentBytes;

  /**
   * @param url {@code rtmp://host:port/app/key}
   * @param ioTimeoutMs no connect or write blocks for longer
   */
  public LivePush(String url, Pace pace, long ioTimeoutMs, SentListener listener) {
    if (!url.startsWith("rtmp://") && !url.startsWith("rtmps://")) {
      throw new IllegalArgumentException("not an RTMP address");
    }
    this.url = url;
    URI address = URI.create(url);
    server = address.getHost() + ":" + address.getPort();
    this.pace = pace;
    this.ioTimeoutNs = TimeUnit.MILLISECONDS.toNanos(ioTimeoutMs);
    this.listener = listener;
  }

  public LivePush(String url, Pace pace) {
    this(url, pace, 10_000, NOBODY);
  }

  /**
   * Connects, sends until the source ends or {@link #stop} is called, unpublishes. Once only. The
   * source stays the caller's. Times before 0 are shifted up to it, alike for all tracks.
   *
   * @throws HalcyonException UNSUPPORTED_MEDIA before connecting when FLV has no name for a track's
   *     codec; NETWORK_LOST when the server cannot be reached, refuses, or goes away
   */
  public Report run(PacketSource source) {
    requireFlvCodecs(source.tracks());
    runner = Thread.currentThread();
    try (interrupt) {
      interrupt.allow(ioTimeoutNs);
      try (MuxerHandle muxer =
          MuxerHandle.toServer(
              url,
              "flv",
              source.tracks(),
              Map.of("tcp_nodelay", "1"),
              Map.of("flvflags", "no_duration_filesize"),
              interrupt)) {
        Report report = send(source, muxer);
        interrupt.allow(ioTimeoutNs);
        muxer.finish();
        return report;
      }
    } catch (HalcyonException failure) {
      if (isStopping) {
        return new Report(End.STOPPED, sentPackets, sentBytes);
      }
      throw asNetworkLoss(failure);
    }
  }

  /** Ends the push in order: what is being sent is finished, then the stream is unpublished. */
  public void stop() {
    isStopping = true;
    interrupt.stop(STOP_GRACE_NS);
    LockSupport.unpark(runner);
  }

  /** Drops the connection where it is, as a publisher that vanishes. */
  public void abort() {
    isStopping = true;
    interrupt.stop(0);
    LockSupport.unpark(runner);
  }

  private Report send(PacketSource source, MuxerHandle muxer) {
    ArrayDeque<CodedPacket> peeked = peek(source);
    long shiftUs = Math.max(0, -peeked.stream().mapToLong(CodedPacket::dtsUs).min().orElse(0));
    long startNs = System.nanoTime();
    long firstDtsUs = peeked.isEmpty() ? 0 : peeked.peek().dtsUs();
    while (!isStopping) {
      Optional<CodedPacket> next = peeked.isEmpty() ? source.next() : Optional.of(peeked.remove());
      if (next.isEmpty()) {
        return new Report(End.SOURCE_ENDED, sentPackets, sentBytes);
      }
      CodedPacket packet = next.get();
      waitUntil(startNs + pace.dueNs(packet.dtsUs() - firstDtsUs));
      if (isStopping) {
        break;
      }
      interrupt.allow(ioTimeoutNs);
      muxer.write(packet.shifted(shiftUs));
      listener.onSent(packet.track(), packet.dtsUs(), packet.ptsUs(), System.nanoTime());
      sentPackets++;
      sentBytes += packet.payload().length();
    }
    return new Report(End.STOPPED, sentPackets, sentBytes);
  }

  /** Takes packets until each track has shown one. */
  private static ArrayDeque<CodedPacket> peek(PacketSource source) {
    ArrayDeque<CodedPacket> peeked = new ArrayDeque<>();
    BitSet seen = new BitSet();
    while (seen.cardinality() < source.tracks().size() && peeked.size() < MAX_PEEKED) {
      Optional<CodedPacket> packet = source.next();
      if (packet.isEmpty()) {
        break;
      }
      peeked.add(packet.get());
      seen.set(packet.get().track().index());
    }
    return peeked;
  }

  private void waitUntil(long dueNs) {
    long leftNs = dueNs - System.nanoTime();
    while (leftNs > 0 && !isStopping) {
      LockSupport.parkNanos(this, leftNs);
      leftNs = dueNs - System.nanoTime();
    }
  }

  private static void requireFlvCodecs(List<Track> tracks) {
    for (Track track : tracks) {
      Codec codec = track.format().codec();
      if (codec == Codec.VP8) {
        throw new HalcyonException(
            ErrorCode.UNSUPPORTED_MEDIA,
            "RTMP does not carry " + codec + " here; convert the source first");
      }
    }
  }

  private HalcyonException asNetworkLoss(HalcyonException failure) {
    if (failure.code() != ErrorCode.IO_FAILED && failure.code() != ErrorCode.NETWORK_LOST) {
      return failure;
    }
    return new HalcyonException(
        ErrorCode.NETWORK_LOST, "push to " + server + ": " + failure.getMessage(), failure);
  }
}

package dev.halcyon.codecs.cut;

import dev.halcyon.core.cut.CutPlan;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.cut.HeldSpan;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.cut.TrackPackets;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.ring.KeyframeEntry;
import dev.halcyon.ring.Lease;
import dev.halcyon.ring.Ring;
import java.util.List;

/**
 * A ring as a timeline. While a window is open the ring keeps it as far as its slack allows; what
 * the writer overtakes all the same is refused with RING_OVERRUN.
 */
public record RingTimeline(Ring ring) implements Timeline {
  /** 30 s: longer than a whole ring takes to copy. */
  private static final long LEASE_NS = 30_000_000_000L;

  /** Pictures behind the end that those inside refer to are in the file as well. */
  private static final long SLACK_US = 2_000_000;

  @Override
  public Window open(CutRequest request) {
    RingCutter.held(ring, request);
    return new RingWindow(
        ring, request, RingCutter.lease(ring, request, System.nanoTime() + LEASE_NS));
  }

  /** What lies in the ring around the window. */
  @Override
  public long mostBytes(CutRequest request) {
    long from =
        ring.index()
            .atOrBefore(request.fromUs())
            .map(KeyframeEntry::position)
            .orElseGet(ring::oldestPosition);
    long to =
        ring.index()
            .firstAtOrAfter(request.toUs() + SLACK_US)
            .map(KeyframeEntry::position)
            .orElseGet(ring::committedPosition);
    return Math.max(0, to - from);
  }

  private record RingWindow(Ring ring, CutRequest request, Lease lease) implements Window {
    @Override
    public List<TrackPackets> tracks() {
      return RingScan.of(ring, request, lease.fromPosition());
    }

    @Override
    public HeldSpan held() {
      return RingCutter.held(ring, request);
    }

    @Override
    public Bytes payload(PacketStamp packet) {
      return RingPayloads.one(ring, packet);
    }

    @Override
    public Payloads payloads(CutPlan plan) {
      return new RingPayloads(ring, plan);
    }

    @Override
    public void close() {
      lease.close();
    }
  }
}

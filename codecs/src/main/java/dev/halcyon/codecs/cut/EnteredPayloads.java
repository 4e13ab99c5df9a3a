package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.bitstream.RecoveryEntry;
import dev.halcyon.core.cut.CutPlan;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.cut.TrackCut;
import dev.halcyon.core.media.VideoFormat;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A plan's payloads such that decoders begin with the first picture of each epoch, be it a recovery
 * point. One thread.
 */
final class EnteredPayloads implements Timeline.Payloads {
  private final CutPlan plan;
  private final Timeline.Payloads payloads;
  private final RecoveryEntry[] entries;
  private final int[] epochs;

  /**
   * @param payloads closed with this
   */
  EnteredPayloads(CutPlan plan, Timeline.Payloads payloads) {
    this.plan = plan;
    this.payloads = payloads;
    this.entries = new RecoveryEntry[plan.tracks().size()];
    this.epochs = new int[plan.tracks().size()];
  }

  @Override
  public void read(int track, int sample, ByteBuffer target) throws IOException {
    int start = target.position();
    payloads.read(track, sample, target);
    TrackCut cut = plan.tracks().get(track);
    PacketStamp packet = cut.samples().get(sample).packet();
    if (cut.formats().get(packet.formatIndex()) instanceof VideoFormat format) {
      if (entries[track] == null || epochs[track] != packet.epoch()) {
        entries[track] = new RecoveryEntry();
        epochs[track] = packet.epoch();
      }
      entries[track].onPicture(format, target.duplicate().flip().position(start));
    }
  }

  @Override
  public void close() {
    payloads.close();
  }
}

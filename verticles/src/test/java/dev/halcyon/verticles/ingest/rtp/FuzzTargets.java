package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.MediaKind;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Every parser of what comes by RTP, each as a function of bytes: what {@link RtpMutationTest}
 * calls with bytes of its own, and a coverage-guided fuzzer could call with others. None throws,
 * whatever it is given, but the stated error of a parser; memory stays within its bound and comes
 * back.
 */
public final class FuzzTargets {
  private static final SoundEncoding.Factory SILENT =
      (rateHz, channels, sink) ->
          new SoundEncoding() {
            @Override
            public boolean encode(float[][] planes) {
              return planes.length == channels;
            }

            @Override
            public void close() {}
          };

  private FuzzTargets() {}

  /** A session description, and whatever formats it tells of. */
  public static void description(byte[] data) {
    try {
      for (Sdp.Media media : Sdp.parse(data).media()) {
        for (RtpFormat format : RtpFormat.of(media)) {
          for (MediaKind kind : MediaKind.values()) {
            try {
              PayloadFormats.require(kind, format);
            } catch (HalcyonException stated) {
              requireText(stated);
            }
          }
        }
      }
    } catch (HalcyonException stated) {
      requireText(stated);
    }
  }

  private static void requireText(HalcyonException stated) {
    if (stated.getMessage().isEmpty()) {
      throw new AssertionError("an error that says nothing");
    }
  }

  /**
   * Datagrams of one track.
   *
   * @param data repeated: control byte, length in two bytes, datagram. The control byte's low bit
   *     says whether it is RTCP, the next seven how many milliseconds pass before it
   */
  public static void track(MediaReceiver.Medium medium, byte[] data) {
    try (ReceiverRun run = new ReceiverRun(List.of(medium), ReceiverRun.WAIT_MS, SILENT)) {
      ByteBuffer in = ByteBuffer.wrap(data);
      while (in.remaining() >= 3) {
        int control = in.get() & 0xff;
        int length = Math.min(in.getShort() & 0xffff, in.remaining());
        ByteBuffer datagram = in.slice(in.position(), length);
        in.position(in.position() + length);
        run.passMs(control >> 1);
        if ((control & 1) == 0) {
          run.receiver.onRtp(0, datagram);
        } else {
          run.receiver.onRtcp(0, datagram);
        }
        if (run.heldBytes.get() > ReceiverRun.MAX_BUFFER_BYTES) {
          throw new AssertionError("holds " + run.heldBytes);
        }
      }
    }
  }
}

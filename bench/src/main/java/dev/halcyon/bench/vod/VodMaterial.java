package dev.halcyon.bench.vod;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.MuxerHandle;
import dev.halcyon.codecs.mux.PacketSource;
import dev.halcyon.codecs.mux.PreparedLoop;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardSource;
import java.nio.file.Path;
import java.util.Map;

/**
 * A video of the test card: H.264 High with B-frames and a keyframe every two seconds, stereo AAC.
 * A few seconds are encoded and repeated, so that an hour of it is made in seconds.
 */
record VodMaterial(
    String name, int widthPx, int heightPx, int bitrateBps, long loopUs, long lengthUs) {
  private static final int GOP_FRAMES = 60;

  /** Writes it as MP4. */
  Path write(Path folder) {
    TestCard card =
        TestCard.builder()
            .size(widthPx, heightPx)
            .gop(GOP_FRAMES)
            .bFrames(2)
            .videoBitrate(bitrateBps)
            .build();
    PreparedLoop loop = TestCardSource.prepareLoop(card, Math.min(loopUs, lengthUs));
    Path file = folder.resolve(name.replace(' ', '-') + ".mp4");
    try (PacketSource source = loop.source();
        MuxerHandle muxer = MuxerHandle.toFile(file, "mp4", source.tracks(), Map.of())) {
      CodedPacket packet = source.next().orElseThrow();
      while (packet.dtsUs() < lengthUs) {
        muxer.write(packet);
        packet = source.next().orElseThrow();
      }
      muxer.finish();
    }
    return file;
  }
}

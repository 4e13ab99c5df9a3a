package dev.halcyon.codecs.media;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.MuxerHandle;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Track;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** For tests: one coded track in an MP4 file, by FFmpeg's muxer. */
public final class Mp4File {
  private Mp4File() {}

  public static void write(CodedTrack coded, Path file) {
    Track track = new Track(0, coded.format());
    try (MuxerHandle muxer = MuxerHandle.toFile(file, "mp4", List.of(track), Map.of())) {
      for (CodedTrack.CodedPacket packet : coded.packets()) {
        muxer.write(
            new CodedPacket(
                track,
                packet.isKeyframe(),
                packet.ptsUs(),
                packet.dtsUs(),
                0,
                Bytes.copyOf(packet.payload())));
      }
      muxer.finish();
    }
  }
}

package dev.halcyon.codecs.verify;

import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;

import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.mp4.EditLists;
import dev.halcyon.codecs.mp4.EditLists.TrackEdits;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.CutFrames;
import dev.halcyon.core.clip.CutLatency;
import dev.halcyon.core.clip.FrameRange;
import dev.halcyon.core.clip.TrackContract;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.CodecName;
import dev.halcyon.core.media.MediaKind;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.render.RenderSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The contract of a file that was rendered from a spec. Its times are the source's at the window's
 * start and count the clip's own time from there: what was taken out of the window is not in them.
 * Reads the file once, without decoding it. One thread; blocks.
 */
public final class RenderedContract {
  private RenderedContract() {}

  /**
   * @param sha256 of the file, lower-case hex
   * @throws HalcyonException CORRUPT_MEDIA when it is no such file
   */
  public static CutContract of(Path file, RenderSpec spec, String sha256) throws IOException {
    List<TrackContract> tracks = tracks(file);
    List<TimeSpan> parts = spec.timeline().parts();
    long startUs = parts.getFirst().fromUs();
    int packets = tracks.stream().mapToInt(TrackContract::packets).sum();
    return new CutContract(
        startUs,
        parts.getLast().toUs(),
        startUs,
        startUs + spec.lengthUs(),
        false,
        startUs,
        0,
        List.of(),
        List.of(0),
        0,
        0,
        0,
        packets,
        sha256,
        Optional.of(frames(spec, startUs)),
        tracks,
        CutLatency.UNKNOWN);
  }

  private static CutFrames frames(RenderSpec spec, long startUs) {
    int frames = spec.frames();
    return new CutFrames(
        0,
        frames,
        0,
        frames,
        startUs + spec.picture().frameRate().usOfTick(frames - 1),
        List.of(new FrameRange(0, frames)));
  }

  private static List<TrackContract> tracks(Path file) throws IOException {
    List<TrackEdits> edits = EditLists.of(file);
    List<TrackContract> tracks = new ArrayList<>();
    try (DemuxerHandle demuxer = DemuxerHandle.ofFile(file, Map.of("ignore_editlist", "1"));
        PacketHandle packet = new PacketHandle()) {
      if (demuxer.streamCount() != edits.size()) {
        throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "no rendered file: " + file);
      }
      int[] packets = new int[edits.size()];
      long[] endUs = new long[packets.length];
      while (demuxer.read(packet)) {
        int stream = packet.pointer().stream_index();
        long end = packet.pointer().pts() + packet.pointer().duration();
        packets[stream]++;
        endUs[stream] = Math.max(endUs[stream], demuxer.us(stream, end));
      }
      for (int stream = 0; stream < packets.length; stream++) {
        TrackEdits own = edits.get(stream);
        long behindUs = own.edits().isEmpty() ? 0 : endUs[stream] - own.trimUs() - own.endUs();
        tracks.add(
            new TrackContract(
                stream,
                demuxer.stream(stream).codecpar().codec_type() == AVMEDIA_TYPE_VIDEO
                    ? MediaKind.VIDEO
                    : MediaKind.AUDIO,
                List.of(demuxer.track(stream).map(RenderedContract::codec).orElse("unknown")),
                packets[stream],
                0,
                own.trimUs(),
                0,
                Math.max(0, behindUs)));
      }
    }
    return tracks;
  }

  private static String codec(Track track) {
    return CodecName.of(track.format());
  }
}

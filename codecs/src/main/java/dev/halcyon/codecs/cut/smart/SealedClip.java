package dev.halcyon.codecs.cut.smart;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_NEW_EXTRADATA;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_get_side_data;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.codecs.av.CodecIds;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.bitstream.FormatCompletion;
import dev.halcyon.codecs.mp4.EditLists;
import dev.halcyon.codecs.mp4.EditLists.TrackEdits;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * A sealed clip's file: all that it holds, and what its edit lists present of that. Payloads stay
 * in the file. One platform thread; closed by who opened it.
 */
final class SealedClip implements AutoCloseable {
  /** A day of 50 pictures and 47 packets of sound a second is 8 million. */
  private static final int MAX_PACKETS = 10_000_000;

  private final FileChannel file;
  private final List<Stream> streams = new ArrayList<>();
  private int packets;

  /**
   * @param ptsUs on the track's own time line, as are edits
   * @param formatIndex into the stream's formats
   */
  record Packet(long ptsUs, boolean isKeyframe, StoredPayload payload, int formatIndex) {}

  /** One track with its packets in decoding order. */
  record Stream(List<TrackFormat> formats, List<Packet> packets, Placement placement) {
    boolean isVideo() {
      return formats.getFirst().codec().isVideo();
    }
  }

  private SealedClip(FileChannel file) {
    this.file = file;
  }

  /**
   * @throws HalcyonException CORRUPT_MEDIA, IO_FAILED; UNSUPPORTED_MEDIA for a track that is none
   *     of ours
   */
  static SealedClip open(Path path) throws IOException {
    FileChannel file = FileChannel.open(path);
    try {
      SealedClip clip = new SealedClip(file);
      clip.read(path);
      return clip;
    } catch (IOException | RuntimeException failure) {
      file.close();
      throw failure;
    }
  }

  private void read(Path path) throws IOException {
    List<TrackEdits> edits = EditLists.of(path);
    try (DemuxerHandle demuxer = DemuxerHandle.ofFile(path, Map.of("ignore_editlist", "1"));
        PacketHandle packet = new PacketHandle()) {
      if (edits.size() != demuxer.streamCount()) {
        throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "the clip's file is no MP4 of ours");
      }
      for (int i = 0; i < demuxer.streamCount(); i++) {
        Track track = demuxer.track(i).orElseThrow(SealedClip::foreign);
        List<TrackFormat> formats = new ArrayList<>(List.of(track.format()));
        streams.add(new Stream(formats, new ArrayList<>(), new Placement(edits.get(i))));
      }
      while (demuxer.read(packet)) {
        int index = packet.pointer().stream_index();
        long pts = demuxer.us(index, packet.pointer().pts());
        if (pts == AV_NOPTS_VALUE || ++packets > MAX_PACKETS) {
          throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "the clip's packets cannot be told");
        }
        add(streams.get(index), packet, pts);
      }
    }
  }

  private static HalcyonException foreign() {
    return new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, "a track of an unknown codec");
  }

  private void add(Stream stream, PacketHandle packet, long ptsUs) {
    newFormat(stream, packet).ifPresent(stream.formats()::add);
    StoredPayload payload =
        new StoredPayload(file, packet.pointer().pos(), packet.pointer().size());
    stream
        .packets()
        .add(new Packet(ptsUs, packet.isKeyframe(), payload, stream.formats().size() - 1));
  }

  /** Another sample entry begins: FFmpeg hands over its configuration with the first packet. */
  private static Optional<TrackFormat> newFormat(Stream stream, PacketHandle packet) {
    try (SizeTPointer size = new SizeTPointer(1)) {
      BytePointer config =
          av_packet_get_side_data(packet.pointer(), AV_PKT_DATA_NEW_EXTRADATA, size);
      if (config == null || config.isNull() || size.get() == 0) {
        return Optional.empty();
      }
      Bytes changed = Bytes.copyOf(config.capacity(size.get()).asByteBuffer());
      TrackFormat before = stream.formats().getLast();
      TrackFormat after = changed(before, changed, Bytes.copyOf(packet.payload()));
      return after.equals(before) ? Optional.empty() : Optional.of(after);
    }
  }

  private static TrackFormat changed(TrackFormat before, Bytes config, Bytes packet) {
    return switch (before) {
      case VideoFormat video -> {
        VideoFormat unsized = new VideoFormat(video.codec(), 0, 0, config, video.display());
        yield config.equals(video.config()) ? video : FormatCompletion.completed(unsized, packet);
      }
      case AudioFormat audio ->
          audio.withConfig(
              audio.codec() == Codec.OPUS ? CodecIds.opusConfig(config.toArray()) : config);
    };
  }

  /** In the order of the file. */
  List<Stream> streams() {
    return streams;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

package dev.halcyon.codecs.format;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_NEW_EXTRADATA;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_get_side_data;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.bitstream.NalUnits;
import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * The packets of a clip's file, edit lists honoured: the first video and the first audio track. One
 * platform thread; closed by who opened it.
 */
final class RemuxInput implements AutoCloseable {
  private final DemuxerHandle demuxer;
  private final PacketHandle packet = new PacketHandle();
  private final OptionalInt video;
  private final OptionalInt audio;

  /** Of the pictures from here on; empty as long as they are the head's. */
  private List<Bytes> parameterSets = List.of();

  private RemuxInput(DemuxerHandle demuxer) {
    this.demuxer = demuxer;
    this.video = demuxer.firstStream(AVMEDIA_TYPE_VIDEO);
    this.audio = demuxer.firstStream(AVMEDIA_TYPE_AUDIO);
  }

  /**
   * @throws HalcyonException CORRUPT_MEDIA, IO_FAILED
   */
  static RemuxInput open(Path file) {
    return new RemuxInput(DemuxerHandle.ofFile(file));
  }

  /** The pictures' track under the index that it is to have; empty where there are none. */
  Optional<Track> video(int index) {
    return track(video, index);
  }

  Optional<Track> audio(int index) {
    return track(audio, index);
  }

  private Optional<Track> track(OptionalInt stream, int index) {
    if (stream.isEmpty()) {
      return Optional.empty();
    }
    Track track =
        demuxer
            .track(stream.getAsInt())
            .orElseThrow(
                () ->
                    new HalcyonException(
                        ErrorCode.UNSUPPORTED_MEDIA, "the clip has a codec that is not known"));
    return Optional.of(new Track(index, track.format()));
  }

  long lengthUs() {
    return Math.max(0, demuxer.pointer().duration());
  }

  /**
   * Whether a container without edit lists shows the same when it has the same packets; reads the
   * whole file.
   */
  boolean isWholeWithoutEditList(RemuxContainer container) {
    VideoFormat format = (VideoFormat) video(0).orElseThrow().format();
    if (!container.carries(format.codec())
        || (format.display().orientation() != Orientation.UPRIGHT
            && !container.tellsOrientation())) {
      return false;
    }
    while (readNext()) {
      if (isOf(video, packet.pointer().stream_index()) && isHidden()) {
        return false;
      }
    }
    return true;
  }

  private boolean isHidden() {
    return (packet.pointer().flags() & AV_PKT_FLAG_DISCARD) != 0;
  }

  /**
   * The next packet that is shown or heard.
   *
   * @param videoTrack what pictures are; empty to pass them over
   * @param audioTrack likewise
   * @return empty at the end
   */
  Optional<CodedPacket> next(Optional<Track> videoTrack, Optional<Track> audioTrack) {
    while (readNext()) {
      int stream = packet.pointer().stream_index();
      if (videoTrack.isPresent() && isOf(video, stream)) {
        return Optional.of(coded(videoTrack.get()));
      }
      if (audioTrack.isPresent() && isOf(audio, stream) && isHeard()) {
        return Optional.of(coded(audioTrack.get()));
      }
    }
    return Optional.empty();
  }

  private static boolean isOf(OptionalInt wanted, int stream) {
    return wanted.isPresent() && wanted.getAsInt() == stream;
  }

  /** Sound from before the start would be heard, for no container here trims it. */
  private boolean isHeard() {
    return !isHidden() && packet.pointer().pts() != AV_NOPTS_VALUE && packet.pointer().pts() >= 0;
  }

  private boolean readNext() {
    if (Thread.currentThread().isInterrupted()) {
      throw new HalcyonException(ErrorCode.IO_FAILED, "the work was stopped");
    }
    return demuxer.read(packet);
  }

  private CodedPacket coded(Track track) {
    int stream = packet.pointer().stream_index();
    noteConfig(track);
    long ptsUs = demuxer.us(stream, packet.pointer().pts());
    long dtsUs = demuxer.us(stream, packet.pointer().dts());
    return new CodedPacket(
        track,
        packet.isKeyframe(),
        ptsUs == AV_NOPTS_VALUE ? dtsUs : ptsUs,
        dtsUs == AV_NOPTS_VALUE ? ptsUs : dtsUs,
        demuxer.us(stream, packet.pointer().duration()),
        payload(track));
  }

  /** A file may go on with other parameter sets: the container's head has the first ones only. */
  private void noteConfig(Track track) {
    try (SizeTPointer size = new SizeTPointer(1)) {
      BytePointer config =
          av_packet_get_side_data(packet.pointer(), AV_PKT_DATA_NEW_EXTRADATA, size);
      if (config == null || size.get() == 0) {
        return;
      }
      if (!(track.format() instanceof VideoFormat video)) {
        throw new HalcyonException(
            ErrorCode.UNSUPPORTED_MEDIA,
            "the sound changes its configuration on the way, which this container cannot say");
      }
      byte[] bytes = new byte[(int) size.get()];
      config.get(bytes);
      parameterSets = NalUnits.ofConfig(video.withConfig(Bytes.copyOf(bytes)));
    }
  }

  /** With its parameter sets in front where they are not those of the head. */
  private Bytes payload(Track track) {
    Bytes payload = Bytes.copyOf(packet.payload());
    if (!track.isVideo() || !packet.isKeyframe() || parameterSets.isEmpty()) {
      return payload;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (Bytes unit : parameterSets) {
      whole.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(unit.length()).array());
      whole.writeBytes(unit.toArray());
    }
    whole.writeBytes(payload.toArray());
    return Bytes.copyOf(whole.toByteArray());
  }

  @Override
  public void close() {
    packet.close();
    demuxer.close();
  }
}

package dev.halcyon.codecs.mux;

import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * The first video and the first audio track of a media file, as they are coded: for a live push.
 * H.264 and AAC only, whatever the container. One platform thread; closed by who opened it.
 */
public final class FileSource implements PacketSource {
  /** Packets read at most until an ADTS header has told the sound's configuration. */
  private static final int MAX_PROBED = 2000;

  /** Packets that wait until their dts is known. */
  private static final int MAX_HELD = 256;

  private final DemuxerHandle demuxer;
  private final PacketHandle packet;
  private final List<Track> tracks = new ArrayList<>();
  private final List<Integer> streams = new ArrayList<>();
  private final List<CodedPacket> ready = new ArrayList<>();
  private final boolean isAnnexB;
  private final boolean isAdts;

  private FileSource(DemuxerHandle demuxer, Path path) {
    this.demuxer = demuxer;
    boolean startCodes = false;
    boolean adts = false;
    for (boolean wantsVideo : new boolean[] {true, false}) {
      Optional<Integer> stream = firstStream(wantsVideo);
      if (stream.isEmpty()) {
        continue;
      }
      Track track = demuxer.track(stream.get()).orElseThrow();
      requireCodec(track);
      Bytes config = track.format().config();
      if (wantsVideo && !config.isEmpty() && config.at(0) != 1) {
        startCodes = true;
        config = AnnexB.avcConfig(config.toArray());
      }
      if (!wantsVideo && config.isEmpty()) {
        adts = true;
        config = adtsConfig(path, stream.get());
      }
      tracks.add(withConfig(track, tracks.size(), config));
      streams.add(stream.get());
    }
    if (tracks.isEmpty()) {
      throw new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, "the file has no video and no sound");
    }
    isAnnexB = startCodes;
    isAdts = adts;
    packet = new PacketHandle();
  }

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA for other codecs; CORRUPT_MEDIA, IO_FAILED
   */
  public static FileSource open(Path path) {
    DemuxerHandle demuxer = DemuxerHandle.ofFile(path);
    try {
      return new FileSource(demuxer, path);
    } catch (RuntimeException failure) {
      demuxer.close();
      throw failure;
    }
  }

  @Override
  public List<Track> tracks() {
    return List.copyOf(tracks);
  }

  @Override
  public Optional<CodedPacket> next() {
    while (ready.isEmpty() || (isWithoutDts(ready.getFirst()) && ready.size() < MAX_HELD)) {
      if (!readOne()) {
        break;
      }
    }
    if (ready.isEmpty()) {
      return Optional.empty();
    }
    CodedPacket first = ready.removeFirst();
    return Optional.of(isWithoutDts(first) ? withDts(first, first.ptsUs()) : first);
  }

  /** Adds one packet of ours to those that are ready, if the next one is. */
  private boolean readOne() {
    if (!demuxer.read(packet)) {
      return false;
    }
    AVPacket raw = packet.pointer();
    int track = streams.indexOf(raw.stream_index());
    boolean hasTime = raw.dts() != AV_NOPTS_VALUE || raw.pts() != AV_NOPTS_VALUE;
    if (track >= 0 && hasTime && raw.size() > 0) {
      CodedPacket coded = coded(tracks.get(track));
      ready.add(coded);
      if (!isWithoutDts(coded)) {
        fillDtsBefore(coded);
      }
    }
    return true;
  }

  /** Matroska has no dts; FFmpeg derives it, but not for a track's first packets. */
  private void fillDtsBefore(CodedPacket known) {
    long dtsUs = known.dtsUs();
    for (int i = ready.size() - 2; i >= 0; i--) {
      CodedPacket earlier = ready.get(i);
      if (earlier.track().equals(known.track()) && isWithoutDts(earlier)) {
        dtsUs -= Math.max(1, earlier.durationUs());
        ready.set(i, withDts(earlier, Math.min(dtsUs, earlier.ptsUs())));
      }
    }
  }

  private static boolean isWithoutDts(CodedPacket packet) {
    return packet.dtsUs() == AV_NOPTS_VALUE;
  }

  private static CodedPacket withDts(CodedPacket packet, long dtsUs) {
    return new CodedPacket(
        packet.track(),
        packet.isKeyframe(),
        packet.ptsUs(),
        dtsUs,
        packet.durationUs(),
        packet.payload());
  }

  @Override
  public void close() {
    packet.close();
    demuxer.close();
  }

  private CodedPacket coded(Track track) {
    AVPacket raw = packet.pointer();
    int stream = raw.stream_index();
    byte[] payload = new byte[raw.size()];
    packet.payload().get(payload);
    Bytes framed;
    if (track.isVideo()) {
      framed = isAnnexB ? AnnexB.lengthPrefixed(payload) : Bytes.copyOf(payload);
    } else {
      framed = isAdts ? Adts.payload(payload) : Bytes.copyOf(payload);
    }
    return new CodedPacket(
        track,
        packet.isKeyframe(),
        demuxer.us(stream, raw.pts() == AV_NOPTS_VALUE ? raw.dts() : raw.pts()),
        demuxer.us(stream, raw.dts()),
        demuxer.us(stream, raw.duration()),
        framed);
  }

  private Optional<Integer> firstStream(boolean wantsVideo) {
    for (int index = 0; index < demuxer.streamCount(); index++) {
      boolean isPoster = (demuxer.stream(index).disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0;
      Optional<Track> track = demuxer.track(index);
      if (!isPoster && track.isPresent() && track.get().isVideo() == wantsVideo) {
        return Optional.of(index);
      }
    }
    return Optional.empty();
  }

  private static void requireCodec(Track track) {
    Codec codec = track.format().codec();
    if (codec != Codec.H264 && codec != Codec.AAC) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA,
          "a live push copies H.264 and AAC; this file has " + codec + ": convert it first");
    }
  }

  private static Track withConfig(Track track, int index, Bytes config) {
    return new Track(
        index,
        switch (track.format()) {
          case VideoFormat video ->
              new VideoFormat(video.codec(), video.widthPx(), video.heightPx(), config);
          case AudioFormat audio ->
              new AudioFormat(audio.codec(), audio.sampleRateHz(), audio.channels(), config);
        });
  }

  /** MPEG-TS tells the sound's configuration in each packet only: looks into the first. */
  private static Bytes adtsConfig(Path path, int stream) {
    try (DemuxerHandle probe = DemuxerHandle.ofFile(path);
        PacketHandle packet = new PacketHandle()) {
      for (int i = 0; i < MAX_PROBED && probe.read(packet); i++) {
        if (packet.pointer().stream_index() == stream) {
          byte[] frame = new byte[packet.pointer().size()];
          packet.payload().get(frame);
          return Adts.config(frame);
        }
      }
    }
    throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "the sound has no configuration");
  }
}

package dev.halcyon.codecs.verify;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.mp4.EditLists.TrackEdits;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.codecs.testcard.MonoSamples;
import dev.halcyon.core.clip.verify.MeasuredFile;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * A file played as a player that honours edit lists would: its first video and its first audio
 * track, decoded to the end. One thread; closed by who made it.
 */
final class Presentation implements AutoCloseable {
  /** A decoder that gives nothing but errors is not asked again. */
  private static final int MAX_ERRORS_IN_A_ROW = 100;

  private final DemuxerHandle demuxer;
  private final FrameHandle frame = new FrameHandle();
  private final PictureGauge pictures = new PictureGauge();
  private final SoundGauge sound = new SoundGauge();
  private final OptionalInt videoStream;
  private final OptionalInt audioStream;
  private Optional<String> fault = Optional.empty();
  private int decodeErrors;

  /**
   * @throws HalcyonException CORRUPT_MEDIA, IO_FAILED when it cannot be opened
   */
  Presentation(Path file) {
    demuxer = openOrClose(file, frame, pictures);
    videoStream = demuxer.firstStream(AVMEDIA_TYPE_VIDEO);
    audioStream = demuxer.firstStream(AVMEDIA_TYPE_AUDIO);
  }

  private static DemuxerHandle openOrClose(Path file, FrameHandle frame, PictureGauge pictures) {
    try {
      return DemuxerHandle.ofFile(file);
    } catch (RuntimeException failure) {
      frame.close();
      pictures.close();
      throw failure;
    }
  }

  void play() {
    CodecContextHandle video = null;
    CodecContextHandle audio = null;
    try (PacketHandle packet = new PacketHandle()) {
      video = videoStream.isPresent() ? decoder(videoStream.getAsInt()) : null;
      audio = audioStream.isPresent() ? decoder(audioStream.getAsInt()) : null;
      while (readNext(packet)) {
        int stream = packet.pointer().stream_index();
        if (video != null && stream == videoStream.getAsInt()) {
          note(packet);
          send(video, packet);
          receivePictures(video);
        } else if (audio != null && stream == audioStream.getAsInt()) {
          send(audio, packet);
          receiveSound(audio);
        }
      }
      if (video != null) {
        end(video);
        receivePictures(video);
      }
      if (audio != null) {
        end(audio);
        receiveSound(audio);
      }
    } finally {
      close(video);
      close(audio);
    }
  }

  private CodecContextHandle decoder(int stream) {
    return CodecContextHandle.decoderOf(demuxer.stream(stream));
  }

  private static void close(CodecContextHandle decoder) {
    if (decoder != null) {
      decoder.close();
    }
  }

  private void note(PacketHandle packet) {
    if ((packet.pointer().flags() & AV_PKT_FLAG_DISCARD) == 0) {
      pictures.onPacket(
          demuxer.us(videoStream.getAsInt(), packet.pointer().pts()), packet.pointer().pos());
    }
  }

  /** A file that breaks off is measured as far as it goes. */
  private boolean readNext(PacketHandle packet) {
    FileMeasurer.requireNoInterrupt();
    try {
      return demuxer.read(packet);
    } catch (HalcyonException broken) {
      fault = Optional.of(broken.code().name());
      return false;
    }
  }

  private void send(CodecContextHandle decoder, PacketHandle packet) {
    try {
      decoder.send(packet);
    } catch (HalcyonException refused) {
      if (refused.code() == ErrorCode.WOULD_BLOCK) {
        throw refused;
      }
      decodeErrors++;
    }
  }

  private void end(CodecContextHandle decoder) {
    try {
      decoder.endPackets();
    } catch (HalcyonException refused) {
      decodeErrors++;
    }
  }

  private boolean receive(CodecContextHandle decoder) {
    for (int errors = 0; errors < MAX_ERRORS_IN_A_ROW; errors++) {
      try {
        while (decoder.receive(frame)) {
          if ((frame.pointer().flags() & AVFrame.AV_FRAME_FLAG_DISCARD) == 0) {
            return true;
          }
        }
        return false;
      } catch (HalcyonException damaged) {
        decodeErrors++;
      }
    }
    return false;
  }

  private void receivePictures(CodecContextHandle decoder) {
    int stream = videoStream.getAsInt();
    while (receive(decoder)) {
      AVFrame picture = frame.pointer();
      boolean isCorrupt = (picture.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0;
      if (isCorrupt || picture.decode_error_flags() != 0) {
        decodeErrors++;
      }
      pictures.onPicture(
          picture,
          demuxer.us(stream, picture.best_effort_timestamp()),
          demuxer.us(stream, picture.duration()));
    }
  }

  private void receiveSound(CodecContextHandle decoder) {
    int stream = audioStream.getAsInt();
    while (receive(decoder)) {
      AVFrame samples = frame.pointer();
      sound.onSound(
          demuxer.us(stream, samples.best_effort_timestamp()),
          MonoSamples.of(samples),
          samples.sample_rate());
    }
  }

  Optional<String> fault() {
    return fault;
  }

  int decodeErrors() {
    return decodeErrors;
  }

  List<ShownPicture> firstPictures() {
    return pictures.first();
  }

  List<ShownPicture> lastPictures() {
    return pictures.last();
  }

  Optional<MeasuredFile.Pictures> pictures(MediaEdges media, List<TrackEdits> edits) {
    return pictures.measured(media, endUs(edits, "vide"));
  }

  Optional<MeasuredFile.Sound> sound(List<TrackEdits> edits) {
    long trimUs = first(edits, "soun").map(TrackEdits::trimUs).orElseGet(this::codecDelayUs);
    return sound.measured(endUs(edits, "soun"), trimUs);
  }

  /** What a file without edit lists has players drop at the start of its sound. */
  private long codecDelayUs() {
    if (audioStream.isEmpty()) {
      return 0;
    }
    AVCodecParameters sound = demuxer.stream(audioStream.getAsInt()).codecpar();
    return sound.initial_padding() * 1_000_000L / Math.max(1, sound.sample_rate());
  }

  private static OptionalLong endUs(List<TrackEdits> edits, String handler) {
    return first(edits, handler)
        .filter(track -> !track.edits().isEmpty())
        .map(track -> OptionalLong.of(track.endUs()))
        .orElse(OptionalLong.empty());
  }

  private static Optional<TrackEdits> first(List<TrackEdits> edits, String handler) {
    return edits.stream().filter(track -> track.handler().equals(handler)).findFirst();
  }

  @Override
  public void close() {
    pictures.close();
    frame.close();
    demuxer.close();
  }
}

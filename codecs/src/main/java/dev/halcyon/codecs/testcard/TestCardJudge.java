package dev.halcyon.codecs.testcard;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;

import dev.halcyon.codecs.av.Av;
import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Judges any file or stream that should show a {@link TestCard}: decodes it as a player would (edit
 * lists honoured, priming skipped), reads every picture's code and hears every marker. Needs to
 * know nothing of how it was made. One platform thread; blocking.
 */
public final class TestCardJudge {
  /** A decoder that gives nothing but errors is not asked again. */
  private static final int MAX_ERRORS_IN_A_ROW = 100;

  private final DemuxerHandle demuxer;
  private final long fromUs;
  private final long toUs;
  private final FrameHandle frame = new FrameHandle();
  private final PictureWitness pictures = new PictureWitness();
  private Optional<SoundWitness> sound = Optional.empty();
  private int decodeErrors;

  private TestCardJudge(DemuxerHandle demuxer) {
    this(demuxer, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private TestCardJudge(DemuxerHandle demuxer, long fromUs, long toUs) {
    this.demuxer = demuxer;
    this.fromUs = fromUs;
    this.toUs = toUs;
  }

  /**
   * @throws HalcyonException CORRUPT_MEDIA, UNSUPPORTED_MEDIA, IO_FAILED when it cannot be opened
   */
  public static Verdict judge(Path file) {
    return judge(file, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /**
   * Judges only what is presented in a stretch of the file, which may show several cards one after
   * the other; all of it is decoded.
   *
   * @param fromUs presentation time in the file
   * @param toUs exclusive
   */
  public static Verdict judge(Path file, long fromUs, long toUs) {
    try (DemuxerHandle demuxer = DemuxerHandle.ofFile(file)) {
      return new TestCardJudge(demuxer, fromUs, toUs).run();
    }
  }

  /** Judges an MP4 as a player would that knows nothing of edit lists. */
  public static Verdict judgeWithoutEdits(Path file) {
    try (DemuxerHandle demuxer = DemuxerHandle.ofFile(file, Map.of("ignore_editlist", "1"))) {
      return new TestCardJudge(demuxer).run();
    }
  }

  /** Judges what an address gives, until it ends; no wait for data is longer than 20 s. */
  public static Verdict judge(String url) {
    try (DemuxerHandle demuxer = DemuxerHandle.ofUrl(url)) {
      return new TestCardJudge(demuxer).run();
    }
  }

  private Verdict run() {
    OptionalInt video = firstStream(AVMEDIA_TYPE_VIDEO);
    OptionalInt audio = firstStream(AVMEDIA_TYPE_AUDIO);
    CodecContextHandle videoDecoder = null;
    CodecContextHandle audioDecoder = null;
    try (frame;
        PacketHandle packet = new PacketHandle()) {
      if (video.isPresent()) {
        videoDecoder = openDecoder(demuxer.stream(video.getAsInt()));
      }
      if (audio.isPresent()) {
        audioDecoder = openDecoder(demuxer.stream(audio.getAsInt()));
      }
      while (readNext(packet)) {
        int index = packet.pointer().stream_index();
        if (videoDecoder != null && index == video.getAsInt()) {
          send(videoDecoder, packet);
          receivePictures(videoDecoder, index);
        } else if (audioDecoder != null && index == audio.getAsInt()) {
          send(audioDecoder, packet);
          receiveSound(audioDecoder, index);
        }
      }
      if (videoDecoder != null) {
        videoDecoder.endPackets();
        receivePictures(videoDecoder, video.getAsInt());
      }
      if (audioDecoder != null) {
        audioDecoder.endPackets();
        receiveSound(audioDecoder, audio.getAsInt());
      }
    } finally {
      if (videoDecoder != null) {
        videoDecoder.close();
      }
      if (audioDecoder != null) {
        audioDecoder.close();
      }
    }
    return verdict(video.isPresent(), audio.isPresent());
  }

  private OptionalInt firstStream(int type) {
    for (int index = 0; index < demuxer.streamCount(); index++) {
      AVStream stream = demuxer.stream(index);
      if (stream.codecpar().codec_type() == type
          && (stream.disposition() & AV_DISPOSITION_ATTACHED_PIC) == 0) {
        return OptionalInt.of(index);
      }
    }
    return OptionalInt.empty();
  }

  private static CodecContextHandle openDecoder(AVStream stream) {
    CodecContextHandle decoder = CodecContextHandle.decoder(stream.codecpar().codec_id());
    try {
      Av.check(
          avcodec_parameters_to_context(decoder.pointer(), stream.codecpar()),
          "avcodec_parameters_to_context");
      decoder.pointer().pkt_timebase(stream.time_base());
      decoder.open(Map.of());
      return decoder;
    } catch (RuntimeException failure) {
      decoder.close();
      throw failure;
    }
  }

  /** A file that breaks off is judged as far as it goes. */
  private boolean readNext(PacketHandle packet) {
    try {
      return demuxer.read(packet);
    } catch (HalcyonException broken) {
      decodeErrors++;
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

  private boolean receive(CodecContextHandle decoder) {
    int errorsInARow = 0;
    while (errorsInARow < MAX_ERRORS_IN_A_ROW) {
      try {
        if (!decoder.receive(frame)) {
          return false;
        }
        errorsInARow = 0;
        if ((frame.pointer().flags() & AVFrame.AV_FRAME_FLAG_DISCARD) == 0) {
          return true;
        }
      } catch (HalcyonException damaged) {
        errorsInARow++;
        decodeErrors++;
      }
    }
    return false;
  }

  private void receivePictures(CodecContextHandle decoder, int streamIndex) {
    while (receive(decoder)) {
      AVFrame picture = frame.pointer();
      long atUs = demuxer.us(streamIndex, picture.best_effort_timestamp());
      if (isAsked(atUs)) {
        pictures.onPicture(picture, atUs, demuxer.us(streamIndex, picture.duration()));
      }
    }
  }

  private void receiveSound(CodecContextHandle decoder, int streamIndex) {
    while (receive(decoder)) {
      AVFrame samples = frame.pointer();
      long atUs = demuxer.us(streamIndex, samples.best_effort_timestamp());
      if (isAsked(atUs)) {
        if (sound.isEmpty()) {
          sound = Optional.of(new SoundWitness(samples.sample_rate()));
        }
        sound.get().onSound(samples, atUs);
      }
    }
  }

  private boolean isAsked(long atUs) {
    boolean isWhole = fromUs == Long.MIN_VALUE && toUs == Long.MAX_VALUE;
    return isWhole || (atUs >= fromUs && atUs < toUs);
  }

  private Verdict verdict(boolean hasVideo, boolean hasAudio) {
    sound.ifPresent(SoundWitness::finish);
    long startUs = Long.MAX_VALUE;
    long endUs = Long.MIN_VALUE;
    if (pictures.sawAny()) {
      startUs = pictures.startUs();
      endUs = pictures.endUs();
    }
    if (sound.isPresent()) {
      startUs = Math.min(startUs, sound.get().startUs());
      endUs = Math.max(endUs, sound.get().endUs());
    }
    return new Verdict(
        hasVideo ? Optional.of(pictures.verdict()) : Optional.empty(),
        hasAudio ? sound.map(SoundWitness::verdict) : Optional.empty(),
        sound.flatMap(heard -> skew(heard.sounded())),
        decodeErrors + pictures.corrupt(),
        Math.max(0, endUs - startUs));
  }

  private Optional<Verdict.Skew> skew(List<SoundWitness.Sounded> markers) {
    List<Long> skewsUs =
        markers.stream()
            .flatMap(marker -> pictures.skewUs(marker.word().timeUs(), marker.atUs()).stream())
            .toList();
    if (skewsUs.isEmpty()) {
      return Optional.empty();
    }
    long maxAbsUs = skewsUs.stream().mapToLong(Math::abs).max().orElseThrow();
    return Optional.of(
        new Verdict.Skew(skewsUs.getFirst(), skewsUs.getLast(), maxAbsUs, skewsUs.size()));
  }
}

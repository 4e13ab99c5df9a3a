package dev.halcyon.codecs.probe;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_DEFAULT;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_STILL_IMAGE;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_TIMED_THUMBNAILS;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;

import dev.halcyon.codecs.av.CodecIds;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.asset.ProbeLimits;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avformat.AVStream;

/**
 * Which streams of a file are used: of its pictures the largest, of its sounds all that can be
 * decoded. Cover pictures and thumbnails are no pictures of a film.
 */
record StreamChoice(OptionalInt picture, List<Integer> sounds) {
  private static final int NO_FILM =
      AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_STILL_IMAGE | AV_DISPOSITION_TIMED_THUMBNAILS;

  /** More sounds than this no file for people has. */
  private static final int MAX_SOUNDS = 16;

  /**
   * @param notices takes a sentence for each stream that is ignored
   * @throws HalcyonException UNSUPPORTED_MEDIA when there are pictures, but of no codec that is
   *     taken; NO_MEDIA when there is neither picture nor sound
   */
  static StreamChoice of(DemuxerHandle demuxer, ProbeLimits limits, List<String> notices) {
    List<Integer> pictures = new ArrayList<>();
    List<Integer> sounds = new ArrayList<>();
    String refused = "";
    for (int index = 0; index < demuxer.streamCount(); index++) {
      AVStream stream = demuxer.stream(index);
      AVCodecParameters coded = stream.codecpar();
      if (coded.codec_type() == AVMEDIA_TYPE_VIDEO && (stream.disposition() & NO_FILM) == 0) {
        if (codec(demuxer, index).filter(limits.pictureCodecs()::contains).isPresent()) {
          pictures.add(index);
        } else {
          refused = name(coded);
          notices.add("Picture track " + index + " (" + refused + ") is ignored.");
        }
      } else if (coded.codec_type() == AVMEDIA_TYPE_AUDIO) {
        if (ForeignFile.SOUND_CODECS.contains(name(coded)) && sounds.size() < MAX_SOUNDS) {
          sounds.add(index);
        } else {
          notices.add("Sound track " + index + " (" + name(coded) + ") is ignored.");
        }
      }
    }
    if (pictures.isEmpty() && !refused.isEmpty()) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA,
          "pictures coded as " + refused + " are not taken; " + limits.pictureCodecs() + " are");
    }
    if (pictures.isEmpty() && sounds.isEmpty()) {
      throw new HalcyonException(
          ErrorCode.NO_MEDIA, "there is neither a picture nor a sound in the file");
    }
    return new StreamChoice(largest(demuxer, pictures, notices), List.copyOf(sounds));
  }

  private static OptionalInt largest(
      DemuxerHandle demuxer, List<Integer> pictures, List<String> notices) {
    OptionalInt largest = OptionalInt.empty();
    for (int index : pictures) {
      if (largest.isEmpty() || isBetter(demuxer, index, largest.getAsInt())) {
        largest = OptionalInt.of(index);
      }
    }
    for (int index : pictures) {
      if (index != largest.getAsInt()) {
        notices.add("Picture track " + index + " is ignored: another one is larger.");
      }
    }
    return largest;
  }

  private static boolean isBetter(DemuxerHandle demuxer, int index, int than) {
    long pixels = pixels(demuxer, index);
    long others = pixels(demuxer, than);
    boolean isDefault = (demuxer.stream(index).disposition() & AV_DISPOSITION_DEFAULT) != 0;
    boolean isOther = (demuxer.stream(than).disposition() & AV_DISPOSITION_DEFAULT) != 0;
    return pixels > others || (pixels == others && isDefault && !isOther);
  }

  private static long pixels(DemuxerHandle demuxer, int index) {
    AVCodecParameters coded = demuxer.stream(index).codecpar();
    return (long) coded.width() * coded.height();
  }

  private static String name(AVCodecParameters coded) {
    return avcodec_get_name(coded.codec_id()).getString();
  }

  static Optional<Codec> codec(DemuxerHandle demuxer, int index) {
    return CodecIds.codecOf(demuxer.stream(index).codecpar().codec_id());
  }

  Set<Integer> indexes() {
    Set<Integer> all = new HashSet<>(sounds);
    picture.ifPresent(all::add);
    return all;
  }
}

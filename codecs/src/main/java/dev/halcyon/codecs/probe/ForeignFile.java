package dev.halcyon.codecs.probe;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;

import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Opens files that came from anywhere: known containers and codecs only, told by their content;
 * nothing that they may refer to is opened. Any thread; the demuxer is closed by the caller.
 */
public final class ForeignFile {
  /** By FFmpeg's names. No playlists: those only name other files. */
  private static final String CONTAINERS =
      "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,flv,avi,mpeg,ogg,wav,w64,mp3,aac,flac,caf";

  /** Sounds that are decoded; FFmpeg's names of codecs. */
  static final Set<String> SOUND_CODECS =
      Set.of(
          "aac",
          "mp3",
          "mp2",
          "opus",
          "vorbis",
          "flac",
          "ac3",
          "eac3",
          "alac",
          "pcm_u8",
          "pcm_s16le",
          "pcm_s16be",
          "pcm_s24le",
          "pcm_s24be",
          "pcm_s32le",
          "pcm_s32be",
          "pcm_f32le",
          "pcm_f32be",
          "pcm_alaw",
          "pcm_mulaw");

  /** Decoders of these and of our picture codecs, which may be named otherwise. */
  private static final List<String> OTHER_DECODERS =
      List.of(
          "h264",
          "hevc",
          "vp8",
          "vp9",
          "libvpx",
          "libvpx-vp9",
          "av1",
          "libdav1d",
          "libaom-av1",
          "mp3float",
          "mp2float",
          "libopus",
          "libvorbis");

  /** Enough to find every track of a transport stream that begins with seconds of one alone. */
  private static final String PROBED_BYTES = "10000000";

  private static final String PROBED_US = "10000000";

  /** No real file has as many; each costs memory before it is looked at. */
  private static final String MAX_STREAMS = "64";

  private ForeignFile() {}

  /**
   * @throws HalcyonException NOT_FOUND, CORRUPT_MEDIA for what is no media, UNSUPPORTED_MEDIA for a
   *     container that is not taken, IO_FAILED
   */
  public static DemuxerHandle open(Path file) {
    readableBytes(file);
    try {
      return DemuxerHandle.ofFile(
          file,
          Map.of(
              "format_whitelist",
              CONTAINERS,
              "codec_whitelist",
              String.join(",", SOUND_CODECS) + "," + String.join(",", OTHER_DECODERS),
              "enable_drefs",
              "0",
              "use_absolute_path",
              "0",
              "probesize",
              PROBED_BYTES,
              "analyzeduration",
              PROBED_US,
              "max_streams",
              MAX_STREAMS));
    } catch (HalcyonException failure) {
      throw switch (failure.code()) {
        case CORRUPT_MEDIA, END_OF_STREAM, NETWORK_LOST ->
            new HalcyonException(
                ErrorCode.CORRUPT_MEDIA,
                "this is no video or audio file, or its beginning is damaged",
                failure);
        case IO_FAILED ->
            new HalcyonException(
                ErrorCode.UNSUPPORTED_MEDIA,
                "this kind of file is not taken; MP4, MOV, MKV, WebM, MPEG-TS and FLV are",
                failure);
        default -> failure;
      };
    }
  }

  /**
   * How large a file is that can be read and has something in it.
   *
   * @throws HalcyonException NOT_FOUND, IO_FAILED, CORRUPT_MEDIA when it is empty
   */
  static long readableBytes(Path file) {
    if (!Files.exists(file)) {
      throw new HalcyonException(ErrorCode.NOT_FOUND, "there is no such file" + named(file));
    }
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new HalcyonException(ErrorCode.IO_FAILED, "no file that can be read" + named(file));
    }
    try {
      long bytes = Files.size(file);
      if (bytes == 0) {
        throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "the file is empty" + named(file));
      }
      return bytes;
    } catch (IOException failure) {
      throw new HalcyonException(
          ErrorCode.IO_FAILED, "the file cannot be read" + named(file), failure);
    }
  }

  private static String named(Path file) {
    return " [file=" + file.getFileName() + "]";
  }

  /** Reads only these streams from now on. */
  public static void select(DemuxerHandle demuxer, Set<Integer> streams) {
    for (int index = 0; index < demuxer.streamCount(); index++) {
      if (!streams.contains(index)) {
        demuxer.stream(index).discard(AVDISCARD_ALL);
      }
    }
  }
}

package dev.halcyon.codecs.av;

import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avutil.AVDictionary;

/**
 * Owns an {@code AVFormatContext} that reads one local file of one stated container: never a
 * network address, never a playlist that names other files. One platform thread; closed by who
 * opened it.
 */
public final class InputHandle extends NativeHandle<AVFormatContext> {
  private InputHandle(AVFormatContext owned) {
    super(NativeMemory.Tag.FORMAT, owned);
  }

  /**
   * Opens a file and reads its header and stream parameters.
   *
   * @param container FFmpeg's demuxer name: {@code mp4}, {@code matroska}, …
   */
  public static InputHandle open(Path file, String container) {
    AVInputFormat format = av_find_input_format(container);
    if (format == null) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "no demuxer [container=" + container + "]");
    }
    AVFormatContext context = new AVFormatContext(null);
    AVDictionary options = new AVDictionary(null);
    try {
      Av.check(av_dict_set(options, "protocol_whitelist", "file", 0), "av_dict_set");
      // On failure FFmpeg frees the context itself.
      Av.check(
          avformat_open_input(context, "file:" + file.toAbsolutePath(), format, options),
          "avformat_open_input");
    } finally {
      av_dict_free(options);
    }
    InputHandle handle = new InputHandle(context);
    try {
      Av.check(
          avformat_find_stream_info(context, (AVDictionary) null), "avformat_find_stream_info");
      return handle;
    } catch (RuntimeException failure) {
      handle.close();
      throw failure;
    }
  }

  /**
   * Reads the next packet of any stream.
   *
   * @return false at the end of the file
   */
  public boolean read(PacketHandle packet) {
    packet.unref();
    int returned = av_read_frame(pointer(), packet.pointer());
    if (returned == AVERROR_EOF()) {
      return false;
    }
    Av.check(returned, "av_read_frame");
    return true;
  }

  @Override
  protected void free(AVFormatContext owned) {
    avformat_close_input(owned);
  }
}

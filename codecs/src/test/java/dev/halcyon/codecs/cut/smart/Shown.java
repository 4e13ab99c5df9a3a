package dev.halcyon.codecs.cut.smart;

import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.media.Bytes;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * The pictures of a file, by the time at which they are presented.
 *
 * @param lengthUs of the track
 * @param packets as they are coded
 * @param lumas as they are decoded, rows without padding
 */
record Shown(long lengthUs, TreeMap<Long, Bytes> packets, TreeMap<Long, byte[]> lumas) {
  /** What a player shows that honours edit lists. */
  static Shown of(Path file) {
    return of(file, Map.of());
  }

  /** What one shows that does not. */
  static Shown withoutEdits(Path file) {
    return of(file, Map.of("ignore_editlist", "1"));
  }

  private static Shown of(Path file, Map<String, String> options) {
    try (DemuxerHandle demuxer = DemuxerHandle.ofFile(file, options);
        PacketHandle packet = new PacketHandle();
        FrameHandle frame = new FrameHandle()) {
      int stream = demuxer.firstStream(AVMEDIA_TYPE_VIDEO).orElseThrow();
      long lengthUs = demuxer.us(stream, demuxer.stream(stream).duration());
      Shown shown = new Shown(lengthUs, new TreeMap<>(), new TreeMap<>());
      try (CodecContextHandle decoder = CodecContextHandle.decoderOf(demuxer.stream(stream))) {
        while (demuxer.read(packet)) {
          if (packet.pointer().stream_index() == stream) {
            long ptsUs = demuxer.us(stream, packet.pointer().pts());
            shown.packets.put(ptsUs, Bytes.copyOf(packet.payload()));
            decoder.send(packet);
            shown.receive(demuxer, stream, decoder, frame);
          }
        }
        decoder.endPackets();
        shown.receive(demuxer, stream, decoder, frame);
      }
      return shown;
    }
  }

  private void receive(
      DemuxerHandle demuxer, int stream, CodecContextHandle decoder, FrameHandle frame) {
    while (decoder.receive(frame)) {
      AVFrame picture = frame.pointer();
      if ((picture.flags() & AVFrame.AV_FRAME_FLAG_DISCARD) == 0) {
        lumas.put(demuxer.us(stream, picture.best_effort_timestamp()), luma(picture));
      }
    }
  }

  private static byte[] luma(AVFrame picture) {
    int width = picture.width();
    int height = picture.height();
    int stride = picture.linesize(0);
    ByteBuffer from = picture.data(0).capacity((long) stride * height).asByteBuffer();
    byte[] luma = new byte[width * height];
    for (int row = 0; row < height; row++) {
      from.get(row * stride, luma, row * width, width);
    }
    return luma;
  }

  /** Peak signal to noise, decibels; infinite where nothing differs. */
  static double psnrDb(byte[] one, byte[] other) {
    double squares = 0;
    for (int i = 0; i < one.length; i++) {
      int difference = (one[i] & 0xff) - (other[i] & 0xff);
      squares += difference * difference;
    }
    return 10 * Math.log10(255.0 * 255 * one.length / squares);
  }
}

package dev.halcyon.codecs.verify;

import static org.bytedeco.ffmpeg.global.avutil.av_image_copy_to_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_image_get_buffer_size;

import dev.halcyon.codecs.av.Av;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** Tells decoded pictures apart by all their pixels, whatever their format. Any thread. */
final class PictureDigest {
  private PictureDigest() {}

  static int of(AVFrame picture) {
    int length =
        Av.check(
            av_image_get_buffer_size(picture.format(), picture.width(), picture.height(), 1),
            "av_image_get_buffer_size");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pixels = arena.allocate(length, 64);
      // Freed by the arena: the pointer only borrows.
      BytePointer target = new BytePointer(pixels.asByteBuffer());
      Av.check(
          av_image_copy_to_buffer(
              target,
              length,
              picture.data(),
              picture.linesize(),
              picture.format(),
              picture.width(),
              picture.height(),
              1),
          "av_image_copy_to_buffer");
      CRC32C crc = new CRC32C();
      crc.update(pixels.asByteBuffer());
      return (int) crc.getValue();
    }
  }
}

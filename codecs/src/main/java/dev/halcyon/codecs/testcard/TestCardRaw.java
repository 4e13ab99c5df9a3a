package dev.halcyon.codecs.testcard;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a test card uncoded, as what a camera and a microphone would give: for programs that take
 * files in their place. Blocking.
 */
public final class TestCardRaw {
  private static final int BLOCK_SAMPLES = 4_800;
  private static final int WAVE_HEADER_BYTES = 44;
  private static final int PCM = 1;

  private TestCardRaw() {}

  /** The pictures, as YUV4MPEG2. */
  public static void writePictures(TestCard card, long durationUs, Path path) throws IOException {
    TestCard.Video video = card.video().orElseThrow();
    CardPicture picture = new CardPicture(video.widthPx(), video.heightPx());
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20)) {
      String header =
          "YUV4MPEG2 W%d H%d F%d:%d Ip A1:1 C420mpeg2\n"
              .formatted(
                  video.widthPx(),
                  video.heightPx(),
                  video.frameRate().numerator(),
                  video.frameRate().denominator());
      out.write(ascii(header));
      byte[] frame = ascii("FRAME\n");
      for (int index = 0; video.timeUs(index) < durationUs; index++) {
        long timeUs = video.timeUs(index);
        FrameStamp stamp = new FrameStamp(index, card.cardId(), timeUs);
        YuvCanvas drawn = picture.draw(stamp, card.programme().sceneAt(timeUs));
        out.write(frame);
        for (int plane = 0; plane < 3; plane++) {
          out.write(drawn.plane(plane));
        }
      }
    }
  }

  /** The sound, as a WAVE file of 16 bits and one channel. */
  public static void writeSound(TestCard card, long durationUs, Path path) throws IOException {
    int rateHz = card.audio().orElseThrow().sampleRateHz();
    int samples = Math.toIntExact(durationUs * rateHz / 1_000_000);
    CardAudio sound = new CardAudio(card.programme(), card.cardId(), rateHz, 0);
    ByteBuffer out =
        ByteBuffer.allocate(WAVE_HEADER_BYTES + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
    out.put(ascii("RIFF")).putInt(WAVE_HEADER_BYTES - 8 + 2 * samples).put(ascii("WAVEfmt "));
    out.putInt(16).putShort((short) PCM).putShort((short) 1);
    out.putInt(rateHz).putInt(2 * rateHz).putShort((short) 2).putShort((short) 16);
    out.put(ascii("data")).putInt(2 * samples);
    while (out.hasRemaining()) {
      float[] block = new float[Math.min(BLOCK_SAMPLES, out.remaining() / 2)];
      sound.render(block);
      for (float sample : block) {
        out.putShort((short) Math.clamp(Math.round(sample * 32_767), -32_768, 32_767));
      }
    }
    Files.write(path, out.array());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

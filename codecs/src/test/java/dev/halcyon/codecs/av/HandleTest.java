package dev.halcyon.codecs.av;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandleTest {
  @Test
  void keepsPayloadTimesAndKeyFlagOfAPacket() throws Throwable {
    assertNoLeak(
        () -> {
          try (PacketHandle packet = new PacketHandle()) {
            ByteBuffer payload = ByteBuffer.wrap(new byte[] {9, 1, 2, 3}).position(1);
            packet.fill(payload, true, 40_000, 20_000);
            assertEquals(1, payload.position());
            assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), packet.payload());
            assertEquals(40_000, packet.pointer().pts());
            assertEquals(20_000, packet.pointer().dts());
            assertTrue(packet.isKeyframe());
            packet.fill(ByteBuffer.allocate(0), false, 0, 0);
            assertEquals(0, packet.payload().remaining());
            assertFalse(packet.isKeyframe());
          }
        });
  }

  @Test
  void countsBytesWhileHeldAndFreesOnce() {
    var before = NativeMemory.snapshot();
    FrameHandle frame = FrameHandle.ofPicture(AV_PIX_FMT_YUV420P, 64, 32);
    NativeMemory.Usage held = NativeMemory.snapshot().get(NativeMemory.Tag.FRAME);
    assertEquals(
        before.get(NativeMemory.Tag.FRAME).bytes() + 64 * 32 * 3 / 2, held.bytes(), "bytes");
    frame.close();
    frame.close();
    assertEquals(before, NativeMemory.snapshot());
    assertThrows(IllegalStateException.class, frame::pointer);
  }

  @Test
  void freesTheFrameWhenItsBuffersCannotBeMade() throws Throwable {
    assertNoLeak(
        () ->
            assertThrows(
                HalcyonException.class, () -> FrameHandle.ofPicture(AV_PIX_FMT_YUV420P, -1, 32)));
  }

  @Test
  void assertNoLeakSeesALeak() {
    FrameHandle[] leaked = new FrameHandle[1];
    assertThrows(AssertionError.class, () -> assertNoLeak(() -> leaked[0] = new FrameHandle()));
    leaked[0].close();
  }

  @Test
  void refusesUnknownEncodersAndOptions() throws Throwable {
    assertNoLeak(
        () -> {
          HalcyonException unknown =
              assertThrows(
                  HalcyonException.class, () -> CodecContextHandle.encoder("no-such-encoder"));
          assertEquals(ErrorCode.UNSUPPORTED_MEDIA, unknown.code());
          try (CodecContextHandle decoder = CodecContextHandle.decoder(AV_CODEC_ID_H264)) {
            assertThrows(
                IllegalArgumentException.class, () -> decoder.open(Map.of("no_such_option", "1")));
          }
        });
  }

  @Test
  void statesGarbageAsCorruptMediaAndDecodesOn() throws Throwable {
    assertNoLeak(
        () -> {
          try (CodecContextHandle decoder = CodecContextHandle.decoder(AV_CODEC_ID_H264);
              PacketHandle packet = new PacketHandle();
              FrameHandle frame = new FrameHandle()) {
            byte[] config = {1, 66, 0, 30, (byte) 0xff, (byte) 0xe0, 0};
            decoder.setExtradata(config);
            assertArrayEquals(config, decoder.extradata());
            decoder.open(Map.of());
            packet.fill(ByteBuffer.wrap(new byte[] {0, 0, 0, 90, 101, 3}), true, 0, 0);
            HalcyonException corrupt =
                assertThrows(HalcyonException.class, () -> decoder.send(packet));
            assertEquals(ErrorCode.CORRUPT_MEDIA, corrupt.code());
            assertFalse(decoder.receive(frame));
            assertNotEquals(0, NativeMemory.snapshot().get(NativeMemory.Tag.PACKET).bytes());
          }
        });
  }
}

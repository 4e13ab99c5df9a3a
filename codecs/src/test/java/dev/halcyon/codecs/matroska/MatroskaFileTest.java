package dev.halcyon.codecs.matroska;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.matroska.MatroskaBlock.Kind;
import dev.halcyon.codecs.matroska.MatroskaFile.DocumentType;
import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.codecs.testcard.CardShape;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Test cards as Matroska, judged through FFmpeg's demuxer. */
class MatroskaFileTest {
  private static final long LENGTH_US = 2_500_000;

  /** A file's unit of time is rounded to, and each side of a comparison may be. */
  private static final long UNIT_US = 1_000;

  @TempDir private Path folder;

  private record Written(Path file, String sha256, long sizeBytes, int packets) {}

  private Written write(CardShape shape, DocumentType type) throws IOException {
    List<List<CodedPacket>> packets = new ArrayList<>();
    List<Track> tracks;
    long earliestUs = Long.MAX_VALUE;
    try (TestCardSource source = TestCardSource.of(shape.card(), LENGTH_US)) {
      tracks = source.tracks();
      tracks.forEach(track -> packets.add(new ArrayList<>()));
      for (Optional<CodedPacket> next = source.next(); next.isPresent(); next = source.next()) {
        packets.get(next.get().track().index()).add(next.get());
        earliestUs = Math.min(earliestUs, next.get().ptsUs());
      }
    }
    List<MatroskaTrack> out = new ArrayList<>();
    for (Track track : tracks) {
      List<MatroskaBlock> blocks = new ArrayList<>();
      for (CodedPacket packet : packets.get(track.index())) {
        blocks.add(
            new MatroskaBlock(
                packet.ptsUs() - earliestUs,
                packet.dtsUs() - earliestUs,
                0,
                packet.payload().length(),
                packet.isKeyframe() ? Kind.KEYFRAME : Kind.OTHER,
                0));
      }
      out.add(new MatroskaTrack(track.format(), 0, 0, blocks));
    }
    MatroskaFile file = MatroskaFile.of(type, out, LENGTH_US);
    Path path = folder.resolve("card.mkv");
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      String sha256 =
          file.write(
              channel,
              (track, block, target) ->
                  target.put(packets.get(track).get(block).payload().asBuffer()));
      int count = packets.stream().mapToInt(List::size).sum();
      return new Written(path, sha256, file.sizeBytes(), count);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = CardShape.class,
      names = {
        "H264_REORDERED",
        "H264_OPEN_GOP_PYRAMID",
        "H264_ANAMORPHIC",
        "H264_LATE_SOUND",
        "HEVC_OPEN_GOP",
        "HEVC_HDR10",
        "AV1",
        "VP9",
        "VP8",
        "VP8_ALONE",
        "OPUS_ALONE",
        "AAC_ALONE"
      })
  void carriesEachCodec(CardShape shape) throws Throwable {
    assertNoLeak(
        () -> {
          Written written = write(shape, DocumentType.MATROSKA);
          assertEquals(Files.size(written.file()), written.sizeBytes());
          Verdict verdict = TestCardJudge.judge(written.file());
          assertEquals(List.of(), verdict.faults(2 * UNIT_US), verdict::toString);
          verdict.pictures().ifPresent(seen -> assertEquals(0, seen.firstFrame()));
          try (DemuxerHandle demuxer = DemuxerHandle.ofFile(written.file());
              PacketHandle packet = new PacketHandle()) {
            int count = 0;
            while (demuxer.read(packet)) {
              count++;
            }
            assertEquals(written.packets(), count);
            assertEquals(LENGTH_US, demuxer.pointer().duration());
          }
        });
  }

  @Test
  void seeksByItsIndex() throws IOException {
    Written written = write(CardShape.VP8, DocumentType.WEBM);
    byte[] bytes = Files.readAllBytes(written.file());
    int cues = 0;
    for (int i = 0; i + 4 < bytes.length; i++) {
      boolean isPlace = (bytes[i] & 0xff) == 0xf1 && (bytes[i + 1] & 0xff) == 0x88;
      cues += isPlace && bytes[i - 3] == (byte) 0xf7 ? 1 : 0;
    }
    assertEquals(3, cues, "a place for each keyframe: one a second");
  }

  @Test
  void refusesWhatWebmDoesNotCarry() {
    HalcyonException refused =
        assertThrows(HalcyonException.class, () -> write(CardShape.H264_OPUS, DocumentType.WEBM));
    assertEquals(ErrorCode.UNSUPPORTED_MEDIA, refused.code());
    assertTrue(refused.getMessage().contains(Codec.H264.name()), refused::getMessage);
  }

  @Test
  void writesSizesAsShortAsTheyGo() {
    EbmlWriter out = new EbmlWriter().size(126).size(127).size(16_382).size(16_383);
    byte[] bytes = new byte[out.length()];
    out.toBuffer().get(bytes);
    assertEquals(
        List.of(0xfe, 0x40, 0x7f, 0x7f, 0xfe, 0x20, 0x3f, 0xff),
        IntStream.range(0, bytes.length).mapToObj(i -> bytes[i] & 0xff).toList());
  }

  @Test
  void writesSignedNumbersWithTheirSign() {
    for (long value : List.of(0L, 1L, 127L, 128L, -1L, -128L, -129L, 13_500_000L)) {
      EbmlWriter out = new EbmlWriter().signed(0xfb, value);
      byte[] bytes = new byte[out.length()];
      out.toBuffer().get(bytes);
      long read = bytes[2];
      for (int i = 3; i < bytes.length; i++) {
        read = (read << 8) | (bytes[i] & 0xff);
      }
      assertEquals(value, read);
    }
  }
}

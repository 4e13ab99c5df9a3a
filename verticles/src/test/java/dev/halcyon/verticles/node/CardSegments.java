package dev.halcyon.verticles.node;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.MuxerHandle;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.core.media.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A test card in segments of a GOP, as HLS serves it.
 *
 * @param head what precedes the first segment of fragmented MP4; empty for MPEG-TS
 * @param firstDtsUs of the first packet, as the card has it
 */
record CardSegments(TestCard card, Bytes head, List<byte[]> segments, long firstDtsUs) {
  /** Each a transport stream of its own, whose counters begin anew. */
  static CardSegments ts(TestCard card, long durationUs, Path folder) throws IOException {
    List<byte[]> segments = new ArrayList<>();
    long firstDtsUs = Long.MAX_VALUE;
    try (TestCardSource source = TestCardSource.of(card, durationUs)) {
      Optional<CodedPacket> next = source.next();
      firstDtsUs = next.orElseThrow().dtsUs();
      while (next.isPresent()) {
        Path file = Files.createTempFile(folder, "segment", ".ts");
        boolean hasPicture = false;
        try (MuxerHandle muxer =
            MuxerHandle.toFile(file, "mpegts", source.tracks(), Map.of("mpegts_copyts", "1"))) {
          while (next.isPresent()) {
            boolean isPicture = next.get().track().isVideo();
            if (isPicture && next.get().isKeyframe() && hasPicture) {
              break;
            }
            hasPicture |= isPicture;
            muxer.write(next.get());
            next = source.next();
          }
          muxer.finish();
        }
        segments.add(Files.readAllBytes(file));
        Files.delete(file);
      }
    }
    return new CardSegments(card, Bytes.EMPTY, segments, firstDtsUs);
  }

  static CardSegments fragmentedMp4(TestCard card, long durationUs, Path folder)
      throws IOException {
    Path file = Files.createTempFile(folder, "fragments", ".mp4");
    long firstDtsUs;
    try (TestCardSource source = TestCardSource.of(card, durationUs);
        MuxerHandle muxer =
            MuxerHandle.toFile(
                file,
                "mp4",
                source.tracks(),
                Map.of("movflags", "frag_keyframe+delay_moov+default_base_moof"))) {
      Optional<CodedPacket> next = source.next();
      firstDtsUs = next.orElseThrow().dtsUs();
      while (next.isPresent()) {
        muxer.write(next.get());
        next = source.next();
      }
      muxer.finish();
    }
    byte[] all = Files.readAllBytes(file);
    Files.delete(file);
    List<Integer> begins = new ArrayList<>();
    int at = 0;
    while (at < all.length) {
      String type = new String(all, at + 4, 4, StandardCharsets.US_ASCII);
      if (type.equals("moof") || type.equals("mfra")) {
        begins.add(at);
      }
      at += ByteBuffer.wrap(all).getInt(at);
    }
    List<byte[]> segments = new ArrayList<>();
    for (int i = 0; i + 1 < begins.size(); i++) {
      segments.add(Arrays.copyOfRange(all, begins.get(i), begins.get(i + 1)));
    }
    return new CardSegments(
        card, Bytes.copyOf(Arrays.copyOf(all, begins.getFirst())), segments, firstDtsUs);
  }

  /** Of a frame, where stream time begins with the first packet. */
  long framePtsUs(int frame) {
    return card.startUs() + card.video().orElseThrow().timeUs(frame) - firstDtsUs;
  }
}

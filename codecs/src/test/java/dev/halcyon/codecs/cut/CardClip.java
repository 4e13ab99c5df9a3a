package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/** For tests: an instant clip of a test card, cut from a ring. */
public record CardClip(Path file, CutResult result) {
  /** A window of a card's first {@code lengthUs}. */
  public static CardClip of(Path folder, TestCard card, long lengthUs, long fromUs, long toUs) {
    return of(folder, card, lengthUs, fromUs, toUs, packet -> true);
  }

  /**
   * @param arrives which packets reach the ring
   */
  public static CardClip of(
      Path folder,
      TestCard card,
      long lengthUs,
      long fromUs,
      long toUs,
      Predicate<CodedPacket> arrives) {
    Path ringFile = folder.resolve("ring");
    Path clip = folder.resolve("clip.mp4");
    try (Ring ring = Ring.create(ringFile, new RingOptions(64L << 20, 3_600_000_000L))) {
      fill(ring, card, lengthUs, arrives);
      CutRequest request = new CutRequest(fromUs, toUs, CutRequest.Outside.CLAMP);
      return new CardClip(clip, RingCutter.cut(ring, request, clip));
    } finally {
      delete(ringFile);
    }
  }

  static void fill(Ring ring, TestCard card, long lengthUs, Predicate<CodedPacket> arrives) {
    try (TestCardSource source = TestCardSource.of(card, lengthUs);
        RingWriter writer = ring.writer()) {
      writer.beginEpoch(0, 0, 0);
      source.tracks().forEach(writer::configure);
      for (Optional<CodedPacket> next = source.next(); next.isPresent(); next = source.next()) {
        CodedPacket packet = next.get();
        if (!arrives.test(packet)) {
          continue;
        }
        writer.configure(packet.track());
        writer.append(
            packet.track().index(),
            packet.isKeyframe(),
            packet.ptsUs(),
            packet.dtsUs(),
            0,
            0,
            packet.payload().asBuffer());
      }
    }
  }

  private static void delete(Path ringFile) {
    try {
      Files.deleteIfExists(ringFile);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

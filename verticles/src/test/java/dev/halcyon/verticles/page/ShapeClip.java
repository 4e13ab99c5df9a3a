package dev.halcyon.verticles.page;

import dev.halcyon.codecs.cut.CutResult;
import dev.halcyon.codecs.cut.RingCutter;
import dev.halcyon.codecs.cut.smart.SmartCut;
import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.CardShape;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A clip of a shape of media, and what a player must show of it.
 *
 * @param firstFrame the number in its first picture
 * @param picturesUs when each picture is shown, from the clip's time 0
 */
record ShapeClip(Path file, CutResult result, int firstFrame, List<Long> picturesUs) {
  private static final long LENGTH_US = 4_000_000;

  static ShapeClip of(Path folder, CardShape shape, long fromUs, long toUs) {
    Path file = folder.resolve(shape.name());
    try (Ring ring =
        Ring.create(folder.resolve(shape + ".ring"), new RingOptions(64L << 20, 3_600_000_000L))) {
      List<Long> all = fill(ring, shape);
      List<Long> wanted = all.stream().filter(at -> at >= fromUs && at < toUs).toList();
      CutRequest request = new CutRequest(fromUs, toUs, CutRequest.Outside.REFUSE);
      CutResult result = RingCutter.cut(ring, request, file);
      return new ShapeClip(
          file,
          result,
          all.indexOf(wanted.getFirst()),
          wanted.stream().map(at -> at - wanted.getFirst()).toList());
    }
  }

  /** The same for players that ignore edit lists. */
  ShapeClip exact() {
    Path exact = file.resolveSibling(file.getFileName() + ".exact.mp4");
    return new ShapeClip(
        exact, SmartCut.make(file, result.contract(), exact), firstFrame, picturesUs);
  }

  private static List<Long> fill(Ring ring, CardShape shape) {
    List<Long> pictures = new ArrayList<>();
    try (TestCardSource source = TestCardSource.of(shape.card(), LENGTH_US);
        RingWriter writer = ring.writer()) {
      writer.beginEpoch(0, 0, 0);
      source.tracks().forEach(writer::configure);
      for (Optional<CodedPacket> next = source.next(); next.isPresent(); next = source.next()) {
        CodedPacket packet = next.get();
        writer.configure(packet.track());
        writer.append(
            packet.track().index(),
            packet.isKeyframe(),
            shape.stamped(packet.ptsUs()),
            shape.stamped(packet.dtsUs()),
            0,
            0,
            packet.payload().asBuffer());
        if (packet.track().isVideo()) {
          pictures.add(shape.stamped(packet.ptsUs()));
        }
      }
    }
    return pictures.stream().sorted().toList();
  }
}

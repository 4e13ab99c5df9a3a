package dev.halcyon.verticles.page;

import dev.halcyon.codecs.cut.RingCutter;
import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.TestCard;
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
 * A clip over a publisher's reconnect, and what a player must show of it.
 *
 * @param pictures in the order in which they are shown
 * @param joint which of them is the second side's first
 * @param programmesUs when each side's sound is at its time 0, from the clip's time 0
 */
record StitchedClip(Path file, List<Shown> pictures, int joint, List<Long> programmesUs) {
  private static final long LENGTH_US = 2_400_000;
  private static final long AWAY_US = 1_517_000;

  /**
   * @param name card and frame
   * @param atUs from the clip's time 0
   */
  record Shown(String name, int widthPx, long atUs) {}

  /** Of the last second and a bit of one and the first of the other. */
  static StitchedClip of(Path folder, TestCard before, TestCard after) {
    try (Ring ring =
            Ring.create(folder.resolve("ring"), new RingOptions(64L << 20, 3_600_000_000L));
        RingWriter writer = ring.writer()) {
      Sent first = Sent.of(writer, before, 0, 0);
      Sent second = Sent.of(writer, after, 1, LENGTH_US + AWAY_US);
      CutRequest request =
          new CutRequest(
              LENGTH_US - 1_270_000, LENGTH_US + AWAY_US + 1_190_000, CutRequest.Outside.REFUSE);
      Path file = folder.resolve("stitched.mp4");
      long originUs = RingCutter.cut(ring, request, file).contract().deliveredStartUs();
      List<Shown> pictures = new ArrayList<>(first.shown(request, originUs));
      int joint = pictures.size();
      pictures.addAll(second.shown(request, originUs));
      return new StitchedClip(
          file,
          pictures,
          joint,
          List.of(first.programmeUs() - originUs, second.programmeUs() - originUs));
    }
  }

  /** The middle of the time for which a picture is shown. */
  double middleS(int picture) {
    long fromUs = pictures.get(picture).atUs();
    boolean isLast = picture + 1 == pictures.size();
    return (fromUs + (isLast ? fromUs + 20_000 : pictures.get(picture + 1).atUs())) / 2e6;
  }

  /**
   * One side as it was sent.
   *
   * @param programmeUs stream time of the card's time 0
   */
  private record Sent(TestCard card, long programmeUs, List<Long> picturesUs) {
    static Sent of(RingWriter writer, TestCard card, int epoch, long startUs) {
      List<Long> picturesUs = new ArrayList<>();
      long programmeUs = Long.MIN_VALUE;
      try (TestCardSource source = TestCardSource.of(card, LENGTH_US)) {
        writer.beginEpoch(epoch, startUs, startUs);
        source.tracks().forEach(writer::configure);
        for (Optional<CodedPacket> next = source.next(); next.isPresent(); next = source.next()) {
          CodedPacket packet = next.get();
          programmeUs = programmeUs < 0 ? startUs - packet.dtsUs() : programmeUs;
          long ptsUs = programmeUs + packet.ptsUs();
          long dtsUs = programmeUs + packet.dtsUs();
          writer.configure(packet.track());
          writer.append(
              packet.track().index(),
              packet.isKeyframe(),
              ptsUs,
              dtsUs,
              0,
              0,
              packet.payload().asBuffer());
          if (packet.track().isVideo()) {
            picturesUs.add(ptsUs);
          }
        }
      }
      return new Sent(card, programmeUs, picturesUs.stream().sorted().toList());
    }

    List<Shown> shown(CutRequest request, long originUs) {
      List<Shown> shown = new ArrayList<>();
      for (int frame = 0; frame < picturesUs.size(); frame++) {
        long us = picturesUs.get(frame);
        if (us >= request.fromUs() && us < request.toUs()) {
          int widthPx = card.video().orElseThrow().widthPx();
          shown.add(new Shown(card.cardId() + ":" + frame, widthPx, us - originUs));
        }
      }
      return shown;
    }
  }
}

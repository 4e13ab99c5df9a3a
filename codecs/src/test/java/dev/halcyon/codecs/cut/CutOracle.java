package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.mp4.EditLists;
import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.codecs.testcard.CardShape;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.codecs.verify.FileMeasurer;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.verify.ContractChecks;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * For tests: a shape of media in a ring. Windows of it are cut, and the files decoded and held
 * against what was asked, which is computed here from the packets' stamps alone.
 */
public final class CutOracle implements AutoCloseable {
  private static final long MAX_SKEW_US = 5_000;

  /** In a window of such a length at least one marker, a tenth of a second apart, is whole. */
  private static final long AUDIBLE_US = 300_000;

  /** Of the longest packet of sound, which FFmpeg plays whole at the end. */
  private static final long LONGEST_PACKET_US = 70_000;

  private final CardShape shape;
  private final Path folder;
  private final Ring ring;
  private final List<Long> picturesInDecodingOrder = new ArrayList<>();
  private final BitSet keyframes = new BitSet();
  private final List<Long> pictures;
  private long lastDtsUs;
  private long soundStartUs = Long.MAX_VALUE;
  private long soundEndUs = Long.MIN_VALUE;

  private CutOracle(Path folder, CardShape shape, long lengthUs) {
    this.shape = shape;
    this.folder = folder;
    ring = Ring.create(folder.resolve("ring"), new RingOptions(64L << 20, 3_600_000_000L));
    try {
      fill(lengthUs);
    } catch (RuntimeException failure) {
      ring.close();
      throw failure;
    }
    pictures = picturesInDecodingOrder.stream().sorted().toList();
  }

  /** Puts the first {@code lengthUs} of a shape's card into a ring in {@code folder}. */
  public static CutOracle of(Path folder, CardShape shape, long lengthUs) {
    return new CutOracle(folder, shape, lengthUs);
  }

  private void fill(long lengthUs) {
    try (TestCardSource source = TestCardSource.of(shape.card(), lengthUs);
        RingWriter writer = ring.writer()) {
      writer.beginEpoch(0, 0, 0);
      source.tracks().forEach(writer::configure);
      for (Optional<CodedPacket> next = source.next(); next.isPresent(); next = source.next()) {
        CodedPacket packet = next.get();
        long ptsUs = shape.stamped(packet.ptsUs());
        writer.configure(packet.track());
        writer.append(
            packet.track().index(),
            packet.isKeyframe(),
            ptsUs,
            shape.stamped(packet.dtsUs()),
            0,
            0,
            packet.payload().asBuffer());
        if (packet.track().isVideo()) {
          keyframes.set(picturesInDecodingOrder.size(), packet.isKeyframe());
          picturesInDecodingOrder.add(ptsUs);
          lastDtsUs = shape.stamped(packet.dtsUs());
        } else {
          soundStartUs = Math.min(soundStartUs, ptsUs);
          soundEndUs = Math.max(soundEndUs, ptsUs + packet.durationUs());
        }
      }
    }
  }

  /** What is wrong with the finished clip of a window; empty if nothing is. */
  public List<String> faults(long fromUs, long toUs) throws IOException {
    Path file = folder.resolve("clip");
    try {
      CutContract contract = RingCutter.cut(ring, request(fromUs, toUs), file).contract();
      return isHeld(fromUs, toUs)
          ? faults(file, contract, fromUs, toUs)
          : List.of("a clip of nothing");
    } catch (HalcyonException refused) {
      boolean isRight = refused.code() == ErrorCode.RANGE_NOT_HELD && !isHeld(fromUs, toUs);
      return isRight ? List.of() : List.of("refused: " + refused);
    }
  }

  /** What is wrong with how {@link FileMeasurer} finds a clip; empty if nothing is. */
  public List<String> contractFaults(long fromUs, long toUs) throws IOException {
    if (!isHeld(fromUs, toUs)) {
      return List.of();
    }
    Path file = folder.resolve("clip");
    CutResult result = RingCutter.cut(ring, request(fromUs, toUs), file);
    return ContractChecks.of(
            result.contract(),
            result.sizeBytes(),
            FileMeasurer.measure(file, FileMeasurer.sha256(file), Files.size(file)))
        .checks()
        .stream()
        .filter(check -> !check.ok())
        .map(check -> check.name() + " " + check.expected() + " was " + check.measured())
        .toList();
  }

  /** What is wrong with a window as it is read while it grows, once it has closed. */
  public List<String> growingFaults(long fromUs, long toUs) throws IOException {
    List<Long> wanted = growingPictures(fromUs, toUs);
    if (!isHeld(fromUs, toUs) || (!pictures.isEmpty() && wanted.isEmpty())) {
      return List.of();
    }
    Path file = folder.resolve("growing");
    try {
      Grown.whole(ring, request(fromUs, toUs), file);
    } catch (HalcyonException refused) {
      boolean isRight = isWebm() && refused.code() == ErrorCode.NOT_READY;
      return isRight ? List.of() : List.of("refused: " + refused);
    }
    Verdict verdict = TestCardJudge.judge(file);
    List<String> faults = new ArrayList<>(verdict.faults(MAX_SKEW_US));
    verdict.pictures().ifPresent(seen -> addPictureFaults(faults, seen, wanted));
    if (!wanted.isEmpty() && verdict.pictures().isEmpty()) {
      faults.add("no pictures");
    }
    return faults;
  }

  private static CutRequest request(long fromUs, long toUs) {
    return new CutRequest(fromUs, toUs, CutRequest.Outside.CLAMP);
  }

  private boolean isHeld(long fromUs, long toUs) {
    return pictures.isEmpty()
        ? soundStartUs < toUs && soundEndUs > fromUs
        : !pictures(fromUs, toUs).isEmpty();
  }

  private List<Long> pictures(long fromUs, long toUs) {
    return pictures.stream().filter(at -> at >= fromUs && at < toUs).toList();
  }

  /** A growing clip ends with the first picture, in decoding order, that lies behind it. */
  private List<Long> growingPictures(long fromUs, long toUs) {
    List<Long> wanted = pictures(fromUs, toUs);
    if (wanted.isEmpty()) {
      return wanted;
    }
    return picturesInDecodingOrder.stream()
        .skip(keyframeOf(wanted))
        .takeWhile(at -> at < toUs)
        .filter(at -> at >= fromUs)
        .sorted()
        .toList();
  }

  /** The last one that precedes all of them in both orders. */
  private int keyframeOf(List<Long> wanted) {
    int firstDecoded = 0;
    while (!wanted.contains(picturesInDecodingOrder.get(firstDecoded))) {
      firstDecoded++;
    }
    int keyframe = firstDecoded;
    while (!keyframes.get(keyframe) || picturesInDecodingOrder.get(keyframe) > wanted.getFirst()) {
      keyframe--;
    }
    return keyframe;
  }

  private List<String> faults(Path file, CutContract contract, long fromUs, long toUs)
      throws IOException {
    Verdict verdict = TestCardJudge.judge(file);
    List<String> faults = new ArrayList<>(verdict.faults(MAX_SKEW_US));
    List<Long> wanted = pictures(fromUs, toUs);
    long startUs = wanted.isEmpty() ? contract.deliveredStartUs() : wanted.getFirst();
    long endUs = contract.deliveredEndUs();
    if (contract.deliveredStartUs() != startUs) {
      faults.add("starts at " + contract.deliveredStartUs() + " instead of " + startUs);
    }
    if (!wanted.isEmpty()) {
      verdict
          .pictures()
          .ifPresentOrElse(
              seen -> addPictureFaults(faults, seen, wanted), () -> faults.add("no pictures"));
      int next = pictures.indexOf(wanted.getLast()) + 1;
      if (next < pictures.size() && isComplete(next) && pictures.get(next) != endUs) {
        faults.add("ends at " + endUs + " instead of " + pictures.get(next));
      }
      addEditFaults(faults, file, "vide", endUs - startUs, 0);
      addDisplayFaults(faults, file);
    }
    addSoundFaults(faults, verdict, file, startUs, endUs);
    return faults;
  }

  /** Whether no picture can follow that is shown before this one. */
  private boolean isComplete(int picture) {
    return lastDtsUs >= pictures.get(picture);
  }

  private void addPictureFaults(List<String> faults, Verdict.Pictures seen, List<Long> wantedUs) {
    int first = pictures.indexOf(wantedUs.getFirst());
    if (seen.firstFrame() != first) {
      faults.add("first frame " + seen.firstFrame() + " instead of " + first);
    }
    if (seen.lastFrame() != first + wantedUs.size() - 1) {
      faults.add("last frame " + seen.lastFrame() + ", not " + (first + wantedUs.size() - 1));
    }
    if (seen.presentedFrames() != wantedUs.size()) {
      faults.add(seen.presentedFrames() + " frames instead of " + wantedUs.size());
      return;
    }
    for (int i = 0; i < wantedUs.size(); i++) {
      long offUs = seen.ptsUs().get(i) - (wantedUs.get(i) - wantedUs.getFirst());
      if (Math.abs(offUs) > unitUs()) {
        faults.add("frame " + (first + i) + " is off by " + offUs + " us");
        return;
      }
    }
  }

  private void addSoundFaults(
      List<String> faults, Verdict verdict, Path file, long startUs, long endUs)
      throws IOException {
    if (soundStartUs >= endUs - shape.stampUs() || soundEndUs <= startUs + shape.stampUs()) {
      return;
    }
    if (verdict.sound().isEmpty()) {
      faults.add("no sound");
      return;
    }
    // Half a sample of either side at 16 kHz, and what rounded stamps leave open.
    long toleranceUs = 63 + shape.stampUs() + unitUs();
    long wantedStartUs = Math.max(0, soundStartUs - startUs);
    long wantedEndUs = Math.min(endUs, soundEndUs) - startUs;
    Verdict.Sound heard = verdict.sound().get();
    if (Math.abs(heard.startUs() - wantedStartUs) > toleranceUs) {
      faults.add("sound starts at " + heard.startUs() + " instead of " + wantedStartUs);
    }
    long extraUs = heard.endUs() - wantedEndUs;
    if (extraUs < -toleranceUs || extraUs > LONGEST_PACKET_US) {
      faults.add("sound ends at " + heard.endUs() + " instead of " + wantedEndUs);
    }
    addEditFaults(faults, file, "soun", wantedEndUs, toleranceUs);
    boolean isAudible = wantedEndUs - wantedStartUs > AUDIBLE_US;
    if (isAudible && heard.markers() == 0) {
      faults.add("no marker was heard");
    }
    if (isAudible && !pictures.isEmpty() && verdict.skew().isEmpty()) {
      faults.add("sound and pictures could not be compared");
    }
  }

  private static void addEditFaults(
      List<String> faults, Path file, String handler, long wantedUs, long toleranceUs)
      throws IOException {
    for (EditLists.TrackEdits track : EditLists.of(file)) {
      if (track.handler().equals(handler) && Math.abs(track.endUs() - wantedUs) > toleranceUs) {
        faults.add("edits of " + handler + " end at " + track.endUs() + ", not " + wantedUs);
      }
    }
  }

  private void addDisplayFaults(List<String> faults, Path file) {
    Display wanted = shape.card().video().orElseThrow().display();
    try (DemuxerHandle demuxer = DemuxerHandle.ofFile(file)) {
      Display found = ((VideoFormat) demuxer.track(0).orElseThrow().format()).display();
      boolean isRight =
          found.orientation() == wanted.orientation()
              && isKept(wanted.sampleAspect(), found.sampleAspect())
              && isKept(wanted.colour(), found.colour())
              && isKept(wanted.mastering(), found.mastering())
              && isKept(wanted.light(), found.light());
      if (!isRight) {
        faults.add("shown as " + found + " instead of " + wanted);
      }
    }
  }

  private boolean isWebm() {
    return shape.card().video().filter(video -> video.codec() == Codec.VP8).isPresent();
  }

  /** What a file's times are rounded to: WebM's are whole milliseconds. */
  private long unitUs() {
    return isWebm() ? 1_000 : 0;
  }

  private static boolean isKept(Optional<?> wanted, Optional<?> found) {
    return wanted.isEmpty() || wanted.equals(found);
  }

  @Override
  public void close() {
    ring.close();
    try {
      Files.deleteIfExists(folder.resolve("ring"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

package dev.halcyon.core.clip.verify;

import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.CutFrames;
import dev.halcyon.core.clip.Gap;
import dev.halcyon.core.media.MediaKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Holds a measured file against its cut contract. No state. */
public final class ContractChecks {
  /**
   * Sound is trimmed to the sample and pictures are on the microsecond; a millisecond is what
   * rounding by containers and decoders may add.
   */
  static final long TIME_TOLERANCE_US = 1_000;

  /**
   * A gap's edges are where a picture was to be expected: its usual distance is a median. Silence
   * that fills it begins when the packet before has faded out. A shorter one cannot be seen.
   */
  static final long GAP_TOLERANCE_US = 70_000;

  /** Less silence than this is a joint of packets. */
  static final long SOUND_GAP_US = 20_000;

  private final CutContract contract;
  private final MeasuredFile file;
  private final List<ClipCheck> checks = new ArrayList<>();

  private ContractChecks(CutContract contract, MeasuredFile file) {
    this.contract = contract;
    this.file = file;
  }

  /**
   * @param sizeBytes of the version's file, as it was kept
   */
  public static Verification of(CutContract contract, long sizeBytes, MeasuredFile file) {
    ContractChecks all = new ContractChecks(contract, file);
    all.checkFile(sizeBytes);
    if (all.hasPictures()) {
      all.checkPictures();
    }
    if (all.hasSound()) {
      all.checkSound();
    }
    if (all.hasPictures() || all.hasSound()) {
      all.checkGaps();
    }
    return new Verification(all.checks);
  }

  private void checkFile(long sizeBytes) {
    checks.add(ClipCheck.same("sha256", contract.sha256(), file.sha256()));
    checks.add(ClipCheck.same("size_bytes", sizeBytes, file.sizeBytes()));
    checks.add(ClipCheck.same("readable", "to its end", file.fault().orElse("to its end")));
    checks.add(
        ClipCheck.same(
            "packets", contract.packetsCopied() + contract.packetsEncoded(), file.packets()));
    if (!contract.tracks().isEmpty()) {
      checks.add(
          ClipCheck.same(
              "codecs",
              codecs(IntStream.range(0, contract.tracks().size()).mapToObj(this::codec)),
              codecs(file.codecs().stream())));
    }
    checks.add(ClipCheck.same("decode_errors", 0, file.decodeErrors()));
  }

  /** Of a track with several sample entries readers name one: the first, or the first used. */
  private String codec(int track) {
    List<String> own = contract.tracks().get(track).codecs();
    boolean isOther = track < file.codecs().size() && own.contains(file.codecs().get(track));
    return isOther ? file.codecs().get(track) : own.getFirst();
  }

  /** What VP9's configuration says is not told by its demuxer. */
  private static String codecs(Stream<String> names) {
    return names
        .map(name -> name.startsWith("vp09") ? "vp09" : name)
        .collect(Collectors.joining(", "));
  }

  private boolean hasPictures() {
    return contract.frames().isPresent() || file.pictures().isPresent();
  }

  private boolean hasSound() {
    return file.sound().isPresent()
        || contract.tracks().stream().anyMatch(track -> track.kind() == MediaKind.AUDIO);
  }

  private void checkPictures() {
    if (file.pictures().isEmpty()) {
      checks.add(ClipCheck.same("pictures", "presented", "none"));
      return;
    }
    MeasuredFile.Pictures shown = file.pictures().get();
    if (contract.frames().isPresent()) {
      CutFrames frames = contract.frames().get();
      checks.add(ClipCheck.same("frames", frames.presented(), shown.presented()));
      checks.add(time("last_frame_us", inClip(frames.lastUs()), shown.lastUs()));
    }
    checks.add(time("first_frame_us", 0, shown.firstUs()));
    shown.trimUs().ifPresent(trimUs -> checks.add(time("trim_us", contract.trimUs(), trimUs)));
    checks.add(time("end_us", lengthUs(), shown.endUs()));
    MeasuredFile.Edges edges = shown.edges();
    checks.add(
        ClipCheck.same("start_frames_as_in_media", edges.startCompared(), edges.startSame()));
    checks.add(ClipCheck.same("end_frames_as_in_media", edges.endCompared(), edges.endSame()));
  }

  private void checkSound() {
    if (file.sound().isEmpty()) {
      checks.add(ClipCheck.same("sound", "presented", "none"));
      return;
    }
    MeasuredFile.Sound heard = file.sound().get();
    contract.tracks().stream()
        .filter(track -> track.kind() == MediaKind.AUDIO)
        .findFirst()
        .ifPresent(track -> checks.add(time("sound_trim_us", track.trimStartUs(), heard.trimUs())));
    checks.add(time("av_offset_start_us", contract.avOffsetStartUs(), heard.startUs()));
    checks.add(time("av_offset_end_us", contract.avOffsetEndUs(), heard.endUs() - lengthUs()));
  }

  private void checkGaps() {
    List<Gap> promised = inClip(contract.gaps());
    List<Gap> found = measuredGaps();
    boolean isSame =
        found.stream().allMatch(gap -> isAmong(promised, gap))
            && promised.stream()
                .allMatch(gap -> gap.lengthUs() <= GAP_TOLERANCE_US || isAmong(found, gap));
    checks.add(
        new ClipCheck(
            "gaps", new ClipCheck.Text(text(promised)), new ClipCheck.Text(text(found)), isSame));
  }

  private static boolean isAmong(List<Gap> gaps, Gap asked) {
    return gaps.stream()
        .anyMatch(
            gap ->
                Math.abs(gap.atUs() - asked.atUs()) <= GAP_TOLERANCE_US
                    && Math.abs(gap.endUs() - asked.endUs()) <= GAP_TOLERANCE_US);
  }

  /** Of all tracks of the file, and the whole clip where it lacks a track that was expected. */
  private List<Gap> measuredGaps() {
    List<Gap> all = new ArrayList<>();
    file.pictures().ifPresent(shown -> all.addAll(shown.gaps()));
    file.sound().ifPresent(heard -> all.addAll(gapsOf(heard)));
    boolean isTrackAbsent = inClip(contract.gaps()).contains(new Gap(0, lengthUs()));
    if (isTrackAbsent && file.codecs().size() == contract.tracks().size()) {
      all.add(new Gap(0, lengthUs()));
    }
    return Gap.merged(all);
  }

  private List<Gap> gapsOf(MeasuredFile.Sound heard) {
    List<Gap> gaps = new ArrayList<>(heard.gaps());
    // Where sound was missing there is silence; elsewhere, silence is what was sent.
    for (Gap promised : inClip(contract.gaps())) {
      heard.silences().forEach(silence -> addCommon(gaps, promised, silence));
    }
    if (heard.startUs() > SOUND_GAP_US) {
      gaps.add(new Gap(0, heard.startUs()));
    }
    if (lengthUs() - heard.endUs() > SOUND_GAP_US) {
      gaps.add(new Gap(heard.endUs(), lengthUs() - heard.endUs()));
    }
    return gaps;
  }

  private static void addCommon(List<Gap> gaps, Gap one, Gap other) {
    long fromUs = Math.max(one.atUs(), other.atUs());
    long toUs = Math.min(one.endUs(), other.endUs());
    if (toUs > fromUs) {
      gaps.add(new Gap(fromUs, toUs - fromUs));
    }
  }

  /** A window's gaps on the clip's own time line, cut to what is delivered. */
  private List<Gap> inClip(List<Gap> gaps) {
    List<Gap> inside = new ArrayList<>();
    for (Gap gap : gaps) {
      long fromUs = Math.max(0, inClip(gap.atUs()));
      long toUs = Math.min(lengthUs(), inClip(gap.endUs()));
      if (toUs > fromUs) {
        inside.add(new Gap(fromUs, toUs - fromUs));
      }
    }
    return inside;
  }

  private long inClip(long streamUs) {
    return streamUs - contract.deliveredStartUs();
  }

  private long lengthUs() {
    return contract.deliveredEndUs() - contract.deliveredStartUs();
  }

  private static ClipCheck time(String name, long expectedUs, long measuredUs) {
    return ClipCheck.within(name, expectedUs, measuredUs, TIME_TOLERANCE_US);
  }

  private static String text(List<Gap> gaps) {
    if (gaps.isEmpty()) {
      return "none";
    }
    return String.join(
        ", ", gaps.stream().map(gap -> gap.lengthUs() + " us at " + gap.atUs() + " us").toList());
  }
}

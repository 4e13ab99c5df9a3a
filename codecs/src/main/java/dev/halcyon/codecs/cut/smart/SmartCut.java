package dev.halcyon.codecs.cut.smart;

import dev.halcyon.codecs.cut.CutResult;
import dev.halcyon.codecs.mp4.Mp4File;
import dev.halcyon.codecs.verify.FileMeasurer;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.CutFrames;
import dev.halcyon.core.clip.CutLatency;
import dev.halcyon.core.clip.FrameRange;
import dev.halcyon.core.clip.Gap;
import dev.halcyon.core.clip.TrackContract;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.CodecName;
import dev.halcyon.core.media.Track;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes of a sealed clip a file for players that ignore edit lists: it holds what the clip presents
 * and nothing else. Of the pictures, those at the edges that hang on others outside of the clip are
 * encoded again, the rest is copied bit by bit; the sound is encoded, as its packets begin
 * elsewhere than the clip. A second track of pictures is left out. Blocks for as long as that
 * takes, on one platform thread; an interrupt ends it. No state.
 */
public final class SmartCut {
  private SmartCut() {}

  /**
   * Makes the file, whole or not at all; it replaces what was there and is not forced to the disk.
   *
   * @param sealed the clip's file as it was cut, unchanged
   * @param contract of that file
   * @throws HalcyonException UNSUPPORTED_MEDIA when its media cannot be joined with encoded media;
   *     CORRUPT_MEDIA when what must be encoded cannot be decoded, or the file is not as it was;
   *     NOT_FOUND when it is gone; IO_FAILED
   */
  public static CutResult make(Path sealed, CutContract contract, Path target) {
    Path part = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      requireUnchanged(sealed, contract);
      CutResult result = write(sealed, contract, part);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      return result;
    } catch (IOException failure) {
      delete(part, failure);
      throw new HalcyonException(
          ErrorCode.IO_FAILED, "the exact file cannot be made: " + failure, failure);
    } catch (RuntimeException failure) {
      delete(part, failure);
      throw failure;
    }
  }

  /** What is copied is vouched for anew: damage must not be. */
  private static void requireUnchanged(Path sealed, CutContract contract) throws IOException {
    try {
      if (!FileMeasurer.sha256(sealed).equals(contract.sha256())) {
        throw new HalcyonException(
            ErrorCode.CORRUPT_MEDIA, "the clip's file is not as it was when it was sealed");
      }
    } catch (NoSuchFileException absent) {
      throw new HalcyonException(
          ErrorCode.NOT_FOUND, "the file that it would be made of is not there", absent);
    }
  }

  private static CutResult write(Path sealed, CutContract contract, Path part) throws IOException {
    Path scratchFile = part.resolveSibling(part.getFileName() + ".scratch");
    try (SealedClip clip = SealedClip.open(sealed);
        Scratch scratch = new Scratch(scratchFile)) {
      return write(clip, contract, scratch, part);
    }
  }

  private static CutResult write(SealedClip clip, CutContract contract, Scratch scratch, Path part)
      throws IOException {
    List<OutputTrack> tracks = new ArrayList<>();
    List<FrameRange> encoded = new ArrayList<>();
    long lengthUs = contract.deliveredEndUs() - contract.deliveredStartUs();
    boolean hasPictures = false;
    for (int i = 0; i < clip.streams().size(); i++) {
      SealedClip.Stream stream = clip.streams().get(i);
      int index = contract.tracks().size() > i ? contract.tracks().get(i).index() : i;
      if (!stream.isVideo()) {
        tracks.add(SoundCut.make(stream, index, lengthUs, scratch));
      } else if (!hasPictures) {
        PictureCut.Result pictures = PictureCut.make(stream, index, lengthUs, scratch);
        tracks.add(pictures.track());
        encoded.addAll(pictures.encodedFrames());
        hasPictures = true;
      }
    }
    Mp4File file = Mp4File.of(tracks.stream().map(OutputTrack::toTrack).toList());
    String sha256;
    try (FileChannel out =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      sha256 =
          file.write(
              out,
              (track, sample, target) ->
                  tracks.get(track).samples().get(sample).payload().read(target));
    }
    return new CutResult(
        contractOf(contract, tracks, encoded, sha256),
        "mp4",
        file.sizeBytes(),
        tracks.stream()
            .map(track -> new Track(track.index(), track.formats().getFirst()))
            .toList());
  }

  private static CutContract contractOf(
      CutContract clip, List<OutputTrack> tracks, List<FrameRange> encoded, String sha256) {
    int all = tracks.stream().mapToInt(track -> track.samples().size()).sum();
    int sound =
        tracks.stream().filter(SmartCut::isSound).mapToInt(track -> track.samples().size()).sum();
    int made = sound + encoded.stream().mapToInt(FrameRange::count).sum();
    return new CutContract(
        clip.requestedStartUs(),
        clip.requestedEndUs(),
        clip.deliveredStartUs(),
        clip.deliveredEndUs(),
        clip.clamped(),
        clip.deliveredStartUs(),
        0,
        gaps(clip, tracks),
        clip.epochs(),
        0,
        0,
        all - made,
        made,
        sha256,
        clip.frames().map(frames -> framesOf(frames, encoded)),
        tracks.stream().map(SmartCut::contractOf).toList(),
        CutLatency.UNKNOWN);
  }

  /** Counted from the first picture of this file, which is the first one presented. */
  private static CutFrames framesOf(CutFrames clip, List<FrameRange> encoded) {
    long first = clip.deliveredStart();
    return new CutFrames(
        clip.requestedStart() - first,
        clip.requestedEnd() - first,
        0,
        clip.deliveredEnd() - first,
        clip.lastUs(),
        encoded);
  }

  /** Where sound was missing there is silence now: what is left are stretches without a picture. */
  private static List<Gap> gaps(CutContract clip, List<OutputTrack> tracks) {
    Optional<OutputTrack> pictures = tracks.stream().filter(track -> !isSound(track)).findFirst();
    return clip.gaps().stream()
        .filter(gap -> pictures.isPresent() && isWithoutPicture(pictures.get(), clip, gap))
        .toList();
  }

  private static boolean isWithoutPicture(OutputTrack pictures, CutContract clip, Gap gap) {
    long fromUs = gap.atUs() - clip.deliveredStartUs();
    return pictures.samples().stream()
        .mapToLong(OutputTrack.Sample::ptsTicks)
        .noneMatch(us -> us > fromUs && us < fromUs + gap.lengthUs());
  }

  private static TrackContract contractOf(OutputTrack track) {
    return new TrackContract(
        track.index(),
        track.formats().getFirst().codec().kind(),
        track.formats().stream().map(CodecName::of).distinct().toList(),
        track.samples().size(),
        0,
        0,
        0,
        isSound(track) ? track.overhangUs() : 0);
  }

  private static boolean isSound(OutputTrack track) {
    return track.formats().getFirst() instanceof AudioFormat;
  }

  private static void delete(Path part, Exception because) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException failure) {
      because.addSuppressed(failure);
    }
  }
}

package dev.halcyon.core.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.CutFrames;
import dev.halcyon.core.clip.TrackContract;
import dev.halcyon.core.media.MediaKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CutParticularsTest {
  private static final HeldSpan ALL = new HeldSpan(Long.MIN_VALUE, Long.MAX_VALUE);

  private static CutContract cut(long fromUs, long toUs, TrackPackets... tracks) {
    CutRequest request = new CutRequest(fromUs, toUs, CutRequest.Outside.CLAMP);
    return CutPlanner.plan(request, ALL, List.of(tracks)).written("00");
  }

  @Test
  void countsPicturesFromTheFirstOneInTheFile() {
    TrackPackets video = Stamps.video("0k 3 1 2 6 4 5 9 7 8");
    CutContract contract = cut(80_000, 220_000, video);
    CutFrames frames = contract.frames().orElseThrow();
    assertEquals(new CutFrames(2, 6, 2, 6, 200_000), frames);
    assertEquals(4, frames.presented());
  }

  @Test
  void countsWhatIsNotHeldByTheUsualDistance() {
    TrackPackets video = Stamps.video("0k 1 2 3 4 5 6 7 8 9");
    CutRequest request = new CutRequest(-200_000, 480_000, CutRequest.Outside.CLAMP);
    CutContract contract =
        CutPlanner.plan(request, new HeldSpan(0, 400_000), List.of(video)).written("00");
    assertEquals(Optional.of(new CutFrames(-5, 12, 0, 10, 360_000)), contract.frames());
  }

  /** The window begins inside of the picture before the keyframe, and is snapped to it. */
  @Test
  void missesNoPictureWhereTheFileBeginsWithTheFirstOneAskedFor() {
    CutContract contract = cut(165_000, 280_000, Stamps.video("0k 1 2 3 4 5k 6 7 8 9"));
    assertEquals(Optional.of(new CutFrames(0, 2, 0, 2, 240_000)), contract.frames());
  }

  @Test
  void saysWhatTheEditListOfEachTrackHides() {
    TrackPackets video = Stamps.video("0k 3 1 2 6 4 5 9 7 8");
    TrackPackets sound = Stamps.opus(0, 30);
    CutContract contract = cut(80_000, 205_000, video, sound);
    TrackContract pictures = contract.tracks().getFirst();
    assertEquals(MediaKind.VIDEO, pictures.kind());
    assertEquals(List.of("avc1"), pictures.codecs());
    assertEquals(7, pictures.packets());
    assertEquals(80_000, pictures.trimStartUs());
    assertEquals(40_000, pictures.trimEndUs(), "frame 6 is a reference only");
    TrackContract heard = contract.tracks().getLast();
    assertEquals(MediaKind.AUDIO, heard.kind());
    assertEquals(0, heard.startsAtUs());
    assertEquals(80_000, heard.trimStartUs(), "what Opus needs before the cut");
    assertEquals(0, heard.trimEndUs());
    assertEquals(
        contract.packetsCopied(), pictures.packets() + heard.packets(), "no packet is unaccounted");
  }

  @Test
  void saysWhereALateTrackBegins() {
    CutContract contract =
        cut(0, 240_000, Stamps.video("0k 1 2 3 4 5 6 7"), Stamps.opus(100_000, 20));
    assertEquals(100_000, contract.tracks().getLast().startsAtUs());
    assertEquals(0, contract.tracks().getLast().trimStartUs());
  }

  @Test
  void hasNoFramesWithoutPictures() {
    CutContract contract = cut(100_000, 300_000, Stamps.opus(0, 20));
    assertEquals(Optional.empty(), contract.frames());
    assertEquals(1, contract.tracks().size());
  }
}

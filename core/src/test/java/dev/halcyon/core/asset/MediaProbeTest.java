package dev.halcyon.core.asset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.SampleAspect;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MediaProbeTest {
  private static final SoundStream FIRST = new SoundStream(1, "aac", 48_000, 2, "eng", false);
  private static final SoundStream SECOND = new SoundStream(2, "opus", 48_000, 6, "", true);

  @Test
  void namesTheSoundToTakeAndTheMeanRate() {
    MediaProbe probe = probe(Optional.empty(), List.of(FIRST, SECOND));
    assertEquals(Optional.of(SECOND), probe.defaultSound());
    assertEquals(8_000_000, probe.bitsPerSecond());
  }

  @Test
  void refusesWhatIsNoMedia() {
    assertThrows(IllegalArgumentException.class, () -> probe(Optional.empty(), List.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> probe(Optional.of(picture(Codec.H264)), List.of(FIRST)));
    assertThrows(IllegalArgumentException.class, () -> picture(Codec.AAC));
  }

  @Test
  void knowsHdrByItsTransfer() {
    assertEquals(Transfer.PQ, Transfer.ofH273(16));
    assertEquals(Transfer.HLG, Transfer.ofH273(18));
    assertTrue(Transfer.HLG.isHdr());
    assertEquals(Transfer.SDR, Transfer.ofH273(2));
  }

  @Test
  void limitsTakeVp8OnlyWhenAsked() {
    assertEquals(
        Set.of(Codec.VP8),
        ProbeLimits.DEFAULT.withPictureCodecs(Set.of(Codec.VP8)).pictureCodecs());
    assertEquals(false, ProbeLimits.DEFAULT.pictureCodecs().contains(Codec.VP8));
    assertThrows(
        IllegalArgumentException.class, () -> new ProbeLimits(1, 1080, 1920, 1, 1, Set.of(), 1));
  }

  private static MediaProbe probe(Optional<PictureStream> picture, List<SoundStream> sounds) {
    return new MediaProbe("mov", 0, 1_000_000, 1_000_000, picture, sounds, List.of());
  }

  private static PictureStream picture(Codec codec) {
    return new PictureStream(
        0,
        codec,
        1920,
        1080,
        1920,
        1080,
        FrameRate.FPS_30,
        false,
        Orientation.UPRIGHT,
        SampleAspect.SQUARE,
        false,
        Transfer.SDR,
        8,
        30);
  }
}

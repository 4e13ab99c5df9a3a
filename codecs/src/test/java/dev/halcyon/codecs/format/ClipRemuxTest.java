package dev.halcyon.codecs.format;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.cut.CardClip;
import dev.halcyon.codecs.cut.Program;
import dev.halcyon.codecs.cut.smart.SmartCut;
import dev.halcyon.codecs.format.ClipRemux.Pictures;
import dev.halcyon.codecs.media.CodedTrack;
import dev.halcyon.codecs.media.MediaFactory;
import dev.halcyon.codecs.media.MediaFactory.VideoShape;
import dev.halcyon.codecs.media.Mp4File;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.VideoFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clips in containers without edit lists, judged by what they show and sound. */
class ClipRemuxTest {
  private static final long MAX_SKEW_US = 5_000;

  @TempDir Path folder;

  private Path target(RemuxContainer container) {
    return folder.resolve("clip." + (container == RemuxContainer.MATROSKA ? "mkv" : "ts"));
  }

  private static TestCard.Builder card() {
    return TestCard.builder().size(320, 180).gop(30).audioBitrate(192_000);
  }

  private static Verdict.Pictures shown(Path file) {
    Verdict verdict = TestCardJudge.judge(file);
    assertEquals(List.of(), verdict.faults(MAX_SKEW_US), file::toString);
    verdict
        .sound()
        .ifPresent(heard -> assertTrue(verdict.skew().isPresent(), "sound was compared"));
    return verdict.pictures().orElseThrow();
  }

  /** Shows in both containers what the MP4 shows. */
  private void assertSame(CardClip clip, Pictures expected) throws Throwable {
    Verdict.Pictures asked = shown(clip.file());
    for (RemuxContainer container : RemuxContainer.values()) {
      Path target = target(container);
      assertNoLeak(() -> assertEquals(expected, ClipRemux.make(clip.file(), target, container)));
      Verdict.Pictures seen = shown(target);
      assertEquals(asked.firstFrame(), seen.firstFrame(), container::toString);
      assertEquals(asked.lastFrame(), seen.lastFrame(), container::toString);
      assertEquals(asked.presentedFrames(), seen.presentedFrames(), container::toString);
      if (container == RemuxContainer.MATROSKA) {
        assertEquals(0, seen.ptsUs().getFirst());
      }
      Verdict.Sound heard = TestCardJudge.judge(target).sound().orElseThrow();
      long lateUs = heard.startUs() - seen.ptsUs().getFirst();
      assertTrue(lateUs >= -1_000 && lateUs < 22_400, () -> container + " sound at " + lateUs);
    }
  }

  @Test
  void showsNothingOfWhatAnEditListHides() throws Throwable {
    assertSame(
        CardClip.of(folder, card().bFrames(2).build(), 6_000_000, 1_234_567, 3_456_789),
        Pictures.ENCODED);
  }

  @Test
  void copiesWhatIsCutAtKeyframes() throws Throwable {
    CardClip clip = CardClip.of(folder, card().build(), 6_000_000, 1_000_000, 3_000_000);
    assertSame(clip, Pictures.COPIED);
    byte[] once = Files.readAllBytes(target(RemuxContainer.MATROSKA));
    ClipRemux.make(clip.file(), target(RemuxContainer.MATROSKA), RemuxContainer.MATROSKA);
    assertArrayEquals(once, Files.readAllBytes(target(RemuxContainer.MATROSKA)), "same bits");
  }

  @Test
  void copiesReorderedPictures() throws Throwable {
    // The pictures at its end would hang on one behind it, but for its being the media's end.
    assertSame(
        CardClip.of(folder, card().bFrames(2).build(), 4_000_000, 1_000_000, 9_000_000),
        Pictures.COPIED);
  }

  @Test
  void copiesExactFilesOfClipsThatNeedTheirEditLists() throws Throwable {
    for (Codec codec : List.of(Codec.H264, Codec.HEVC)) {
      TestCard card = card().video(codec).bFrames(2).gop(20).build();
      CardClip clip = CardClip.of(folder, card, 5_000_000, 1_234_567, 3_456_789);
      Verdict.Pictures asked = shown(clip.file());
      Path exact = folder.resolve("exact.mp4");
      SmartCut.make(clip.file(), clip.result().contract(), exact);
      for (RemuxContainer container : RemuxContainer.values()) {
        assertFalse(ClipRemux.isCopied(clip.file(), container));
        assertTrue(ClipRemux.isCopied(exact, container));
        assertEquals(Pictures.COPIED, ClipRemux.make(exact, target(container), container));
        Verdict.Pictures seen = shown(target(container));
        String what = codec + " in " + container;
        assertEquals(asked.firstFrame(), seen.firstFrame(), what);
        assertEquals(asked.lastFrame(), seen.lastFrame(), what);
        assertEquals(asked.presentedFrames(), seen.presentedFrames(), what);
      }
    }
  }

  @Test
  void carriesParameterSetsThatChangeOnTheWay() throws Throwable {
    CardClip clip =
        CardClip.of(
            folder, card().sizeChange(60, 256, 144).build(), 5_000_000, 1_000_000, 4_000_000);
    assertSame(clip, Pictures.COPIED);
    assertEquals(List.of("320x180", "256x144"), shown(target(RemuxContainer.MATROSKA)).sizes());
    assertEquals(List.of("320x180", "256x144"), shown(target(RemuxContainer.MPEG_TS)).sizes());
  }

  @Test
  void encodesWhatATransportStreamDoesNotCarry() throws Throwable {
    CardClip clip =
        CardClip.of(
            folder,
            card().video(Codec.VP9).audio(Codec.OPUS).build(),
            4_000_000,
            1_000_000,
            2_000_000);
    assertEquals(
        Pictures.COPIED,
        ClipRemux.make(clip.file(), target(RemuxContainer.MATROSKA), RemuxContainer.MATROSKA));
    assertEquals(
        Pictures.ENCODED,
        ClipRemux.make(clip.file(), target(RemuxContainer.MPEG_TS), RemuxContainer.MPEG_TS));
    assertEquals(30, shown(target(RemuxContainer.MATROSKA)).presentedFrames());
    assertEquals(30, shown(target(RemuxContainer.MPEG_TS)).presentedFrames());
  }

  @Test
  void showsNothingOfWhatAWebmClipHides() throws Throwable {
    TestCard card = card().video(Codec.VP8).audio(Codec.OPUS).build();
    CardClip clip = CardClip.of(folder, card, 4_000_000, 1_234_567, 2_345_678);
    Verdict.Pictures asked = TestCardJudge.judge(clip.file()).pictures().orElseThrow();
    for (RemuxContainer container : RemuxContainer.values()) {
      ClipRemux.make(clip.file(), target(container), container);
      Verdict.Pictures seen = TestCardJudge.judge(target(container)).pictures().orElseThrow();
      assertEquals(asked.firstFrame(), seen.firstFrame(), container::toString);
      assertEquals(asked.lastFrame(), seen.lastFrame(), container::toString);
      assertEquals(List.of(), seen.missing(), container::toString);
    }
  }

  @Test
  void encodesPicturesUprightWhereTheContainerCannotTurnThem() throws Exception {
    Path turned = folder.resolve("turned.mp4");
    CodedTrack coded =
        MediaFactory.h264(new VideoShape(320, 180, 25, 25, 25, 0), (frame, x, y) -> 100);
    VideoFormat format =
        ((VideoFormat) coded.format()).withDisplay(Display.turned(Orientation.CLOCKWISE_90));
    Mp4File.write(new CodedTrack(format, coded.packets()), turned);
    Path target = target(RemuxContainer.MPEG_TS);
    assertEquals(Pictures.ENCODED, ClipRemux.make(turned, target, RemuxContainer.MPEG_TS));
    Program.require("ffprobe");
    assertEquals("180,320", entries(target, "v:0", "width,height"));
  }

  @Test
  void copiesSoundAlone() throws Throwable {
    CardClip clip =
        CardClip.of(
            folder,
            TestCard.builder().noVideo().audio(Codec.AAC).build(),
            4_000_000,
            1_234_567,
            3_000_000);
    for (RemuxContainer container : RemuxContainer.values()) {
      assertEquals(Pictures.NONE, ClipRemux.make(clip.file(), target(container), container));
      assertEquals(List.of(), TestCardJudge.judge(target(container)).faults());
    }
  }

  @Test
  void isReadByForeignPlayers() throws Exception {
    Program.require("ffprobe");
    CardClip clip = CardClip.of(folder, card().bFrames(2).build(), 5_000_000, 1_234_567, 3_000_000);
    for (RemuxContainer container : RemuxContainer.values()) {
      ClipRemux.make(clip.file(), target(container), container);
      assertEquals(
          shown(clip.file()).presentedFrames(),
          Integer.parseInt(
              Program.text(
                      "ffprobe",
                      "-v",
                      "error",
                      "-count_frames",
                      "-select_streams",
                      "v:0",
                      "-show_entries",
                      "stream=nb_read_frames",
                      "-of",
                      "csv=p=0",
                      target(container).toString())
                  .lines()
                  .findFirst()
                  .orElseThrow()
                  .replace(",", "")));
      assertEquals("h264", entries(target(container), "v:0", "codec_name"));
      assertEquals("aac", entries(target(container), "a:0", "codec_name"));
      assertEquals("bt709", entries(target(container), "v:0", "color_space"));
    }
  }

  private static String entries(Path file, String stream, String names) throws Exception {
    return Program.text(
            "ffprobe",
            "-v",
            "error",
            "-select_streams",
            stream,
            "-show_entries",
            "stream=" + names,
            "-of",
            "csv=p=0",
            file.toString())
        .lines()
        .findFirst()
        .orElse("")
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  @Test
  void statesWhatCannotBeRead() throws Throwable {
    Path noise = Files.write(folder.resolve("noise.mp4"), new byte[4_096]);
    assertNoLeak(
        () -> {
          for (RemuxContainer container : RemuxContainer.values()) {
            assertThrows(
                HalcyonException.class, () -> ClipRemux.make(noise, target(container), container));
          }
        });
  }

  @Test
  void stopsWhenInterrupted() throws Throwable {
    CardClip clip = CardClip.of(folder, card().bFrames(2).build(), 4_000_000, 1_234_567, 3_000_000);
    assertNoLeak(
        () -> {
          Thread.currentThread().interrupt();
          try {
            assertThrows(
                HalcyonException.class,
                () ->
                    ClipRemux.make(
                        clip.file(), target(RemuxContainer.MPEG_TS), RemuxContainer.MPEG_TS));
          } finally {
            assertTrue(Thread.interrupted());
          }
        });
  }
}

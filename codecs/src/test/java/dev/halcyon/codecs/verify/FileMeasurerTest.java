package dev.halcyon.codecs.verify;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.cut.CardClip;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.core.clip.verify.ClipCheck;
import dev.halcyon.core.clip.verify.ContractChecks;
import dev.halcyon.core.clip.verify.MeasuredFile;
import dev.halcyon.core.clip.verify.Verification;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.FrameRate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clips of test cards held against their contracts: whole ones, then damaged ones. */
class FileMeasurerTest {
  private static final long LENGTH_US = 6_000_000;

  @TempDir Path folder;

  private static Verification verify(CardClip clip) throws IOException {
    return ContractChecks.of(
        clip.result().contract(), clip.result().sizeBytes(), measure(clip.file()));
  }

  private static MeasuredFile measure(Path file) throws IOException {
    return FileMeasurer.measure(file, FileMeasurer.sha256(file), Files.size(file));
  }

  private static List<String> failed(Verification verification) {
    return verification.checks().stream()
        .filter(check -> !check.ok())
        .map(check -> check.name() + " " + check.expected() + " was " + check.measured())
        .toList();
  }

  private static List<String> names(Verification verification) {
    return verification.checks().stream().map(ClipCheck::name).collect(Collectors.toList());
  }

  private void assertKeepsItsContract(TestCard card, long seed) throws Throwable {
    Random random = new Random(seed);
    assertNoLeak(
        () -> {
          for (int i = 0; i < 3; i++) {
            long fromUs = 100_000 + random.nextLong(3_000_000);
            long toUs = fromUs + 200_000 + random.nextLong(2_500_000);
            CardClip clip = CardClip.of(folder, card, LENGTH_US, fromUs, toUs);
            String name = "[" + fromUs + ", " + toUs + ") seed " + seed;
            assertEquals(List.of(), failed(verify(clip)), name);
          }
        });
  }

  @Test
  void findsReorderedPicturesWithSoundAsPromised() throws Throwable {
    TestCard card = TestCard.builder().bFrames(3).gop(50).build();
    assertKeepsItsContract(card, 1);
    Verification verification = verify(CardClip.of(folder, card, LENGTH_US, 1_234_567, 2_345_678));
    assertEquals(
        List.of(
            "sha256",
            "size_bytes",
            "readable",
            "packets",
            "codecs",
            "decode_errors",
            "frames",
            "last_frame_us",
            "first_frame_us",
            "trim_us",
            "end_us",
            "start_frames_as_in_media",
            "end_frames_as_in_media",
            "sound_trim_us",
            "av_offset_start_us",
            "av_offset_end_us",
            "gaps"),
        names(verification));
  }

  @Test
  void findsOpenGopsAsPromised() throws Throwable {
    assertKeepsItsContract(TestCard.builder().bFrames(2).gop(20).openGop().build(), 2);
  }

  @Test
  void findsVariableFrameRateAsPromised() throws Throwable {
    assertKeepsItsContract(
        TestCard.builder()
            .bFrames(2)
            .frameRate(new FrameRate(60_000, 1_001))
            .frameTicks(1, 2, 1, 3)
            .build(),
        3);
  }

  @Test
  void findsVp9AndOpusAsPromised() throws Throwable {
    assertKeepsItsContract(TestCard.builder().video(Codec.VP9).audio(Codec.OPUS).build(), 4);
  }

  @Test
  void findsHevcAsPromised() throws Throwable {
    assertKeepsItsContract(TestCard.builder().video(Codec.HEVC).bFrames(2).gop(25).build(), 5);
  }

  @Test
  void findsPicturesAloneAndSoundAloneAsPromised() throws Throwable {
    assertKeepsItsContract(TestCard.builder().noAudio().bFrames(1).build(), 6);
    assertKeepsItsContract(TestCard.builder().noVideo().build(), 7);
  }

  @Test
  void findsSoundThatBeginsLateWhereItBegins() throws Throwable {
    CardClip clip =
        CardClip.of(
            folder,
            TestCard.builder().audioOffset(1_500_000).build(),
            LENGTH_US,
            1_000_000,
            3_000_000);
    assertEquals(List.of(), failed(verify(clip)));
    long startUs = measure(clip.file()).sound().orElseThrow().startUs();
    assertTrue(startUs > 400_000, "begins at " + startUs);
    assertTrue(clip.result().contract().gaps().size() == 1, clip.result().contract()::toString);
  }

  @Test
  void findsGapsOfPicturesAndSoundAsPromised() throws Throwable {
    TestCard card = TestCard.builder().gop(15).build();
    CardClip pictures =
        CardClip.of(
            folder,
            card,
            LENGTH_US,
            1_000_000,
            4_000_000,
            packet ->
                !packet.track().isVideo()
                    || packet.ptsUs() < 2_000_000
                    || packet.ptsUs() >= 2_500_000);
    assertEquals(1, pictures.result().contract().gaps().size());
    assertEquals(List.of(), failed(verify(pictures)));
    CardClip sound =
        CardClip.of(
            folder,
            card,
            LENGTH_US,
            1_000_000,
            4_000_000,
            packet ->
                packet.track().isVideo()
                    || packet.ptsUs() < 2_000_000
                    || packet.ptsUs() >= 3_500_000);
    assertEquals(1, sound.result().contract().gaps().size());
    assertEquals(List.of(), failed(verify(sound)));
  }

  /** One bit of coded media: the digest tells, and mostly the decoder too. */
  @Test
  void failsAFileInWhichABitTurned() throws Throwable {
    CardClip clip = CardClip.of(folder, TestCard.builder().build(), LENGTH_US, 0, 2_000_000);
    byte[] bytes = Files.readAllBytes(clip.file());
    bytes[bytes.length / 2] ^= 0x10;
    Files.write(clip.file(), bytes);
    Verification verification = verify(clip);
    assertFalse(verification.isOk());
    assertEquals("sha256", failed(verification).getFirst().split(" ", 2)[0]);
  }

  @Test
  void failsAFileThatBreaksOff() throws Throwable {
    CardClip clip = CardClip.of(folder, TestCard.builder().build(), LENGTH_US, 0, 3_000_000);
    byte[] bytes = Files.readAllBytes(clip.file());
    Files.write(clip.file(), Arrays.copyOf(bytes, bytes.length / 2));
    List<String> failed = failed(verify(clip)).stream().map(text -> text.split(" ", 2)[0]).toList();
    assertTrue(
        failed.containsAll(List.of("sha256", "size_bytes", "packets", "frames", "last_frame_us")),
        failed::toString);
  }

  @Test
  void failsWhatIsNoMediaAtAll() throws Throwable {
    CardClip clip = CardClip.of(folder, TestCard.builder().build(), LENGTH_US, 0, 1_000_000);
    byte[] noise = new byte[50_000];
    new Random(9).nextBytes(noise);
    for (byte[] content : List.of(noise, new byte[0])) {
      Files.write(clip.file(), content);
      assertNoLeak(() -> assertFalse(verify(clip).isOk()));
    }
    assertTrue(failed(verify(clip)).stream().anyMatch(text -> text.startsWith("readable")));
  }

  /** The same media with an edit list that presents other pictures than the contract says. */
  @Test
  void failsAnEditListThatIsOff() throws Throwable {
    TestCard card = TestCard.builder().noAudio().bFrames(2).gop(40).build();
    CardClip clip = CardClip.of(folder, card, LENGTH_US, 1_700_000, 3_000_000);
    byte[] bytes = Files.readAllBytes(clip.file());
    int elst = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("elst");
    int mediaTimeOffset = elst + 4 + 4 + 4 + 4;
    int mediaUs = readInt(bytes, mediaTimeOffset);
    assertTrue(mediaUs > 100_000, "media begins before the cut by " + mediaUs);
    writeInt(bytes, mediaTimeOffset, mediaUs - 66_667);
    Files.write(clip.file(), bytes);
    List<String> failed = failed(verify(clip)).stream().map(text -> text.split(" ", 2)[0]).toList();
    assertTrue(failed.containsAll(List.of("sha256", "trim_us")), failed::toString);
  }

  /** The sound comes 30 ms early: nothing but its edit list tells. */
  @Test
  void failsSoundThatIsShiftedAgainstThePictures() throws Throwable {
    CardClip clip =
        CardClip.of(folder, TestCard.builder().build(), LENGTH_US, 1_500_000, 3_000_000);
    byte[] bytes = Files.readAllBytes(clip.file());
    int elst = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("elst");
    int mediaTimeOffset = elst + 4 + 4 + 4 + 4;
    writeInt(bytes, mediaTimeOffset, readInt(bytes, mediaTimeOffset) + 1_440);
    Files.write(clip.file(), bytes);
    List<String> failed = failed(verify(clip)).stream().map(text -> text.split(" ", 2)[0]).toList();
    assertTrue(failed.containsAll(List.of("sha256", "sound_trim_us")), failed::toString);
  }

  private static int readInt(byte[] bytes, int offset) {
    return ByteBuffer.wrap(bytes).getInt(offset);
  }

  private static void writeInt(byte[] bytes, int offset, int value) {
    ByteBuffer.wrap(bytes).putInt(offset, value);
  }

  @Test
  void endsWhenItIsInterrupted() throws Throwable {
    CardClip clip = CardClip.of(folder, TestCard.builder().build(), LENGTH_US, 0, 1_000_000);
    Thread.currentThread().interrupt();
    try {
      assertNoLeak(
          () ->
              assertThrows(HalcyonException.class, () -> FileMeasurer.measure(clip.file(), "", 0)));
    } finally {
      assertTrue(Thread.interrupted());
    }
  }
}

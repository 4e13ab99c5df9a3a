package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.EpochSpan;
import dev.halcyon.core.cut.CutPlan;
import dev.halcyon.core.cut.CutPlanner;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.cut.CutRequest.Outside;
import dev.halcyon.core.cut.HeldSpan;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.ring.Lease;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingCutterTest {
  private static final Track VIDEO =
      new Track(0, new VideoFormat(Codec.H264, 320, 240, Bytes.copyOf(new byte[] {1, 2, 3, 4})));
  private static final Track AUDIO =
      new Track(
          1, new AudioFormat(Codec.AAC, 48_000, 2, Bytes.copyOf(new byte[] {0x11, (byte) 0x90})));
  private static final long MIB = 1 << 20;
  private static final long FRAME_US = 40_000;

  @TempDir Path folder;

  private Ring ring(long capacityBytes) {
    RingOptions options = new RingOptions(capacityBytes, 3_600_000_000L);
    return Ring.create(folder.resolve("ring"), options.withAllocation(MIB, options.allocator()));
  }

  private static void begin(RingWriter writer, int epoch, long streamUs) {
    writer.beginEpoch(epoch, streamUs, streamUs);
    writer.configure(VIDEO);
    writer.configure(AUDIO);
  }

  /** Pictures of 40 ms, a keyframe every second, with two packets of sound each. */
  private static void append(RingWriter writer, int firstPicture, int count, int sizeBytes) {
    byte[] payload = new byte[sizeBytes];
    for (int i = firstPicture; i < firstPicture + count; i++) {
      long us = i * FRAME_US;
      new Random(i).nextBytes(payload);
      writer.append(0, i % 25 == 0, us, us, 0, us, ByteBuffer.wrap(payload));
      ByteBuffer sound = ByteBuffer.wrap(payload, 0, 64);
      writer.append(1, true, us, us, 0, us, sound);
      writer.append(1, true, us + FRAME_US / 2, us + FRAME_US / 2, 0, us, sound);
    }
  }

  private static void assertFails(ErrorCode code, Runnable run) {
    assertEquals(code, assertThrows(HalcyonException.class, run::run).code());
  }

  private List<String> clips() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("ring"))
          .toList();
    }
  }

  /** As the packets lie in the file. */
  static void fill(Ring ring, SourceMedia media) {
    try (RingWriter writer = ring.writer()) {
      writer.beginEpoch(0, 0, 0);
      media
          .tracks()
          .forEach(track -> writer.configure(new Track(track.index(), track.formats().getFirst())));
      for (SourceMedia.Numbered each : media.inFileOrder()) {
        var packet = each.packet();
        ByteBuffer payload =
            ByteBuffer.wrap(media.payloads().get(Math.toIntExact(packet.position())));
        writer.append(
            each.track(), packet.isKeyframe(), packet.ptsUs(), packet.dtsUs(), 0, 0, payload);
      }
    }
  }

  @Test
  void presentsExactlyThePicturesOfTheWindow() throws Exception {
    Path source =
        Decoded.source(
            folder, "source.mp4", "-c:v", "libx264", "-bf", "3", "-g", "50", "-c:a", "aac");
    List<Decoded.Frame> all = Decoded.frames(source);
    try (Ring ring = ring(64 * MIB)) {
      fill(ring, SourceMedia.of(source));
      for (long fromUs : new long[] {0, 40_000, 1_230_000, 1_999_999, 3_000_001}) {
        long toUs = fromUs + 1_777_777;
        Path target = folder.resolve("clip.mp4");
        CutResult result =
            RingCutter.cut(ring, new CutRequest(fromUs, toUs, Outside.CLAMP), target);
        long startUs = result.contract().deliveredStartUs();
        List<Decoded.Frame> wanted =
            all.stream()
                .filter(frame -> frame.ptsUs() >= fromUs && frame.ptsUs() < toUs)
                .map(frame -> new Decoded.Frame(frame.ptsUs() - startUs, frame.md5()))
                .toList();
        assertEquals(wanted, Decoded.frames(target));
        assertEquals(2, result.tracks().size());
      }
    }
  }

  @Test
  void saysWhatItWrote() throws Exception {
    try (Ring ring = ring(8 * MIB);
        RingWriter writer = ring.writer()) {
      begin(writer, 0, 0);
      append(writer, 0, 200, 2_000);
      Path target = folder.resolve("clip.mp4");
      CutResult result =
          RingCutter.cut(ring, new CutRequest(3_100_000, 5_100_000, Outside.REFUSE), target);
      assertEquals(3_120_000, result.contract().deliveredStartUs());
      assertEquals(5_120_000, result.contract().deliveredEndUs());
      assertEquals(3_000_000, result.contract().keyframeUs());
      assertEquals(Files.size(target), result.sizeBytes());
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(target));
      assertEquals(HexFormat.of().formatHex(digest), result.contract().sha256());
      assertEquals(List.of("clip.mp4"), clips());
    }
  }

  @Test
  void refusesWhatIsNotHeldAndLeavesNothing() throws IOException {
    try (Ring ring = ring(8 * MIB);
        RingWriter writer = ring.writer()) {
      begin(writer, 0, 0);
      append(writer, 0, 50, 2_000);
      begin(writer, 1, 3_000_000);
      append(writer, 75, 50, 2_000);
      Path target = folder.resolve("clip.mp4");
      assertFails(
          ErrorCode.RANGE_NOT_HELD,
          () -> RingCutter.cut(ring, new CutRequest(9_000_000, 9_500_000, Outside.CLAMP), target));
      assertFails(
          ErrorCode.RANGE_NOT_HELD,
          () -> RingCutter.cut(ring, new CutRequest(4_000_000, 9_500_000, Outside.REFUSE), target));
      assertFails(
          ErrorCode.EPOCH_CROSSED,
          () ->
              RingCutter.cut(
                  ring,
                  new CutRequest(
                      1_000_000,
                      4_000_000,
                      1_000_000,
                      4_000_000,
                      EpochSpan.ALL,
                      Outside.CLAMP,
                      Crossing.REFUSE),
                  target));
      assertEquals(List.of(), clips());
      assertEquals(
          List.of(1),
          RingCutter.cut(ring, new CutRequest(3_000_000, 4_000_000, Outside.REFUSE), target)
              .contract()
              .epochs());
    }
  }

  @Test
  void clampsToWhatTheRingStillHolds() {
    try (Ring ring = ring(MIB);
        RingWriter writer = ring.writer()) {
      begin(writer, 0, 0);
      append(writer, 0, 1_000, 4_000);
      CutResult result =
          RingCutter.cut(
              ring, new CutRequest(0, 39_000_000, Outside.CLAMP), folder.resolve("clip.mp4"));
      assertTrue(result.contract().clamped());
      assertTrue(result.contract().deliveredStartUs() >= ring.held().getFirst().fromUs());
      assertEquals(39_000_000, result.contract().deliveredEndUs());
      assertEquals(0, result.contract().deliveredStartUs() % 1_000_000, "begins at a keyframe");
    }
  }

  @Test
  void keepsTheOldEndOfAFullRingWhileItIsCut() {
    try (Ring ring = ring(4 * MIB);
        RingWriter writer = ring.writer()) {
      begin(writer, 0, 0);
      append(writer, 0, 5_000, 2_000);
      long fromUs = ring.held().getFirst().fromUs();
      CutRequest request = new CutRequest(fromUs, fromUs + 10_000_000, Outside.CLAMP);
      try (Lease lease = RingCutter.lease(ring, request, Long.MAX_VALUE)) {
        CutPlan plan =
            CutPlanner.plan(
                request,
                new HeldSpan(fromUs, request.toUs()),
                RingScan.of(ring, request, lease.fromPosition()));
        append(writer, 5_000, 50, 2_000);
        assertEquals(Lease.State.HELD, lease.state());
        try (RingPayloads payloads = new RingPayloads(ring, plan)) {
          payloads.read(0, 0, ByteBuffer.allocate(2_000));
        }
      }
      append(writer, 5_050, 50, 2_000);
      assertTrue(ring.held().getFirst().fromUs() > fromUs, "the lease was given back");
    }
  }

  @Test
  void noticesThatThePacketsAreGone() {
    try (Ring ring = ring(MIB);
        RingWriter writer = ring.writer()) {
      begin(writer, 0, 0);
      append(writer, 0, 100, 2_000);
      CutRequest request = new CutRequest(1_000_000, 2_000_000, Outside.CLAMP);
      CutPlan plan =
          CutPlanner.plan(
              request,
              new HeldSpan(0, 4_000_000),
              RingScan.of(ring, request, RingScan.startOf(ring, request)));
      try (RingPayloads payloads = new RingPayloads(ring, plan)) {
        ByteBuffer target = ByteBuffer.allocate(2_000);
        payloads.read(0, 0, target);
        byte[] expected = new byte[2_000];
        new Random(25).nextBytes(expected);
        assertArrayEquals(expected, target.array());
        append(writer, 100, 1_000, 2_000);
        assertFails(ErrorCode.RING_OVERRUN, () -> payloads.read(0, 1, target.clear()));
      }
    }
  }

  @Test
  void leavesNoPartWhileTheWriterRunsItOver() throws Exception {
    try (Ring ring = ring(MIB);
        RingWriter writer = ring.writer()) {
      begin(writer, 0, 0);
      append(writer, 0, 100, 4_000);
      AtomicBoolean isDone = new AtomicBoolean();
      Thread publisher =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 100; !isDone.get(); i += 25) {
                      append(writer, i, 25, 4_000);
                    }
                  });
      int cuts = 0;
      try {
        for (int i = 0; i < 300; i++) {
          long toUs = ring.held().getFirst().toUs();
          cuts += hasCut(ring, new CutRequest(toUs - 3_000_000, toUs, Outside.CLAMP)) ? 1 : 0;
        }
      } finally {
        isDone.set(true);
        publisher.join();
      }
      System.out.println("of 300 cuts under an overtaking writer " + cuts + " were whole");
      assertTrue(
          clips().stream().allMatch(name -> name.equals("clip.mp4")), () -> "parts were left");
    }
  }

  private boolean hasCut(Ring ring, CutRequest request) {
    try {
      Path target = folder.resolve("clip.mp4");
      CutResult result = RingCutter.cut(ring, request, target);
      assertEquals(Files.size(target), result.sizeBytes());
      return true;
    } catch (HalcyonException lost) {
      assertTrue(
          lost.code() == ErrorCode.RING_OVERRUN || lost.code() == ErrorCode.RANGE_NOT_HELD,
          lost::toString);
      return false;
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void carriesAChangeOfPictureSize() throws Exception {
    Program.require("ffprobe");
    SourceMedia small =
        SourceMedia.of(Decoded.source(folder, "small.mp4", "-c:v", "libx264", "-an"));
    SourceMedia large =
        SourceMedia.of(
            Decoded.source(folder, "large.mp4", "-c:v", "libx264", "-s", "640x480", "-an"));
    Path target = folder.resolve("clip.mp4");
    try (Ring ring = ring(64 * MIB);
        RingWriter writer = ring.writer()) {
      writer.beginEpoch(0, 0, 0);
      appendAll(writer, small, 0);
      appendAll(writer, large, 6_000_000);
      CutRequest request = new CutRequest(5_500_000, 6_500_000, Outside.REFUSE);
      assertEquals(
          1_000_000, RingCutter.cut(ring, request, target).contract().deliveredEndUs() - 5_520_000);
    }
    String frames =
        Program.text(
            "ffprobe",
            "-v",
            "error",
            "-select_streams",
            "v",
            "-show_entries",
            "frame=width,height",
            "-of",
            "csv=p=0",
            target.toString());
    List<String> sizes =
        frames
            .lines()
            .filter(line -> !line.isEmpty())
            .map(line -> line.replaceAll(",$", ""))
            .toList();
    assertEquals(25, sizes.size(), frames);
    assertEquals(12, sizes.stream().filter("320,240"::equals).count());
    assertEquals(13, sizes.stream().filter("640,480"::equals).count());
  }

  private static void appendAll(RingWriter writer, SourceMedia media, long shiftUs) {
    writer.configure(new Track(0, media.tracks().getFirst().formats().getFirst()));
    for (SourceMedia.Numbered each : media.inFileOrder()) {
      var packet = each.packet();
      writer.append(
          0,
          packet.isKeyframe(),
          packet.ptsUs() + shiftUs,
          packet.dtsUs() + shiftUs,
          0,
          0,
          ByteBuffer.wrap(media.payloads().get(Math.toIntExact(packet.position()))));
    }
  }
}

package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.LivePush;
import dev.halcyon.codecs.mux.Pace;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.media.Codec;
import dev.halcyon.verticles.ingest.rtmp.ForeignTool;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** FFmpeg 8's {@code flv} muxer pushes what FLV itself has no numbers for; clips are judged. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class EnhancedClipTest {
  private static final long LENGTH_US = 3_000_000;
  private static final long FROM_US = 634_567;
  private static final long TO_US = 2_467_890;
  private static final int FPS = 30;

  private static final long MAX_SKEW_US = 5_000;

  private TestNode node;
  private TestUser user;
  private Path folder;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    folder = dir;
    node = TestNode.start(dir, Map.of());
    user = node.user();
  }

  @AfterAll
  void stop() throws Exception {
    node.close();
  }

  private static TestCard.Builder card() {
    return TestCard.builder().size(160, 96).gop(15);
  }

  @ParameterizedTest
  @EnumSource(names = {"HEVC", "AV1", "VP9"})
  void clipsWhatFfmpeg8Sends(Codec codec) {
    TestCard card =
        card().video(codec).audio(Codec.OPUS).bFrames(codec == Codec.HEVC ? 2 : 0).build();
    TestStream stream = user.quietStream();
    try (TestCardSource source = TestCardSource.of(card, LENGTH_US)) {
      new LivePush(stream.rtmpUrl(), Pace.UNBOUNDED).run(source);
    }
    judge(stream, codec);
  }

  @Test
  void hasPcmSoundAsAac() throws Exception {
    ForeignTool.require("ffmpeg", "-version");
    Path file = folder.resolve("card.mp4");
    TestCardFile.write(card().bFrames(2).build(), LENGTH_US, file);
    TestStream stream = user.quietStream();
    String command =
        "ffmpeg -v error -re -i FILE -c:v copy -c:a pcm_s16le -ar 44100 -f flv URL"
            .replace("FILE", file.toString())
            .replace("URL", stream.rtmpUrl());
    ForeignTool.run(folder, command.split(" ", -1));
    String contract = judge(stream, Codec.H264).encode();
    assertTrue(contract.contains("mp4a.40.2"), contract);
  }

  private JsonObject judge(TestStream stream, Codec codec) {
    stream.await("stream.ended");
    JsonObject clip = stream.ready(stream.request(FROM_US, TO_US));
    JsonObject contract = TestUser.contract(clip);
    Verdict verdict = user.judge(clip);
    assertEquals(List.of(), verdict.faults(MAX_SKEW_US), () -> codec + "\n" + verdict);
    long lengthUs = contract.getLong("delivered_end_us") - contract.getLong("delivered_start_us");
    Verdict.Pictures pictures = verdict.pictures().orElseThrow();
    assertEquals(Math.round(lengthUs * FPS / 1e6), pictures.presentedFrames(), contract::encode);
    assertTrue(lengthUs > TO_US - FROM_US - 2_000_000 / FPS, contract::encode);
    Optional<Verdict.Skew> skew = verdict.skew();
    assertTrue(skew.orElseThrow().markers() >= 10, verdict::toString);
    assertEquals(List.of(), stream.said("ingest.alert"));
    return contract;
  }
}

package dev.halcyon.verticles.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.CutFrames;
import dev.halcyon.core.clip.CutLatency;
import dev.halcyon.core.clip.Gap;
import dev.halcyon.core.clip.TrackContract;
import dev.halcyon.core.media.MediaKind;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ContractShapesTest {
  private static final CutContract PLAIN =
      new CutContract(
          1_000_000,
          3_000_000,
          1_010_000,
          2_990_000,
          true,
          500_000,
          510_000,
          List.of(new Gap(2_000_000, 40_000)),
          List.of(0, 1),
          -5,
          7,
          100,
          3,
          "ab".repeat(32));

  @Test
  void readsWhatItWrote() {
    CutContract contract =
        PLAIN
            .ofFile(
                "cd".repeat(32),
                Optional.of(new CutFrames(-3, 75, 0, 60, 2_950_000)),
                List.of(
                    new TrackContract(
                        0, MediaKind.VIDEO, List.of("avc1.64001f"), 66, 0, 510_000, 7, 40_000),
                    new TrackContract(
                        1, MediaKind.AUDIO, List.of("mp4a.40.2"), 37, 12, 21_333, 0, 5_000)))
            .after(new CutLatency(OptionalLong.empty(), OptionalLong.of(12_345)));
    JsonObject json = new JsonObject(ClipShapes.contractJson(contract).encode());
    assertEquals(contract, ClipShapes.contractOf(json));
    assertEquals(-3, json.getInteger("requested_start_frame"));
    assertEquals(
        "avc1.64001f",
        json.getJsonArray("tracks").getJsonObject(0).getJsonArray("codecs").getString(0));
    assertEquals(12_345, json.getInteger("latency_from_close_us"));
    assertEquals(true, json.containsKey("latency_from_trigger_us"));
  }

  @Test
  void readsContractsWithoutParticulars() {
    JsonObject json = ClipShapes.contractJson(PLAIN);
    for (String name :
        List.of(
            "requested_start_frame",
            "requested_end_frame",
            "delivered_start_frame",
            "delivered_end_frame",
            "last_frame_us",
            "tracks",
            "latency_from_trigger_us",
            "latency_from_close_us")) {
      json.remove(name);
    }
    assertEquals(PLAIN, ClipShapes.contractOf(json));
  }
}

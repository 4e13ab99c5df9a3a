package dev.halcyon.verticles.api;

import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.openapi.contract.Operation;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RestContractTest {
  /** What clients outside the project rely on, and what is mounted by hand. */
  private static final Set<String> RAW =
      Set.of(
          "downloadClip",
          "playClip",
          "getPoster",
          "getPlaylist",
          "getSegment",
          "getStrip",
          "getStripImage",
          "playShare",
          "downloadShare",
          "downloadRecording",
          "getSubtitles",
          "getProject",
          "putUpload",
          "getLivePlaylist",
          "getLivePiece",
          "getSnapshot",
          "publishWhip",
          "publishWhipByBearer",
          "trickleWhip",
          "endWhip");

  @Test
  void takesExactlyTheRawRoutesOut() {
    Vertx vertx = Vertx.vertx();
    try {
      RestContract contract = await(RestContract.load(vertx));
      Set<String> validated =
          contract.validated().operations().stream()
              .map(Operation::getOperationId)
              .collect(Collectors.toSet());
      assertEquals(RAW, contract.rawOperations());
      assertEquals(RAW, ApiRouter.rawOperations());
      assertTrue(validated.contains("createClip"));
      RAW.forEach(raw -> assertFalse(validated.contains(raw), raw));
    } finally {
      await(vertx.close());
    }
  }
}

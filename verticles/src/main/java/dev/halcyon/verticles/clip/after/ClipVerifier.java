package dev.halcyon.verticles.clip.after;

import dev.halcyon.codecs.verify.FileMeasurer;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.verify.ClipCheck;
import dev.halcyon.core.clip.verify.ClipVerified;
import dev.halcyon.core.clip.verify.ContractChecks;
import dev.halcyon.core.clip.verify.MeasuredFile;
import dev.halcyon.core.clip.verify.Verification;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.ops.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the files of clips against their contracts. The bytes are read each time; what decoding
 * them showed is remembered by their digest. Any thread.
 */
final class ClipVerifier {
  private static final Logger log = LoggerFactory.getLogger(ClipVerifier.class);
  private static final int MAX_REMEMBERED = 500;

  private final BlobStore blobs;
  private final Metrics metrics;
  private final Clock clock;
  private final InHand<Key, ClipVerified> inHand = new InHand<>();
  private final Map<String, MeasuredFile> measured = new LinkedHashMap<>(16, 0.75f, true);

  private record Key(UUID clipId, int version) {}

  ClipVerifier(BlobStore blobs, Metrics metrics, Clock clock) {
    this.blobs = blobs;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * @param desk does the work
   */
  CompletableFuture<ClipVerified> verify(WorkDesk desk, Clip clip, ClipVersion version) {
    return inHand.join(
        new Key(clip.id(), version.version()),
        () -> desk.submit(clip.workspaceId(), () -> verifyNow(clip, version)));
  }

  private ClipVerified verifyNow(Clip clip, ClipVersion version) throws IOException {
    Verification verification = look(clip, version);
    metrics.clipVerified(verification);
    if (!verification.isOk()) {
      log.error(
          "a clip's file does not keep its contract [clip={}, version={}, failed={}]",
          clip.id(),
          version.version(),
          verification.checks().stream()
              .filter(check -> !check.ok())
              .map(ClipCheck::name)
              .toList());
    }
    return new ClipVerified(clip.id(), version.version(), clock.now(), verification);
  }

  private Verification look(Clip clip, ClipVersion version) throws IOException {
    try {
      Path file = blobs.fetch(BlobKey.parse(clip.workspaceId(), version.blobKey()));
      String sha256 = FileMeasurer.sha256(file);
      MeasuredFile seen = remembered(sha256);
      if (seen == null) {
        seen = FileMeasurer.measure(file, sha256, Files.size(file));
        remember(seen);
      }
      return ContractChecks.of(version.contract(), version.sizeBytes(), seen);
    } catch (NoSuchFileException gone) {
      return Verification.ofMissingFile();
    }
  }

  private synchronized MeasuredFile remembered(String sha256) {
    return measured.get(sha256);
  }

  private synchronized void remember(MeasuredFile seen) {
    measured.put(seen.sha256(), seen);
    if (measured.size() > MAX_REMEMBERED) {
      measured.remove(measured.keySet().iterator().next());
    }
  }
}

package dev.halcyon.verticles.step;

import dev.halcyon.codecs.probe.FileProbe;
import dev.halcyon.core.asset.MediaProbe;
import dev.halcyon.core.asset.ProbeLimits;
import dev.halcyon.core.job.StepName;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Reads a file through once for its digest, and once for what it holds. */
record IngestWork(Path source) implements StepWork {
  private static final int CHUNK_BYTES = 1 << 20;

  /** Of the time that both take. */
  private static final double DIGEST_SHARE = 0.7;

  @Override
  public JsonObject run(StepSink sink) throws IOException {
    MediaProbe probe = FileProbe.probe(source, ProbeLimits.DEFAULT);
    sink.progress(StepName.INGEST, 1 - DIGEST_SHARE, 0);
    return RecordJson.write(new SourceFacts(sha256(sink), probe));
  }

  private String sha256(StepSink sink) throws IOException {
    long bytes = Files.size(source);
    long read = 0;
    byte[] chunk = new byte[CHUNK_BYTES];
    MessageDigest digest = digest();
    try (InputStream in = Files.newInputStream(source)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
        read += count;
        double part = bytes == 0 ? 1 : Math.min(1, (double) read / bytes);
        sink.progress(StepName.INGEST, 1 - DIGEST_SHARE + DIGEST_SHARE * part, 0);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}

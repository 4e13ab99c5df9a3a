package dev.halcyon.verticles.step;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Derived files: gzipped JSON that says of what form and version it is. Blocking; any thread.
 *
 * @param schema names what is in it
 * @param version another one is not read
 */
public record ArtifactFile(String schema, int version) {
  /** A file of four hours takes a tenth of it. */
  private static final int MAX_BYTES = 256 << 20;

  /** Writes a file anew; a reader sees the old or the new one. */
  public void write(Path file, JsonObject content) throws IOException {
    JsonObject whole =
        new JsonObject().put("schema", schema).put("version", version).mergeIn(content);
    Path unfinished = file.resolveSibling(file.getFileName() + ".part");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(unfinished), 64 << 10)) {
      out.write(whole.toBuffer().getBytes());
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * @throws HalcyonException IO_FAILED when it is not there, or not of this form and version
   */
  public JsonObject read(Path file) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file), 64 << 10)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw unreadable(file, "it is too large", null);
      }
      JsonObject json = Buffer.buffer(bytes).toJsonObject();
      if (!schema.equals(json.getString("schema")) || json.getInteger("version", 0) != version) {
        throw unreadable(file, "it is not " + schema + " " + version, null);
      }
      return json;
    } catch (IOException | DecodeException | ClassCastException failure) {
      throw unreadable(file, failure.getMessage(), failure);
    }
  }

  private static HalcyonException unreadable(Path file, String why, Exception cause) {
    return new HalcyonException(
        ErrorCode.IO_FAILED, file.getFileName() + " cannot be read: " + why, cause);
  }
}

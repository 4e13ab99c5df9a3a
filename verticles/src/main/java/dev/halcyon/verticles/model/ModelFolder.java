package dev.halcyon.verticles.model;

import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.model.ModelEntry;
import dev.halcyon.core.model.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The models that are on this machine: {@code {data.dir}/models/MODEL/FILE}, and {@code pins}, the
 * hashes of files whose entries had none, as {@code sha256sum} writes them. Blocking; any thread,
 * but one process at a time adds to it.
 */
public final class ModelFolder {
  private static final String PINS = "pins";
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path root;

  /** How a file stands. */
  public enum State {
    /** It is not there. */
    ABSENT,
    /** It is the real one. */
    VERIFIED,
    /** It is another than the real one, or damaged. */
    WRONG
  }

  /**
   * @param root made when the first file comes
   */
  public ModelFolder(Path root) {
    this.root = root;
  }

  public Path path(ModelEntry entry, ModelFile file) {
    return root.resolve(entry.name()).resolve(file.name());
  }

  /** What a file is being written to until it is whole. */
  Path partOf(ModelEntry entry, ModelFile file) {
    return root.resolve(entry.name()).resolve(file.name() + ".part");
  }

  /** Whether all files of the model are there, unread. */
  public boolean holds(ModelEntry entry) {
    return entry.files().stream().allMatch(file -> Files.isRegularFile(path(entry, file)));
  }

  /** The hash that a file must have: its entry's, else its pin. */
  public Optional<String> expected(ModelEntry entry, ModelFile file) {
    return file.sha256().or(() -> Optional.ofNullable(pins().get(key(entry, file))));
  }

  /** Reads the whole file. A file whose hash nobody knows is wrong: fetch or import it. */
  public State verify(ModelEntry entry, ModelFile file) {
    Path path = path(entry, file);
    if (!Files.isRegularFile(path)) {
      return State.ABSENT;
    }
    Optional<String> expected = expected(entry, file);
    return expected.isPresent() && expected.get().equals(sha256(path))
        ? State.VERIFIED
        : State.WRONG;
  }

  /**
   * The verified files of a model, the first one first.
   *
   * @throws HalcyonException MODEL_UNAVAILABLE, saying what to do
   */
  public Path require(ModelEntry entry) {
    for (ModelFile file : entry.files()) {
      State state = verify(entry, file);
      if (state != State.VERIFIED) {
        throw new HalcyonException(
            ErrorCode.MODEL_UNAVAILABLE,
            state == State.ABSENT
                ? "the model "
                    + entry.name()
                    + " is not here; `scripts/halcyon models "
                    + (file.url().isPresent() ? "fetch " : "import ")
                    + entry.name()
                    + "` brings it"
                : "the file "
                    + file.name()
                    + " of the model "
                    + entry.name()
                    + " is not the real one; `scripts/halcyon models verify` tells more");
      }
    }
    return path(entry, entry.files().getFirst());
  }

  /**
   * Takes a whole file in: checked, then moved to its place, so that none is ever seen half.
   *
   * @param whole a file within this folder; it is gone afterwards, also when it is refused
   * @return its hash
   * @throws HalcyonException MODEL_UNAVAILABLE when it is not the one it should be
   */
  String adopt(ModelEntry entry, ModelFile file, Path whole) {
    String hash = sha256(whole);
    Optional<String> expected = expected(entry, file);
    try {
      if (expected.isPresent() && !expected.get().equals(hash)) {
        Files.delete(whole);
        throw new HalcyonException(
            ErrorCode.MODEL_UNAVAILABLE,
            "refused: "
                + entry.name()
                + "/"
                + file.name()
                + " has the sha256 "
                + hash
                + " and should have "
                + expected.get());
      }
      if (expected.isEmpty()) {
        pin(entry, file, hash);
      }
      Files.move(
          whole,
          path(entry, file),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      return hash;
    } catch (IOException failure) {
      throw failed(failure);
    }
  }

  /**
   * Takes a copy of a file from elsewhere.
   *
   * @return its hash
   * @throws HalcyonException IO_FAILED or INSUFFICIENT_STORAGE; MODEL_UNAVAILABLE when it is not
   *     the one it should be
   */
  public String copyIn(ModelEntry entry, ModelFile file, Path source) {
    Path part = partOf(entry, file);
    try {
      Files.createDirectories(part.getParent());
      Files.copy(source, part, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw failed(failure);
    }
    return adopt(entry, file, part);
  }

  private void pin(ModelEntry entry, ModelFile file, String hash) throws IOException {
    Map<String, String> pins = new TreeMap<>(pins());
    pins.put(key(entry, file), hash);
    StringBuilder text = new StringBuilder();
    pins.forEach((key, value) -> text.append(value).append("  ").append(key).append('\n'));
    Path fresh = root.resolve(PINS + ".new");
    Files.writeString(fresh, text);
    Files.move(
        fresh,
        root.resolve(PINS),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Map<String, String> pins() {
    Path file = root.resolve(PINS);
    Map<String, String> pins = new TreeMap<>();
    if (Files.exists(file)) {
      try {
        for (String line : Files.readAllLines(file)) {
          String[] parts = line.strip().split("\\s+", 2);
          if (parts.length == 2) {
            pins.put(parts[1], parts[0]);
          }
        }
      } catch (IOException failure) {
        throw failed(failure);
      }
    }
    return pins;
  }

  private static String key(ModelEntry entry, ModelFile file) {
    return entry.name() + "/" + file.name();
  }

  static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException failure) {
      throw failed(failure);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static HalcyonException failed(IOException failure) {
    return new HalcyonException(
        DiskFailure.codeOf(failure), "the models' folder: " + failure, failure);
  }
}

package dev.halcyon.verticles.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The keys that sign share links, in a file that only its owner may read: {@code NAME HEX} a line.
 * The first signs, all verify. {@link #rotate} puts a new one first, also while a node runs. Any
 * thread; the methods that touch the file block.
 */
public final class ShareKeys {
  private static final int KEY_BYTES = 32;
  private static final int NAME_BYTES = 4;

  /** Links live for days at most: what five rotations ago signed has long expired. */
  private static final int MOST = 5;

  private static final Pattern LINE = Pattern.compile("([0-9a-f]{8}) ([0-9a-f]{64})");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path file;
  private volatile Loaded loaded;

  /**
   * @param state of the file when it was read; each rotation makes another file
   */
  private record Loaded(FileState state, Map<String, String> secrets) {}

  private record FileState(Object fileKey, FileTime modified) {
    static FileState of(Path file) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileState(attributes.fileKey(), attributes.lastModifiedTime());
    }
  }

  /** One key. */
  record Key(String name, String secret) {
    @Override
    public String toString() {
      return "Key[name=" + name + "]";
    }
  }

  private ShareKeys(Path file, Loaded loaded) {
    this.file = file;
    this.loaded = loaded;
  }

  /** Reads the keys of a file; makes it with one key when it is absent. */
  public static ShareKeys open(Path file) throws IOException {
    if (Files.notExists(file)) {
      write(file, List.of(fresh()));
    }
    return new ShareKeys(file, load(file));
  }

  /** Reads the file again when it was changed. */
  public void refresh() throws IOException {
    if (!FileState.of(file).equals(loaded.state())) {
      loaded = load(file);
    }
  }

  /** The key that signs. */
  Key current() {
    Map.Entry<String, String> first = loaded.secrets().entrySet().iterator().next();
    return new Key(first.getKey(), first.getValue());
  }

  Optional<Key> named(String name) {
    return Optional.ofNullable(loaded.secrets().get(name)).map(secret -> new Key(name, secret));
  }

  /**
   * Signs new links with a new key; links that older keys signed still work. Makes the file when it
   * is absent.
   */
  public static void rotate(Path file) throws IOException {
    List<Key> keys = new ArrayList<>();
    keys.add(fresh());
    if (Files.exists(file)) {
      load(file).secrets().forEach((name, secret) -> keys.add(new Key(name, secret)));
    }
    write(file, keys.subList(0, Math.min(MOST, keys.size())));
  }

  /** Signs new links with a new key; no link made before works any more. */
  public static void replace(Path file) throws IOException {
    write(file, List.of(fresh()));
  }

  private static Key fresh() {
    return new Key(random(NAME_BYTES), random(KEY_BYTES));
  }

  private static String random(int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static Loaded load(Path file) throws IOException {
    FileState state = FileState.of(file);
    Map<String, String> secrets = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      var key = LINE.matcher(line.strip());
      if (key.matches()) {
        secrets.put(key.group(1), key.group(2));
      } else if (!line.isBlank()) {
        throw new IOException("not a key: a line of " + file);
      }
    }
    if (secrets.isEmpty()) {
      throw new IOException("no keys in " + file);
    }
    return new Loaded(state, secrets);
  }

  private static void write(Path file, List<Key> keys) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    Files.createFile(
        unfinished,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(unfinished, keys.stream().map(key -> key.name() + ' ' + key.secret()).toList());
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }
}

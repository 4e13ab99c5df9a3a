package dev.halcyon.core.model;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * One file of a model.
 *
 * @param name in the model's folder
 * @param url where it is fetched from; empty when it can only be imported
 * @param sha256 of the real file, in lower case; empty while nobody has had it in hands
 * @param bytes of the real file; empty while nobody has had it in hands
 */
public record ModelFile(
    String name, Optional<URI> url, Optional<String> sha256, OptionalLong bytes) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  public ModelFile {
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(bytes, "bytes");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("no name of a file [name=" + name + "]");
    }
    if (sha256.filter(hash -> !SHA256.matcher(hash).matches()).isPresent()) {
      throw new IllegalArgumentException("no sha256 [file=" + name + "]");
    }
    if (bytes.isPresent() && bytes.getAsLong() < 1) {
      throw new IllegalArgumentException("no size [file=" + name + "]");
    }
  }

  /** The same file, known to be this one from now on. */
  public ModelFile pinned(String hash) {
    return new ModelFile(name, url, Optional.of(hash), bytes);
  }
}

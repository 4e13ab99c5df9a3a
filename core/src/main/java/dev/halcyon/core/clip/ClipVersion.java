package dev.halcyon.core.clip;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * One file of a clip.
 *
 * @param version from 1, ascending
 * @param container {@code mp4} or {@code webm}
 * @param blobKey where the blob store keeps it, {@code {workspace}/clips/{clip}/…}
 * @param sizeBytes length of the file
 * @param state whether the store still has the file as it was
 * @param storage where the store has it
 * @param render of a rendered version
 */
public record ClipVersion(
    int version,
    Kind kind,
    String container,
    String blobKey,
    long sizeBytes,
    CutContract contract,
    FileState state,
    Storage storage,
    Optional<RenderFacts> render) {
  public ClipVersion {
    Objects.requireNonNull(blobKey, "blobKey");
    Objects.requireNonNull(contract, "contract");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(storage, "storage");
    Objects.requireNonNull(render, "render");
  }

  /** A version whose file was just stored. */
  public ClipVersion(
      int version,
      Kind kind,
      String container,
      String blobKey,
      long sizeBytes,
      CutContract contract) {
    this(
        version,
        kind,
        container,
        blobKey,
        sizeBytes,
        contract,
        FileState.KEPT,
        Storage.LOCAL,
        Optional.empty());
  }

  /** What the store was last seen to have of a version. */
  public enum FileState {
    KEPT,
    LOST,
    /** The file has another size than it was stored with. */
    DAMAGED;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The name of what is wrong; empty when nothing is. */
    public Optional<String> fault() {
      return this == KEPT ? Optional.empty() : Optional.of(wire());
    }

    public static FileState ofFault(Optional<String> fault) {
      return fault.map(text -> valueOf(text.toUpperCase(Locale.ROOT))).orElse(KEPT);
    }
  }

  /** Where a store has the file. */
  public enum Storage {
    /** Where it was made, and there it stays. */
    LOCAL,
    /** Where it was made until another machine has it. */
    UPLOADING,
    /** On another machine; it may still be where it was made as well. */
    REMOTE;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Storage ofWire(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** How the version was made. */
  public enum Kind {
    /** Copied packets; edit lists present exactly the clip. */
    INSTANT,
    /** The same for players that ignore edit lists: its edges are encoded. */
    EXACT,
    RENDER;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Kind ofWire(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}

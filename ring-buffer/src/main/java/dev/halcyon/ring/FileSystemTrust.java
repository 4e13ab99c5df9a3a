package dev.halcyon.ring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What a file system's type says about keeping rings on it. A ring takes its blocks with {@code
 * posix_fallocate} before it stores through the mapping; where that promises nothing, a full disk
 * meets the writer as a fault of the whole process.
 */
public enum FileSystemTrust {
  /** Blocks that were taken stay taken: ext4, XFS and their like. */
  KEPT(""),
  /** A block is written elsewhere each time, so that taking it first promises nothing. */
  COPY_ON_WRITE(
      "is copy-on-write: space taken ahead is no promise, and a full disk can stop the server."
          + " Put it on ext4 or XFS, or (btrfs) run chattr +C on the empty folder"),
  /** The container's own layer: slow, small, gone with the container. */
  CONTAINER_LAYER(
      "is a container's own layer: it is deleted with the container, and what lies under it is"
          + " unknown. Mount a volume there"),
  /** Lost at a restart of the machine, and counted as memory. */
  MEMORY(
      "is memory: recordings are lost when the machine restarts, and a full ring competes with the"
          + " server for memory"),
  /** Another machine's disk, reached through a mapping. */
  NETWORK(
      "is a network file system: when the network or the other machine fails, writing through the"
          + " mapping stops the server. Put it on a local disk");

  private final String caution;

  FileSystemTrust(String caution) {
    this.caution = caution;
  }

  /** Of the file system that holds an existing file or folder. Reads the mount table. */
  public static FileSystemTrust of(Path existing) throws IOException {
    return ofType(Files.getFileStore(existing).type());
  }

  /**
   * @param type as the mount table names it; an unknown one is trusted
   */
  public static FileSystemTrust ofType(String type) {
    String name = type.toLowerCase(Locale.ROOT);
    return switch (name) {
      case "btrfs", "zfs", "bcachefs", "apfs", "refs", "nilfs2", "f2fs" -> COPY_ON_WRITE;
      case "overlay", "overlayfs", "aufs" -> CONTAINER_LAYER;
      case "tmpfs", "ramfs" -> MEMORY;
      case "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "9p", "virtiofs" ->
          NETWORK;
      // fuseblk is a local disk (NTFS, exFAT); fuse.NAME is mostly a remote one.
      default -> name.startsWith("fuse.") ? NETWORK : KEPT;
    };
  }

  /** What an operator should know, a sentence without its subject; empty when all is well. */
  public Optional<String> caution() {
    return caution.isEmpty() ? Optional.empty() : Optional.of(caution);
  }
}

package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileSystemTrustTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "ext4, KEPT",
    "xfs, KEPT",
    "btrfs, COPY_ON_WRITE",
    "ZFS, COPY_ON_WRITE",
    "bcachefs, COPY_ON_WRITE",
    "overlay, CONTAINER_LAYER",
    "tmpfs, MEMORY",
    "nfs4, NETWORK",
    "fuse.sshfs, NETWORK",
    "fuseblk, KEPT",
    "something-new, KEPT"
  })
  void knowsWhatATypePromises(String type, FileSystemTrust trust) {
    assertEquals(trust, FileSystemTrust.ofType(type));
    assertEquals(trust == FileSystemTrust.KEPT, trust.caution().isEmpty());
  }

  @Test
  void asksTheMountTableForAFolder() throws Exception {
    assertEquals(
        FileSystemTrust.ofType(Files.getFileStore(folder).type()), FileSystemTrust.of(folder));
    Path memory = Path.of("/dev/shm");
    if (Files.isDirectory(memory) && Files.getFileStore(memory).type().equals("tmpfs")) {
      assertTrue(FileSystemTrust.of(memory).caution().orElseThrow().contains("memory"));
    }
  }
}

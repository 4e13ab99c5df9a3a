package dev.halcyon.verticles.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalBlobStoreTest {
  private static final UUID WORKSPACE = UUID.randomUUID();
  private static final UUID CLIP = UUID.randomUUID();

  @TempDir Path root;

  @Test
  void showsAFileOnlyOnceItIsCommitted() throws IOException {
    BlobStore store = LocalBlobStore.open(root);
    BlobKey key = BlobKey.fresh(WORKSPACE, CLIP, "mp4");
    Path staged = store.stage(key);
    Files.writeString(staged, "media");
    assertThrows(NoSuchFileException.class, () -> store.sizeBytes(key));
    store.commit(staged, key);
    assertEquals(5, store.sizeBytes(key));
    assertEquals("media", Files.readString(store.fileOf(key)));
    assertTrue(store.fileOf(key).startsWith(root.resolve(WORKSPACE + "/clips/" + CLIP)));
  }

  @Test
  void deletesAClipWithAllItsFilesAndNoOther() throws IOException {
    BlobStore store = LocalBlobStore.open(root);
    BlobKey first = stored(store, BlobKey.fresh(WORKSPACE, CLIP, "mp4"));
    BlobKey second = stored(store, BlobKey.fresh(WORKSPACE, CLIP, "jpg"));
    BlobKey other = stored(store, BlobKey.fresh(WORKSPACE, UUID.randomUUID(), "mp4"));
    store.deleteClip(WORKSPACE, CLIP);
    store.deleteClip(WORKSPACE, CLIP);
    assertFalse(Files.exists(store.fileOf(first)));
    assertFalse(Files.exists(store.fileOf(second)));
    assertEquals(1, store.sizeBytes(other));
  }

  @Test
  void forcesAFileAndMindsNoneThatIsGone() throws IOException {
    BlobStore store = LocalBlobStore.open(root);
    BlobKey key = stored(store, BlobKey.fresh(WORKSPACE, CLIP, "mp4"));
    store.force(key);
    assertEquals(1, store.sizeBytes(key));
    store.delete(key);
    store.force(key);
    assertFalse(Files.exists(store.fileOf(key)));
  }

  @Test
  void dropsWhatAnEarlierRunLeftUnfinished() throws IOException {
    BlobStore before = LocalBlobStore.open(root);
    Path staged = before.stage(BlobKey.fresh(WORKSPACE, CLIP, "mp4"));
    Files.writeString(staged, "half");
    LocalBlobStore.open(root);
    assertFalse(Files.exists(staged));
  }

  private static BlobKey stored(BlobStore store, BlobKey key) throws IOException {
    Path staged = store.stage(key);
    Files.writeString(staged, "x");
    store.commit(staged, key);
    return key;
  }
}

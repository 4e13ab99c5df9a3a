package dev.halcyon.verticles.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.verticles.access.ShareSignature.Verdict;
import dev.halcyon.verticles.api.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShareSignatureTest {
  private static final UUID LINK = UUID.randomUUID();

  private final TestClock clock = new TestClock();
  @TempDir Path folder;
  private Path file;
  private ShareKeys keys;
  private ShareSignature signature;
  private Instant expiry;

  @BeforeEach
  void open() throws IOException {
    file = folder.resolve("share-keys");
    keys = ShareKeys.open(file);
    signature = new ShareSignature(keys, clock);
    expiry = clock.now().plusSeconds(60);
  }

  @Test
  void knowsItsOwnUntilTheyExpire() {
    String query = signature.query(LINK, expiry);
    assertEquals(Verdict.VALID, judge(LINK, query));
    clock.advance(Duration.ofSeconds(61));
    assertEquals(Verdict.EXPIRED, judge(LINK, query));
  }

  @Test
  void knowsEveryAlteration() {
    String query = signature.query(LINK, expiry);
    assertEquals(Verdict.FORGED, judge(UUID.randomUUID(), query));
    assertEquals(Verdict.FORGED, judge(LINK, query.replace("exp=", "exp=1")));
    assertEquals(Verdict.FORGED, judge(LINK, query + "A"));
    assertEquals(Verdict.FORGED, judge(LINK, query.substring(0, query.length() - 1)));
    assertEquals(Verdict.FORGED, signature.judge(LINK, "soon", "a.b"));
    assertEquals(Verdict.FORGED, signature.judge(LINK, "1", ""));
    assertEquals(Verdict.FORGED, signature.judge(LINK, "1", "."));
    assertEquals(Verdict.FORGED, signature.judge(LINK, "1", "nokey.x"));
  }

  @Test
  void rotatesWithoutBreakingWhatWasGivenOut() throws IOException {
    String before = signature.query(LINK, expiry);
    ShareKeys.rotate(file);
    keys.refresh();
    String after = signature.query(LINK, expiry);
    assertNotEquals(before, after);
    assertEquals(Verdict.VALID, judge(LINK, before));
    assertEquals(Verdict.VALID, judge(LINK, after));
    signature = new ShareSignature(ShareKeys.open(file), clock);
    assertEquals(Verdict.VALID, judge(LINK, before));
    for (int i = 0; i < 10; i++) {
      ShareKeys.rotate(file);
    }
    assertEquals(5, Files.readAllLines(file).size());
  }

  @Test
  void forgetsOldKeysWhenTold() throws IOException {
    String before = signature.query(LINK, expiry);
    ShareKeys.replace(file);
    signature = new ShareSignature(ShareKeys.open(file), clock);
    assertEquals(Verdict.FORGED, judge(LINK, before));
  }

  @Test
  void keepsKeysToItself() throws IOException {
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals("Key[name=" + keys.current().name() + "]", keys.current().toString());
    Files.writeString(file, "rubbish\n");
    assertThrows(IOException.class, () -> ShareKeys.open(file));
    Files.writeString(file, "\n");
    assertThrows(IOException.class, () -> ShareKeys.open(file));
  }

  private Verdict judge(UUID link, String query) {
    String expires = query.substring("exp=".length(), query.indexOf('&'));
    return signature.judge(link, expires, query.substring(query.indexOf("sig=") + 4));
  }
}

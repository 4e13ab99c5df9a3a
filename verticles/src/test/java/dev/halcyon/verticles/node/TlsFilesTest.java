package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ingest.rtmp.ForeignTool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates as files, good and bad. */
class TlsFilesTest {
  @TempDir private Path folder;
  private Certificates certificates;
  private final Later clock = new Later();

  /** The machine's clock, and later. */
  private static final class Later implements Clock {
    private Duration by = Duration.ZERO;

    @Override
    public long wallUs() {
      return Clock.system().wallUs() + by.toMillis() * 1_000;
    }

    @Override
    public long nanoTime() {
      return Clock.system().nanoTime();
    }
  }

  @BeforeEach
  void prepare() throws Exception {
    certificates = new Certificates(folder);
  }

  private TlsFiles open() {
    return TlsFiles.open(certificates.certificate(), certificates.key(), clock);
  }

  private String refusal() {
    return assertThrows(ConfigException.class, this::open).getMessage();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
        "ecparam -name secp384r1 -genkey",
        "ecparam -name prime256v1 -genkey -noout",
        "genpkey -algorithm RSA",
        "genpkey -algorithm ed25519"
      })
  void readsTheKeysThatToolsWrite(String command) throws Exception {
    certificates.renew(command);
    Duration left = Duration.between(Instant.now(), open().expiry());
    assertTrue(left.compareTo(Duration.ofDays(29)) > 0, left::toString);
  }

  @Test
  void readsTheOldFormOfRsaKeys() throws Exception {
    certificates.renew("genpkey -algorithm RSA");
    Path old = folder.resolve("old.pem");
    ForeignTool.run(
        folder,
        "openssl",
        "rsa",
        "-traditional",
        "-in",
        certificates.key().toString(),
        "-out",
        old.toString());
    assertTrue(Files.readString(old).contains("BEGIN RSA PRIVATE KEY"));
    Files.move(old, certificates.key(), StandardCopyOption.REPLACE_EXISTING);
    assertEquals(Optional.empty(), open().trouble());
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    assertTrue(refusal().startsWith("tls.cert: cannot read"));
    certificates.renew();
    byte[] otherKey = Files.readAllBytes(certificates.key());
    byte[] otherCertificate = Files.readAllBytes(certificates.certificate());
    certificates.renew();
    byte[] key = Files.readAllBytes(certificates.key());
    Files.write(certificates.key(), otherKey);
    assertEquals("tls.cert and tls.key do not belong together", refusal());
    Files.write(certificates.key(), otherCertificate);
    assertEquals("tls.key: there is no private key in it", refusal());
    Files.writeString(certificates.key(), "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END");
    assertTrue(refusal().contains("passphrase"));
    Files.write(certificates.key(), key);
    Files.writeString(certificates.certificate(), "nothing");
    assertTrue(refusal().startsWith("tls.cert: "), refusal());
    Files.write(certificates.certificate(), new byte[0]);
    assertEquals("tls.cert: there is no certificate in it", refusal());
  }

  @Test
  void refusesWhatHasExpired() throws Exception {
    certificates.renew();
    clock.by = Duration.ofDays(31);
    assertTrue(refusal().startsWith("tls.cert has expired on "));
    clock.by = Duration.ofDays(-1);
    assertTrue(refusal().startsWith("tls.cert is not valid before "));
  }

  @Test
  void goesOnWithWhatItHasUntilBothFilesAreGoodAgain() throws Exception {
    certificates.renew();
    TlsFiles files = open();
    Instant before = files.expiry();
    byte[] key = Files.readAllBytes(certificates.key());
    byte[] certificate = Files.readAllBytes(certificates.certificate());
    Files.writeString(certificates.key(), "half");
    files.look();
    assertEquals(Optional.empty(), files.trouble(), "may be in the middle of a change");
    files.look();
    assertEquals(Optional.of("tls.key: there is no private key in it"), files.trouble());
    Files.delete(certificates.key());
    files.look();
    assertTrue(files.trouble().orElseThrow().startsWith("tls.key: cannot read"));
    assertEquals(before, files.expiry());
    certificates.renew();
    files.look();
    assertEquals(Optional.empty(), files.trouble());
    assertTrue(files.expiry().compareTo(before) >= 0);
    Files.write(certificates.key(), key);
    Files.write(certificates.certificate(), certificate);
    files.look();
    assertEquals(before, files.expiry());
  }

  @Test
  void takesTheChainInAnyOrder() throws Exception {
    certificates.renew();
    String other = Files.readString(certificates.certificate());
    certificates.renew();
    String own = Files.readString(certificates.certificate());
    TlsIdentity identity =
        TlsIdentity.parse(
            (other + own).getBytes(StandardCharsets.US_ASCII),
            Files.readAllBytes(certificates.key()),
            Instant.now());
    TlsIdentity alone =
        TlsIdentity.parse(
            own.getBytes(StandardCharsets.US_ASCII),
            Files.readAllBytes(certificates.key()),
            Instant.now());
    assertEquals(alone.chain().getFirst(), identity.chain().getFirst());
    assertEquals(2, identity.chain().size());
  }
}

package dev.halcyon.verticles.node;

import dev.halcyon.verticles.ingest.rtmp.ForeignTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Makes certificates for 127.0.0.1 with the machine's openssl. */
final class Certificates {
  private final Path folder;

  Certificates(Path folder) throws Exception {
    ForeignTool.require("openssl", "version");
    this.folder = folder;
  }

  Path certificate() {
    return folder.resolve("cert.pem");
  }

  Path key() {
    return folder.resolve("key.pem");
  }

  /**
   * Makes a pair in place of the one before.
   *
   * @param keyCommand of openssl, which writes the key to its output
   */
  void renew(String keyCommand) throws Exception {
    Path newKey = folder.resolve("new-key.pem");
    Path newCertificate = folder.resolve("new-cert.pem");
    openssl(keyCommand + " -out " + newKey);
    openssl(
        "req -x509 -days 30 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -key "
            + newKey
            + " -out "
            + newCertificate);
    Files.move(newCertificate, certificate(), StandardCopyOption.REPLACE_EXISTING);
    Files.move(newKey, key(), StandardCopyOption.REPLACE_EXISTING);
  }

  void renew() throws Exception {
    renew("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
  }

  private void openssl(String arguments) throws Exception {
    ForeignTool.run(folder, ("openssl " + arguments).split(" ", -1));
  }
}

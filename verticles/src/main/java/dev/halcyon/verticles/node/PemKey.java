package dev.halcyon.verticles.node;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a private key in any of the forms that certificate tools write as PEM. No state. */
final class PemKey {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z ]{1,40})-----([A-Za-z0-9+/=\\s]++)-----END \\1-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  /** {@code rsaEncryption} with its null parameters (RFC 8017, A.1). */
  private static final byte[] RSA = bytes(0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0);

  /** {@code id-ecPublicKey} (RFC 5480, 2.1.1); its curve follows. */
  private static final byte[] EC = bytes(0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1);

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int CURVE = 0xa0;

  private PemKey() {}

  /**
   * @throws ConfigException when there is no key in it that can be used
   */
  static PrivateKey parse(byte[] pem) {
    String text = new String(pem, StandardCharsets.ISO_8859_1);
    if (text.contains("ENCRYPTED")) {
      throw new ConfigException("the key is encrypted; give it without a passphrase");
    }
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      byte[] der = Base64.getMimeDecoder().decode(block.group(2));
      switch (block.group(1)) {
        case "PRIVATE KEY" -> {
          return pkcs8(der);
        }
        case "RSA PRIVATE KEY" -> {
          return pkcs8(wrapped(RSA, der));
        }
        case "EC PRIVATE KEY" -> {
          return pkcs8(wrapped(curveOf(der), der));
        }
        default -> {} // EC PARAMETERS, certificates.
      }
    }
    throw new ConfigException("there is no private key in it");
  }

  private static PrivateKey pkcs8(byte[] der) {
    return ALGORITHMS.stream()
        .flatMap(algorithm -> read(algorithm, new PKCS8EncodedKeySpec(der)).stream())
        .findFirst()
        .orElseThrow(() -> new ConfigException("the key is none of " + ALGORITHMS));
  }

  private static Optional<PrivateKey> read(String algorithm, PKCS8EncodedKeySpec key) {
    try {
      return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(key));
    } catch (GeneralSecurityException otherKind) {
      return Optional.empty();
    }
  }

  /** A key of an older form as PKCS #8 has it (RFC 5958, 2). */
  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes(2, 1, 0)); // Version 0.
    out.writeBytes(element(SEQUENCE, algorithm));
    out.writeBytes(element(OCTETS, key));
    return element(SEQUENCE, out.toByteArray());
  }

  /** Of an ECPrivateKey (RFC 5915, 3): the first element that is tagged as the curve. */
  private static byte[] curveOf(byte[] key) {
    for (int at = 0; at + 2 < key.length; at++) {
      boolean isCurve = (key[at] & 0xff) == CURVE && key[at + 2] == 0x06;
      int end = at + 2 + (key[at + 1] & 0x7f);
      if (isCurve && end <= key.length && key[at + 3] + 2 == key[at + 1]) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(EC);
        out.writeBytes(Arrays.copyOfRange(key, at + 2, end));
        return out.toByteArray();
      }
    }
    throw new ConfigException("the key does not name its curve");
  }

  private static byte[] element(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}

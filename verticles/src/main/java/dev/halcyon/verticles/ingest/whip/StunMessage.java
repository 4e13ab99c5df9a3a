package dev.halcyon.verticles.ingest.whip;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A STUN message (RFC 8489) as far as connectivity checks need it. Immutable.
 *
 * <pre>
 *   0 00 | type:14 | 2 length of what follows the header | 4 cookie | 8 transaction:96 | 20 attributes
 *   attribute   0 type | 2 length | 4 value, filled up to whole words
 * </pre>
 */
final class StunMessage {
  static final int BINDING_REQUEST = 0x0001;
  static final int BINDING_SUCCESS = 0x0101;

  private static final int HEADER_BYTES = 20;
  private static final int COOKIE = 0x2112_a442;
  private static final int USERNAME = 0x0006;
  private static final int MESSAGE_INTEGRITY = 0x0008;
  private static final int XOR_MAPPED_ADDRESS = 0x0020;
  private static final int USE_CANDIDATE = 0x0025;
  private static final int FINGERPRINT = 0x8028;
  private static final int INTEGRITY_BYTES = 20;
  private static final int FINGERPRINT_XOR = 0x5354_554e;
  private static final int ABSENT = -1;

  private final byte[] datagram;
  private final ByteBuffer bytes;
  private String username;
  private boolean isNominating;
  private int integrityAt = ABSENT;

  private StunMessage(byte[] datagram) {
    this.datagram = datagram;
    this.bytes = ByteBuffer.wrap(datagram);
  }

  /**
   * Reads a message; what it says of itself is not yet proven, see {@link #isFrom}.
   *
   * @return empty when it is none, breaks off, or carries a fingerprint that does not fit
   */
  static Optional<StunMessage> parse(byte[] datagram) {
    ByteBuffer in = ByteBuffer.wrap(datagram);
    boolean isWhole =
        datagram.length >= HEADER_BYTES
            && (datagram[0] & 0xc0) == 0
            && in.getInt(4) == COOKIE
            && in.getShort(2) % 4 == 0
            && (in.getShort(2) & 0xffff) == datagram.length - HEADER_BYTES;
    StunMessage message = new StunMessage(datagram);
    return isWhole && message.readAttributes() ? Optional.of(message) : Optional.empty();
  }

  private boolean readAttributes() {
    int at = HEADER_BYTES;
    while (bytes.limit() - at >= 4) {
      int type = bytes.getShort(at) & 0xffff;
      int length = bytes.getShort(at + 2) & 0xffff;
      if (length > bytes.limit() - at - 4) {
        return false;
      }
      if (!readAttribute(type, at, length)) {
        return false;
      }
      at += 4 + (length + 3) / 4 * 4;
    }
    return true;
  }

  /** What follows the integrity is not covered by it, and so of no weight (14.5). */
  private boolean readAttribute(int type, int at, int length) {
    if (type == FINGERPRINT) {
      return length == 4 && bytes.getInt(at + 4) == fingerprint(datagram, at);
    }
    if (integrityAt == ABSENT) {
      switch (type) {
        case USERNAME -> username = new String(datagram, at + 4, length, StandardCharsets.UTF_8);
        case USE_CANDIDATE -> isNominating = true;
        case MESSAGE_INTEGRITY -> integrityAt = length == INTEGRITY_BYTES ? at : ABSENT;
        default -> {}
      }
    }
    return true;
  }

  int type() {
    return bytes.getShort(0);
  }

  /** The part of the name before the colon: whom it is for. */
  Optional<String> receiver() {
    return Optional.ofNullable(username)
        .filter(name -> name.indexOf(':') > 0)
        .map(name -> name.substring(0, name.indexOf(':')));
  }

  boolean isNominating() {
    return isNominating;
  }

  /** Whether its sender knows the password. */
  boolean isFrom(String password) {
    if (integrityAt == ABSENT) {
      return false;
    }
    byte[] told = Arrays.copyOfRange(datagram, integrityAt + 4, integrityAt + 4 + INTEGRITY_BYTES);
    return MessageDigest.isEqual(told, integrity(datagram, integrityAt, password));
  }

  /** The answer to a request that came from {@code seen}. */
  byte[] success(InetSocketAddress seen, String password) {
    byte[] address = seen.getAddress().getAddress();
    int mappedBytes = 4 + address.length;
    int integrity = HEADER_BYTES + 4 + mappedBytes;
    ByteBuffer out = ByteBuffer.allocate(integrity + 4 + INTEGRITY_BYTES + 8);
    out.putShort((short) BINDING_SUCCESS).putShort((short) (out.limit() - HEADER_BYTES));
    out.put(datagram, 4, 16);
    out.putShort((short) XOR_MAPPED_ADDRESS).putShort((short) mappedBytes);
    out.put((byte) 0).put((byte) (address.length == 4 ? 1 : 2));
    out.putShort((short) (seen.getPort() ^ (COOKIE >>> 16)));
    for (int i = 0; i < address.length; i++) {
      out.put((byte) (address[i] ^ bytes.get(4 + i)));
    }
    return sealed(out.array(), integrity, password);
  }

  /** A connectivity check, as the other side would send it. */
  static byte[] request(byte[] transaction, String username, String password) {
    byte[] name = username.getBytes(StandardCharsets.UTF_8);
    int padded = (name.length + 3) / 4 * 4;
    int integrity = HEADER_BYTES + 4 + padded + 4;
    ByteBuffer out = ByteBuffer.allocate(integrity + 4 + INTEGRITY_BYTES + 8);
    out.putShort((short) BINDING_REQUEST).putShort((short) (out.limit() - HEADER_BYTES));
    out.putInt(COOKIE).put(transaction, 0, 12);
    out.putShort((short) USERNAME).putShort((short) name.length).put(name);
    out.position(HEADER_BYTES + 4 + padded);
    out.putShort((short) USE_CANDIDATE).putShort((short) 0);
    return sealed(out.array(), integrity, password);
  }

  private static byte[] sealed(byte[] message, int integrityAt, String password) {
    ByteBuffer out = ByteBuffer.wrap(message).position(integrityAt);
    out.putShort((short) MESSAGE_INTEGRITY).putShort((short) INTEGRITY_BYTES);
    out.put(integrity(message, integrityAt, password));
    int fingerprintAt = out.position();
    out.putShort((short) FINGERPRINT).putShort((short) 4);
    out.putInt(fingerprint(message, fingerprintAt));
    return message;
  }

  /** 14.5: over all before it, as if the message ended with it. */
  private static byte[] integrity(byte[] message, int at, String password) {
    byte[] covered = Arrays.copyOf(message, at);
    ByteBuffer.wrap(covered).putShort(2, (short) (at + 4 + INTEGRITY_BYTES - HEADER_BYTES));
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return mac.doFinal(covered);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JDK has HMAC-SHA1", missing);
    }
  }

  /** 14.7. */
  private static int fingerprint(byte[] message, int at) {
    byte[] covered = Arrays.copyOf(message, at);
    ByteBuffer.wrap(covered).putShort(2, (short) (at + 8 - HEADER_BYTES));
    CRC32 crc = new CRC32();
    crc.update(covered);
    return (int) crc.getValue() ^ FINGERPRINT_XOR;
  }

  /** The address that an answer tells its receiver. */
  Optional<InetSocketAddress> mapped() {
    int length = bytes.limit() < HEADER_BYTES + 12 ? 0 : bytes.getShort(HEADER_BYTES + 2) - 4;
    boolean isFirst = length > 0 && bytes.getShort(HEADER_BYTES) == XOR_MAPPED_ADDRESS;
    if (!isFirst || (length != 4 && length != 16) || bytes.limit() < HEADER_BYTES + 8 + length) {
      return Optional.empty();
    }
    byte[] address = new byte[length];
    for (int i = 0; i < length; i++) {
      address[i] = (byte) (bytes.get(HEADER_BYTES + 8 + i) ^ bytes.get(4 + i));
    }
    int port = (bytes.getShort(HEADER_BYTES + 6) ^ (COOKIE >>> 16)) & 0xffff;
    try {
      return Optional.of(new InetSocketAddress(InetAddress.getByAddress(address), port));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("4 and 16 bytes are addresses", impossible);
    }
  }
}

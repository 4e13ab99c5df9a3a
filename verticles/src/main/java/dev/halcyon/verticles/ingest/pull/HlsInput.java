package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.codecs.mux.ByteFeed;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.pull.HlsPlaylist.Part;
import dev.halcyon.verticles.ingest.pull.HlsPlaylist.Segment;
import dev.halcyon.verticles.ingest.pull.HlsPlaylist.SegmentKey;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * An HLS stream from its live edge on, or a finished one from its beginning: segment after segment,
 * a run up to each discontinuity or change of initialization. One thread.
 */
final class HlsInput implements PullInput {
  private static final int KEY_BYTES = 16;
  private static final int IV_BYTES = 16;

  private final SmallFetch fetch;
  private final HlsSegments segments;
  private final BiConsumer<String, String> alerts;
  private Optional<URI> keyOf = Optional.empty();
  private byte[] key = {};
  private Optional<Segment> next = Optional.empty();
  private boolean isFirst = true;

  /**
   * @param alerts told a code and a sentence
   */
  HlsInput(SmallFetch fetch, HlsSegments segments, BiConsumer<String, String> alerts) {
    this.fetch = fetch;
    this.segments = segments;
    this.alerts = alerts;
  }

  @Override
  public Optional<PullRun> next() {
    if (next.isEmpty()) {
      next = segments.next();
    }
    if (next.isEmpty()) {
      return Optional.empty();
    }
    Segment first = next.get();
    boolean isBreak = !isFirst && first.isDiscontinuity();
    isFirst = false;
    OptionalLong madeAtUs = segments.isLive() ? first.madeAtUs() : OptionalLong.empty();
    return Optional.of(
        new PullRun(new RunFeed(first), isBreak, madeAtUs, first.durationUs(), !segments.isLive()));
  }

  /** The bytes of one run. */
  private final class RunFeed implements ByteFeed {
    private final Optional<Part> head;
    private boolean isBegun;
    private ByteBuffer current = ByteBuffer.allocate(0);

    RunFeed(Segment first) {
      this.head = first.head();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      while (!current.hasRemaining()) {
        if (!advance()) {
          return -1;
        }
      }
      int count = Math.min(length, current.remaining());
      current.get(into, offset, count);
      return count;
    }

    /** Holds the next bytes; false at the end of the run. */
    private boolean advance() {
      if (!isBegun) {
        isBegun = true;
        if (head.isPresent()) {
          current = ByteBuffer.wrap(fetch.bytes(head.get()));
        }
        return true;
      }
      if (next.isEmpty()) {
        next = segments.next();
        boolean isOfRun =
            next.isPresent() && !next.get().isDiscontinuity() && next.get().head().equals(head);
        if (!isOfRun) {
          return false;
        }
      }
      Segment segment = next.get();
      next = Optional.empty();
      if (!segment.isGap()) {
        current = ByteBuffer.wrap(bytesOf(segment));
      }
      return true;
    }
  }

  /** Empty when it is gone: the stream goes on behind it. */
  private byte[] bytesOf(Segment segment) {
    try {
      byte[] bytes = fetch.bytes(segment.part());
      return segment.key().isPresent() ? decrypted(bytes, segment, segment.key().get()) : bytes;
    } catch (HalcyonException failure) {
      if (failure.code() != ErrorCode.NOT_FOUND) {
        throw failure;
      }
      alerts.accept("PACKETS_LOST", "a segment is gone: " + failure.getMessage());
      return new byte[0];
    }
  }

  private byte[] decrypted(byte[] bytes, Segment segment, SegmentKey with) {
    if (!keyOf.equals(Optional.of(with.uri()))) {
      key = fetch.bytes(new Part(with.uri(), 0, Part.ALL));
      keyOf = Optional.of(with.uri());
    }
    if (key.length != KEY_BYTES) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "a key of other than 16 bytes");
    }
    byte[] iv =
        with.iv()
            .orElseGet(() -> ByteBuffer.allocate(IV_BYTES).putLong(8, segment.sequence()).array());
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(bytes);
    } catch (GeneralSecurityException failure) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA,
          "a segment cannot be decrypted: " + failure.getMessage(),
          failure);
    }
  }

  /** Holds nothing that stays open. */
  @Override
  public void close() {
    next = Optional.empty();
  }
}

package dev.halcyon.codecs.matroska;

import dev.halcyon.codecs.mp4.PayloadSource;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A Matroska or WebM file (RFC 9559) whose index comes before its media. All sizes are known before
 * the first byte is written, so payloads pass through once and never lie in memory together.
 *
 * <pre>
 *   1A45DFA3 EBML       document type
 *   18538067 Segment
 *   ├ 114D9B74 SeekHead   places of the next three
 *   ├ 1549A966 Info       unit of time: 1 ms; duration
 *   ├ 1654AE6B Tracks     one {@link TrackEntry} each
 *   ├ 1C53BB6B Cues       places of the clusters that begin with a keyframe
 *   └ 1F43B675 Cluster …  see {@link Cluster}
 * </pre>
 *
 * Immutable; any number of threads may write it out.
 */
public final class MatroskaFile {
  /** What times are rounded to. */
  public static final long UNIT_US = 1_000;

  private static final int BUFFER_BYTES = 1 << 20;

  /** One byte holds the number of a block's track. */
  private static final int MAX_TRACKS = 126;

  private static final Set<Codec> WEBM_CODECS =
      EnumSet.of(Codec.VP8, Codec.VP9, Codec.AV1, Codec.OPUS);

  private final List<MatroskaTrack> tracks;
  private final List<Cluster> clusters;
  private final ByteBuffer head;
  private final long sizeBytes;

  /** What a file calls itself, and thereby who plays it. */
  public enum DocumentType {
    MATROSKA("matroska"),
    /** Browsers play it; of our codecs it carries VP8, VP9, AV1 and Opus. */
    WEBM("webm");

    private final String text;

    DocumentType(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  private MatroskaFile(DocumentType type, List<MatroskaTrack> tracks, long durationUs) {
    this.tracks = List.copyOf(tracks);
    this.clusters = Cluster.layOut(this.tracks);
    long mediaBytes = clusters.stream().mapToLong(Cluster::sizeBytes).sum();
    this.head = new MatroskaHead(type, this.tracks, clusters, durationUs).toBuffer();
    this.sizeBytes = head.remaining() + mediaBytes;
  }

  /**
   * @param tracks at least one, video first
   * @param durationUs of what is presented
   * @throws HalcyonException UNSUPPORTED_MEDIA when the type does not carry a codec; CORRUPT_MEDIA
   *     when a configuration is missing
   */
  public static MatroskaFile of(DocumentType type, List<MatroskaTrack> tracks, long durationUs) {
    if (tracks.isEmpty() || tracks.size() > MAX_TRACKS || durationUs < 0) {
      throw new IllegalArgumentException(
          "a file out of range [tracks=" + tracks.size() + ", durationUs=" + durationUs + "]");
    }
    for (MatroskaTrack track : tracks) {
      Codec codec = track.format().codec();
      if (type == DocumentType.WEBM && !WEBM_CODECS.contains(codec)) {
        throw new HalcyonException(
            ErrorCode.UNSUPPORTED_MEDIA, "WebM does not carry " + codec + "; MP4 or Matroska does");
      }
    }
    return new MatroskaFile(type, tracks, durationUs);
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * Writes the whole file.
   *
   * @return its SHA-256 in lower-case hex
   * @throws IOException from the channel or the source; the channel then holds a part
   */
  public String write(WritableByteChannel out, PayloadSource source) throws IOException {
    MessageDigest digest = sha256();
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer buffer = arena.allocate(Math.max(BUFFER_BYTES, largestBytes())).asByteBuffer();
      drain(head.duplicate(), out, digest);
      for (Cluster cluster : clusters) {
        put(cluster.head(), buffer, out, digest);
        for (Cluster.Entry entry : cluster.entries()) {
          put(cluster.head(entry), buffer, out, digest);
          makeRoom(entry.block().sizeBytes(), buffer, out, digest);
          readBlock(source, entry, buffer);
        }
      }
      drain(buffer.flip(), out, digest);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private int largestBytes() {
    return tracks.stream()
        .flatMap(track -> track.blocks().stream())
        .mapToInt(MatroskaBlock::sizeBytes)
        .max()
        .orElse(0);
  }

  private static void put(
      ByteBuffer bytes, ByteBuffer buffer, WritableByteChannel out, MessageDigest digest)
      throws IOException {
    makeRoom(bytes.remaining(), buffer, out, digest);
    buffer.put(bytes);
  }

  private static void makeRoom(
      int count, ByteBuffer buffer, WritableByteChannel out, MessageDigest digest)
      throws IOException {
    if (buffer.remaining() < count) {
      drain(buffer.flip(), out, digest);
      buffer.clear();
    }
  }

  private static void readBlock(PayloadSource source, Cluster.Entry entry, ByteBuffer buffer)
      throws IOException {
    int limit = buffer.limit();
    int end = buffer.position() + entry.block().sizeBytes();
    source.read(entry.track(), entry.index(), buffer.limit(end));
    if (buffer.position() != end) {
      throw new HalcyonException(
          ErrorCode.INTERNAL,
          "a payload is not as long as planned [track="
              + entry.track()
              + ", block="
              + entry.index()
              + "]");
    }
    buffer.limit(limit);
  }

  private static void drain(ByteBuffer buffer, WritableByteChannel out, MessageDigest digest)
      throws IOException {
    digest.update(buffer.duplicate());
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

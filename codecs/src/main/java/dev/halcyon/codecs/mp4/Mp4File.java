package dev.halcyon.codecs.mp4;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A progressive MP4 whose head comes first. All sizes are known before the first byte is written,
 * so payloads pass through once and never lie in memory together.
 *
 * <pre>
 *   ftyp
 *   moov
 *   ├ mvhd                      timescale 1,000,000
 *   ├ trak                      one a track
 *   │ ├ tkhd
 *   │ ├ edts ─ elst             start and length of what is presented; empty edit before late media
 *   │ └ mdia
 *   │   ├ mdhd                  timescale 1,000,000 (video) or the sample rate (sound)
 *   │   ├ hdlr
 *   │   └ minf
 *   │     ├ vmhd | smhd
 *   │     ├ dinf ─ dref ─ url   this file
 *   │     └ stbl
 *   │       ├ stsd              one entry a format: avc1 hvc1 av01 vp09 mp4a Opus fLaC ac-3
 *   │       ├ stts  ctts        decoding distances; composition offsets where pictures reorder
 *   │       ├ stss              keyframes, unless all are
 *   │       ├ stsc  stsz        samples of a chunk and the entry they use; sizes
 *   │       ├ stco | co64
 *   │       └ sgpd  sbgp        'roll' of AAC and Opus
 *   └ mvex ─ mehd  trex         only where fragments follow
 *   mdat                        chunks of half a second, tracks interleaved
 * </pre>
 *
 * ISO/IEC 14496-12, -14 and -15. Immutable; any number of threads may write it out.
 */
public final class Mp4File {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final long NARROW_LIMIT_BYTES = 0xffff_ffffL;

  private final List<Mp4Track> tracks;
  private final List<Chunk> chunks;
  private final ByteBuffer head;
  private final long mediaBytes;

  /** What follows the file's own samples. */
  private enum Sequel {
    NONE,
    FRAGMENTS
  }

  private Mp4File(List<Mp4Track> tracks, List<Chunk> chunks, ByteBuffer head, long mediaBytes) {
    this.tracks = tracks;
    this.chunks = chunks;
    this.head = head;
    this.mediaBytes = mediaBytes;
  }

  /**
   * @param tracks at least one; video first, by convention
   * @throws HalcyonException UNSUPPORTED_MEDIA or CORRUPT_MEDIA when a track cannot be carried
   */
  public static Mp4File of(List<Mp4Track> tracks) {
    for (Mp4Track track : tracks) {
      if (track.samples().count() == 0) {
        throw new IllegalArgumentException("a track without samples [" + track.formats() + "]");
      }
    }
    return of(tracks, Sequel.NONE);
  }

  /**
   * The beginning of a file that goes on with {@link MovieFragment}s: its head, with the samples
   * that are there already, if any. Players that honour an edit list's start only among the samples
   * of the head, as FFmpeg did for long, begin exactly when the head has what lies before it.
   *
   * @param tracks as for a whole file, but each may be without samples, and the lengths of edits
   *     may be expectations; without edits all of the file is presented and its length not stated
   * @throws HalcyonException UNSUPPORTED_MEDIA or CORRUPT_MEDIA when a track cannot be carried
   */
  public static Mp4File beginning(List<Mp4Track> tracks) {
    return of(tracks, Sequel.FRAGMENTS);
  }

  private static Mp4File of(List<Mp4Track> tracks, Sequel sequel) {
    if (tracks.isEmpty()) {
      throw new IllegalArgumentException("a file needs a track");
    }
    List<Chunk> chunks = Chunk.interleave(tracks);
    long mediaBytes = tracks.stream().mapToLong(track -> track.samples().totalBytes()).sum();
    // The head's length does not depend on the offsets in it, only on their width.
    int headBytes = head(tracks, chunks, mediaBytes, 0, ChunkOffsets.NARROW, sequel).remaining();
    ChunkOffsets offsets =
        headBytes + mediaBytes > NARROW_LIMIT_BYTES ? ChunkOffsets.WIDE : ChunkOffsets.NARROW;
    if (offsets == ChunkOffsets.WIDE) {
      headBytes = head(tracks, chunks, mediaBytes, 0, offsets, sequel).remaining();
    }
    ByteBuffer head = head(tracks, chunks, mediaBytes, headBytes, offsets, sequel);
    return new Mp4File(List.copyOf(tracks), chunks, head, mediaBytes);
  }

  /** Everything before the first payload. */
  public ByteBuffer head() {
    return head.duplicate();
  }

  /** The payloads behind the head, in their order. */
  public List<SampleRange> layout() {
    return chunks.stream()
        .map(chunk -> new SampleRange(chunk.track(), chunk.firstSample(), chunk.sampleCount()))
        .toList();
  }

  public long sizeBytes() {
    return head.remaining() + mediaBytes;
  }

  /**
   * Writes the whole file.
   *
   * @return its SHA-256 in lower-case hex
   * @throws IOException from the channel or the source; the channel then holds a part
   */
  public String write(WritableByteChannel out, PayloadSource source) throws IOException {
    MessageDigest digest = sha256();
    int largestBytes =
        tracks.stream().mapToInt(track -> track.samples().largestBytes()).max().orElse(0);
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer buffer = arena.allocate(Math.max(BUFFER_BYTES, largestBytes)).asByteBuffer();
      drain(head(), out, digest);
      for (Chunk chunk : chunks) {
        SampleTable samples = tracks.get(chunk.track()).samples();
        for (int i = 0; i < chunk.sampleCount(); i++) {
          int sample = chunk.firstSample() + i;
          if (buffer.remaining() < samples.sizeBytes(sample)) {
            drain(buffer.flip(), out, digest);
            buffer.clear();
          }
          readSample(source, chunk.track(), sample, samples.sizeBytes(sample), buffer);
        }
      }
      drain(buffer.flip(), out, digest);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void readSample(
      PayloadSource source, int track, int sample, int sizeBytes, ByteBuffer buffer)
      throws IOException {
    int end = buffer.position() + sizeBytes;
    int limit = buffer.limit();
    buffer.limit(end);
    source.read(track, sample, buffer);
    if (buffer.position() != end) {
      throw new HalcyonException(
          ErrorCode.INTERNAL,
          "a payload is not as long as planned [track=" + track + ", sample=" + sample + "]");
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

  private static ByteBuffer head(
      List<Mp4Track> tracks,
      List<Chunk> chunks,
      long mediaBytes,
      long baseBytes,
      ChunkOffsets offsets,
      Sequel sequel) {
    BoxWriter out = new BoxWriter();
    // iso5 is the first brand that knows the default-base-is-moof of fragments.
    String brand = sequel == Sequel.NONE ? "iso4" : "iso5";
    out.begin("ftyp").ascii("isom").u32(0x200).ascii("isom").ascii(brand).ascii("mp41");
    out.ascii(has(Codec.H264, tracks) ? "avc1" : "mp42");
    if (has(Codec.AV1, tracks)) {
      out.ascii("av01");
    }
    out.end();
    MovieBox.write(out, tracks, chunks, baseBytes, offsets, sequel == Sequel.FRAGMENTS);
    if (mediaBytes == 0 && sequel == Sequel.FRAGMENTS) {
      return out.toBuffer();
    }
    if (mediaBytes + 8 > NARROW_LIMIT_BYTES) {
      out.u32(1).ascii("mdat").u64(mediaBytes + 16);
    } else {
      out.u32(mediaBytes + 8).ascii("mdat");
    }
    return out.toBuffer();
  }

  private static boolean has(Codec codec, List<Mp4Track> tracks) {
    return tracks.stream().anyMatch(track -> track.formats().getFirst().codec() == codec);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

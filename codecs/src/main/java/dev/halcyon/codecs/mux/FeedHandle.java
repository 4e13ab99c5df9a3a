package dev.halcyon.codecs.mux;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FORCE;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EIO;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import dev.halcyon.codecs.av.Av;
import dev.halcyon.codecs.av.NativeHandle;
import dev.halcyon.codecs.av.NativeMemory;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avformat.Write_packet_Pointer_BytePointer_int;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Owns an {@code AVIOContext} that reads a {@link ByteFeed}. What the feed throws is kept, because
 * nothing may be thrown through native frames. One platform thread; closed after the context that
 * reads it.
 */
final class FeedHandle extends NativeHandle<AVIOContext> {
  private static final int BUFFER_BYTES = 32 << 10;
  private static final int SEEK_SET = 0;
  private static final int SEEK_CUR = 1;

  /** One for all: JavaCPP gives a class ten callbacks at most. FFmpeg holds their addresses. */
  private static final Reading READING = new Reading();

  private static final Seeking SEEKING = new Seeking();
  private static final Map<Long, FeedHandle> OPEN = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT_ID = new AtomicLong();

  private final ByteFeed feed;
  private final LongPointer id;
  private final byte[] chunk = new byte[BUFFER_BYTES];
  private long position;
  private Throwable failure;

  private FeedHandle(ByteFeed feed, LongPointer id, AVIOContext owned) {
    super(NativeMemory.Tag.FORMAT, owned);
    this.feed = feed;
    this.id = id;
    OPEN.put(id.get(), this);
  }

  static FeedHandle open(ByteFeed feed) {
    LongPointer id = new LongPointer(1).put(NEXT_ID.incrementAndGet());
    BytePointer buffer = new BytePointer(Av.checkNotNull(av_malloc(BUFFER_BYTES), "av_malloc"));
    boolean isSeekable = feed.lengthBytes() != ByteFeed.UNKNOWN;
    AVIOContext context =
        avio_alloc_context(
            buffer,
            BUFFER_BYTES,
            0,
            id,
            READING,
            (Write_packet_Pointer_BytePointer_int) null,
            isSeekable ? SEEKING : null);
    return new FeedHandle(feed, id, Av.checkNotNull(context, "avio_alloc_context"));
  }

  /** What the feed threw; the end of the stream is then not that of the media. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  private int read(BytePointer into, int length) {
    if (failure != null) {
      return AVERROR_EIO();
    }
    try {
      int count = feed.read(chunk, 0, Math.min(length, chunk.length));
      if (count <= 0) {
        return AVERROR_EOF();
      }
      into.put(chunk, 0, count);
      position += count;
      return count;
    } catch (IOException | RuntimeException | Error thrown) {
      failure = thrown;
      return AVERROR_EIO();
    }
  }

  private long seek(long offset, int how) {
    int whence = how & ~AVSEEK_FORCE;
    long length = feed.lengthBytes();
    if (whence == AVSEEK_SIZE) {
      return length;
    }
    long base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position : length;
    long target = base + offset;
    if (target < 0 || target > length || failure != null) {
      return AVERROR_EIO();
    }
    try {
      feed.seek(target);
      position = target;
      return target;
    } catch (IOException | RuntimeException | Error thrown) {
      failure = thrown;
      return AVERROR_EIO();
    }
  }

  @Override
  protected void free(AVIOContext owned) {
    OPEN.remove(id.get());
    av_free(owned.buffer());
    avio_context_free(owned);
    id.close();
  }

  private static FeedHandle of(Pointer opaque) {
    return OPEN.get(new LongPointer(opaque).get());
  }

  private static final class Reading extends Read_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer opaque, BytePointer into, int length) {
      return of(opaque).read(into, length);
    }
  }

  private static final class Seeking extends Seek_Pointer_long_int {
    @Override
    public long call(Pointer opaque, long offset, int how) {
      return of(opaque).seek(offset, how);
    }
  }
}

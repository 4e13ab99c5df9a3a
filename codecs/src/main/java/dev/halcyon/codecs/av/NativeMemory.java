package dev.halcyon.codecs.av;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What our handles hold outside the Java heap, by tag: a metric, and the proof in tests that
 * nothing leaked. Counts what Halcyon owns; what FFmpeg keeps inside a codec counts as the one
 * codec. Any thread.
 */
public final class NativeMemory {
  /** What a native object is for. */
  public enum Tag {
    PACKET,
    FRAME,
    CODEC,
    FORMAT,
    SCALER,
    RESAMPLER,
    FILTER,
    VISION,
    MODEL;

    /** The tag as a metric's label. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is held under one tag.
   *
   * @param bytes the payload buffers that we asked for; a codec's or scaler's inside is not known
   */
  public record Usage(long objects, long bytes) {}

  /** Never changed once made; its counters are. */
  private static final Map<Tag, Counter> COUNTERS = new EnumMap<>(Tag.class);

  static {
    for (Tag tag : Tag.values()) {
      COUNTERS.put(tag, new Counter(new AtomicLong(), new AtomicLong()));
    }
  }

  private record Counter(AtomicLong objects, AtomicLong bytes) {}

  private NativeMemory() {}

  /** All tags, also those under which nothing is held. */
  public static Map<Tag, Usage> snapshot() {
    Map<Tag, Usage> usages = new EnumMap<>(Tag.class);
    COUNTERS.forEach(
        (tag, counter) ->
            usages.put(tag, new Usage(counter.objects().get(), counter.bytes().get())));
    return Collections.unmodifiableMap(usages);
  }

  /** What something that is no FFmpeg object holds, until it is closed. Idempotent; any thread. */
  public static final class Held implements AutoCloseable {
    private final Tag tag;
    private final long bytes;
    private final AtomicBoolean isFreed = new AtomicBoolean();

    private Held(Tag tag, long bytes) {
      this.tag = tag;
      this.bytes = bytes;
    }

    @Override
    public void close() {
      if (isFreed.compareAndSet(false, true)) {
        addBytes(tag, -bytes);
        addObjects(tag, -1);
      }
    }
  }

  /** Counts one object of so many bytes. */
  public static Held hold(Tag tag, long bytes) {
    addObjects(tag, 1);
    addBytes(tag, bytes);
    return new Held(tag, bytes);
  }

  static void addObjects(Tag tag, long delta) {
    COUNTERS.get(tag).objects().addAndGet(delta);
  }

  static void addBytes(Tag tag, long delta) {
    COUNTERS.get(tag).bytes().addAndGet(delta);
  }
}

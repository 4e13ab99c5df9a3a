package dev.halcyon.codecs.av;

import org.bytedeco.javacpp.Pointer;

/**
 * The one owner of one FFmpeg object. Used by one thread at a time; {@link #close} frees exactly
 * once and later uses fail instead of touching freed memory.
 */
public abstract class NativeHandle<P extends Pointer> implements AutoCloseable {
  static {
    AvLog.install();
  }

  private final NativeMemory.Tag tag;
  private P pointer;
  private long heldBytes;

  /** Takes ownership of {@code pointer}. */
  protected NativeHandle(NativeMemory.Tag tag, P pointer) {
    this.tag = tag;
    this.pointer = pointer;
    NativeMemory.addObjects(tag, 1);
  }

  /**
   * The object, borrowed: valid until {@link #close}, never to be freed by the caller.
   *
   * @throws IllegalStateException when closed
   */
  public final P pointer() {
    if (pointer == null) {
      throw new IllegalStateException("closed [tag=" + tag + "]");
    }
    return pointer;
  }

  public final boolean isClosed() {
    return pointer == null;
  }

  /** Frees the object. Idempotent. */
  @Override
  public final void close() {
    if (pointer == null) {
      return;
    }
    P owned = pointer;
    pointer = null;
    free(owned);
    owned.setNull();
    holdBytes(0);
    NativeMemory.addObjects(tag, -1);
  }

  /** Called once, by {@link #close}. */
  protected abstract void free(P owned);

  /** States how many bytes of buffers the object holds now. */
  protected final void holdBytes(long bytes) {
    NativeMemory.addBytes(tag, bytes - heldBytes);
    heldBytes = bytes;
  }
}

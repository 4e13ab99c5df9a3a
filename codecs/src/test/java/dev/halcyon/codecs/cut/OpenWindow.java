package dev.halcyon.codecs.cut;

/** A window that a test moves and closes. */
final class OpenWindow implements GrowingWindow {
  long toUs;
  boolean hasClosed;

  OpenWindow(long toUs) {
    this.toUs = toUs;
  }

  @Override
  public long toUs() {
    return toUs;
  }

  @Override
  public boolean hasClosed() {
    return hasClosed;
  }
}

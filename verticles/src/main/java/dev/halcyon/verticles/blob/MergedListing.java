package dev.halcyon.verticles.blob;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The files of two places as those of one store: each name once, in order. What this machine has
 * counts; a file is as young as its younger copy. Files without a key keep to no order and come
 * whenever they are met. One thread.
 */
public final class MergedListing implements Iterator<StoredBlob> {
  private final Iterator<StoredBlob> near;
  private final Iterator<StoredBlob> far;
  private StoredBlob nextNear;
  private StoredBlob nextFar;

  /**
   * @param near by name
   * @param far by name
   */
  public MergedListing(Iterator<StoredBlob> near, Iterator<StoredBlob> far) {
    this.near = near;
    this.far = far;
    advanceNear();
    advanceFar();
  }

  private void advanceNear() {
    nextNear = near.hasNext() ? near.next() : null;
  }

  private void advanceFar() {
    nextFar = far.hasNext() ? far.next() : null;
  }

  @Override
  public boolean hasNext() {
    return nextNear != null || nextFar != null;
  }

  @Override
  public StoredBlob next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int order = order();
    StoredBlob here = nextNear;
    StoredBlob there = nextFar;
    if (order <= 0) {
      advanceNear();
    }
    if (order >= 0) {
      advanceFar();
    }
    if (order != 0) {
      return order < 0 ? here : there;
    }
    return there.modified().isAfter(here.modified())
        ? new StoredBlob(here.name(), here.sizeBytes(), there.modified())
        : here;
  }

  private int order() {
    if (nextFar == null) {
      return -1;
    }
    if (nextNear == null) {
      return 1;
    }
    if (nextNear.key().isEmpty()) {
      return -1;
    }
    return nextFar.key().isEmpty() ? 1 : nextNear.name().compareTo(nextFar.name());
  }
}

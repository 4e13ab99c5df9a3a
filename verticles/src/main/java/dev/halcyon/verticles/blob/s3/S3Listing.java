package dev.halcyon.verticles.blob.s3;

import dev.halcyon.verticles.blob.StoredBlob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The objects of a bucket, a thousand at a time. One thread; blocking. */
final class S3Listing implements Iterator<StoredBlob> {
  private final S3Bucket bucket;
  private final String beginning;
  private Iterator<S3Object> page = List.<S3Object>of().iterator();
  private String continuation;
  private boolean isAtEnd;
  private String before = "";

  S3Listing(S3Bucket bucket, String beginning) {
    this.bucket = bucket;
    this.beginning = beginning;
  }

  @Override
  public boolean hasNext() {
    while (!page.hasNext() && !isAtEnd) {
      read();
    }
    return page.hasNext();
  }

  private void read() {
    try {
      ListObjectsV2Response answer =
          S3Faults.ask(
              bucket.bucket(),
              () ->
                  bucket
                      .client()
                      .listObjectsV2(
                          list ->
                              list.bucket(bucket.bucket())
                                  .prefix(bucket.object(beginning))
                                  .continuationToken(continuation)));
      page = answer.contents().stream().filter(this::isAskedFor).iterator();
      continuation = answer.nextContinuationToken();
      isAtEnd = !Boolean.TRUE.equals(answer.isTruncated()) || continuation == null;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What begins with a dot is the store's own: quarantine. */
  private boolean isAskedFor(S3Object object) {
    return !beginning.isEmpty() || !bucket.name(object.key()).startsWith(".");
  }

  @Override
  public StoredBlob next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    S3Object object = page.next();
    String name = bucket.name(object.key());
    if (name.compareTo(before) < 0) {
      throw new UncheckedIOException(
          new IOException("the bucket does not list its objects in order: " + name));
    }
    before = name;
    return new StoredBlob(name, object.size(), object.lastModified());
  }
}

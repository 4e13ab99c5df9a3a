package dev.halcyon.verticles.blob;

import static dev.halcyon.verticles.store.Database.await;

import dev.halcyon.verticles.store.BlobRows;
import dev.halcyon.verticles.store.BlobRows.Reference;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** All references of the database one after the other. One thread; blocking. */
final class ReferenceReader implements AutoCloseable {
  private static final int PART = 1_000;

  private final BlobRows.Listing listing;
  private Iterator<Reference> part = List.<Reference>of().iterator();
  private boolean isAtEnd;

  ReferenceReader(BlobRows rows) throws IOException {
    listing = await(rows.open());
  }

  Optional<Reference> next() throws IOException {
    if (!part.hasNext() && !isAtEnd) {
      List<Reference> read = await(listing.next(PART));
      isAtEnd = read.size() < PART;
      part = read.iterator();
    }
    return part.hasNext() ? Optional.of(part.next()) : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    await(listing.close());
  }
}

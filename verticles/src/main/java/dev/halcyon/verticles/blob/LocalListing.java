package dev.halcyon.verticles.blob;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/**
 * The files under a folder in the order of their names from there. Keys are of fixed length, so
 * that folder by folder is that order. What goes away meanwhile is left out. One thread; blocking.
 */
final class LocalListing implements Iterator<StoredBlob> {
  private final Path root;
  private final Deque<Iterator<Path>> open = new ArrayDeque<>();
  private StoredBlob next;

  LocalListing(Path root) {
    this.root = root;
    open.push(entries(root));
    advance();
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public StoredBlob next() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    StoredBlob found = next;
    advance();
    return found;
  }

  private void advance() {
    next = null;
    while (next == null && !open.isEmpty()) {
      if (!open.peek().hasNext()) {
        open.pop();
        continue;
      }
      look(open.peek().next());
    }
  }

  private void look(Path path) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        open.push(entries(path));
      } else {
        next =
            new StoredBlob(
                root.relativize(path).toString(),
                attributes.size(),
                attributes.lastModifiedTime().toInstant());
      }
    } catch (NoSuchFileException gone) {
      // Deleted since its folder was listed.
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What begins with a dot is the store's own: staging, quarantine. */
  private static Iterator<Path> entries(Path folder) {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .sorted(Comparator.comparing(path -> path.getFileName().toString()))
          .toList()
          .iterator();
    } catch (NoSuchFileException gone) {
      return List.<Path>of().iterator();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

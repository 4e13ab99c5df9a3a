package dev.halcyon.verticles.blob.s3;

import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;

/** One of several listings in the same order that are read side by side. One thread. */
final class Side<T> {
  private final Iterator<T> all;
  private Optional<T> next = Optional.empty();

  Side(Iterator<T> all) {
    this.all = all;
    advance();
  }

  private void advance() {
    next = all.hasNext() ? Optional.of(all.next()) : Optional.empty();
  }

  /** Of what comes next. */
  Optional<String> name(Function<T, String> naming) {
    return next.map(naming);
  }

  /** What comes next, if that is its name. */
  Optional<T> take(String name, Function<T, String> naming) {
    Optional<T> found = next.filter(item -> naming.apply(item).equals(name));
    if (found.isPresent()) {
      advance();
    }
    return found;
  }
}

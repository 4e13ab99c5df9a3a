package dev.halcyon.verticles.clip.after;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Work that is going on, so that whoever asks for the same meanwhile shares it. There is no more of
 * it than what its desk lets wait. Any thread.
 */
final class InHand<K, V> {
  private final Map<K, CompletableFuture<V>> going = new HashMap<>();

  synchronized CompletableFuture<V> join(K key, Supplier<CompletableFuture<V>> start) {
    going.values().removeIf(CompletableFuture::isDone);
    CompletableFuture<V> joined = going.get(key);
    if (joined == null) {
      joined = start.get();
      going.put(key, joined);
    }
    return joined;
  }
}

package dev.halcyon.verticles.fetch;

import java.util.OptionalLong;

/** Is told how far a fetch is, a few times a second; must not block. */
public interface FetchListener {
  /**
   * @param totalBytes empty when it is not known
   */
  void onBytes(long bytes, OptionalLong totalBytes);
}

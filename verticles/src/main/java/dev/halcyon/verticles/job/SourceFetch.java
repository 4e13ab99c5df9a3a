package dev.halcyon.verticles.job;

import java.nio.file.Path;
import java.util.function.DoubleConsumer;

/** Brings a video that lies at an address on the internet to this machine. Any thread. */
public interface SourceFetch {
  /**
   * Refuses what would never be fetched, by its text alone. Does not block.
   *
   * @throws dev.halcyon.core.error.HalcyonException with what is wrong with it
   */
  void requireAllowed(String url);

  /**
   * Fetches it. Blocks until the file is whole; ends soon after an interrupt and leaves nothing
   * behind then.
   *
   * @param target becomes the file; its folder is there
   * @param progress is told how much is done, 0..1, when that is known
   * @return the video's own title, or the last part of its address
   * @throws dev.halcyon.core.error.HalcyonException when it cannot be had
   */
  String fetch(String url, Path target, DoubleConsumer progress) throws InterruptedException;
}

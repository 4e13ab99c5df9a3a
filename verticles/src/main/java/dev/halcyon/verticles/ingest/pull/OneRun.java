package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.codecs.mux.ByteFeed;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.Optional;
import java.util.OptionalLong;

/** An address that gives one container from beginning to end. One thread. */
final class OneRun implements PullInput {
  private final ByteFeed feed;
  private final Runnable close;
  private boolean isGiven;

  private OneRun(ByteFeed feed, Runnable close) {
    this.feed = feed;
    this.close = close;
  }

  static OneRun of(LocalFileFeed feed) {
    return new OneRun(feed, feed::close);
  }

  static OneRun of(HttpFileFeed feed) {
    return new OneRun(feed, feed::close);
  }

  /** A stream without end that ends all the same has broken off. */
  @Override
  public Optional<PullRun> next() {
    boolean isFile = feed.lengthBytes() != ByteFeed.UNKNOWN;
    if (!isGiven) {
      isGiven = true;
      return Optional.of(new PullRun(feed, false, OptionalLong.empty(), 0, isFile));
    }
    if (!isFile) {
      throw new HalcyonException(ErrorCode.NETWORK_LOST, "the source broke off");
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    close.run();
  }
}

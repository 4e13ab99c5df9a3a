package dev.halcyon.verticles.ingest;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Lets one publisher in for each known key, again after it has left. */
public final class RecordingGate implements PublishGate, StreamKeys {
  private final Set<String> keys;
  private final List<PublishRequest> requests = new CopyOnWriteArrayList<>();
  private final List<String> askedKeys = new CopyOnWriteArrayList<>();
  private final List<RecordingPublication> publications = new CopyOnWriteArrayList<>();

  public RecordingGate(String... keys) {
    this.keys = Set.of(keys);
  }

  @Override
  public Future<Publication> open(PublishRequest request) {
    requests.add(request);
    if (!keys.contains(request.streamKey())) {
      return Future.failedFuture(
          new HalcyonException(ErrorCode.UNKNOWN_STREAM_KEY, "unknown stream key"));
    }
    for (int i = 0; i < publications.size(); i++) {
      if (askedKeys.get(i).equals(request.streamKey())
          && publications.get(i).closings().isEmpty()) {
        return Future.failedFuture(
            new HalcyonException(ErrorCode.PUBLISHER_EXISTS, "already publishing"));
      }
    }
    RecordingPublication publication = new RecordingPublication();
    askedKeys.add(request.streamKey());
    publications.add(publication);
    return Future.succeededFuture(publication);
  }

  /** Each stream's id is its key with {@code id-} before it. */
  @Override
  public Future<Optional<String>> keyOf(String streamId) {
    return Future.succeededFuture(
        keys.stream().filter(key -> streamId.equals("id-" + key)).findFirst());
  }

  public List<PublishRequest> requests() {
    return requests;
  }

  public List<RecordingPublication> publications() {
    return publications;
  }
}

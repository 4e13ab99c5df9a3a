package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.PublishGate;
import dev.halcyon.verticles.ingest.PublishRequest;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Lets one publisher in for each known key, again after it has left. */
final class RecordingGate implements PublishGate {
  private final Set<String> keys;
  private final List<PublishRequest> requests = new CopyOnWriteArrayList<>();
  private final List<String> askedKeys = new CopyOnWriteArrayList<>();
  private final List<RecordingPublication> publications = new CopyOnWriteArrayList<>();

  RecordingGate(String... keys) {
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

  List<PublishRequest> requests() {
    return requests;
  }

  List<RecordingPublication> publications() {
    return publications;
  }
}

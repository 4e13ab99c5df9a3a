package dev.halcyon.verticles.ingest.rtsp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.rtp.MediaReceiver;
import dev.halcyon.verticles.ingest.rtp.Sdp;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * One publisher's side of an RTSP 1.0 connection (RFC 2326) as a machine from requests to answers
 * and packets, without network or clock. One thread; one request at a time.
 */
final class RtspSession implements AutoCloseable {
  private static final String METHODS =
      "OPTIONS, ANNOUNCE, SETUP, RECORD, TEARDOWN, GET_PARAMETER, SET_PARAMETER";
  private static final int SESSION_BYTES = 16;

  private final RtspPeer peer;
  private final KeyCheck keys;
  private final RandomGenerator random;
  private final int timeoutS;

  private State state = State.INITIAL;
  private String sessionId = "";
  private RtspTracks tracks = new RtspTracks(List.of());
  private Publication publication;
  private MediaReceiver receiver;

  private enum State {
    INITIAL,
    ANNOUNCED,
    RECORDING,
    ENDED
  }

  /**
   * @param random for ids that nobody can guess
   * @param timeoutS how long a client may say nothing
   */
  RtspSession(String app, RtspPeer peer, RandomGenerator random, int timeoutS) {
    this.peer = peer;
    this.random = random;
    this.timeoutS = timeoutS;
    this.keys = new KeyCheck(app, peer, randomHex(random));
  }

  /** Answers a request; the next one must wait for that. Never fails. */
  Future<RtspResponse> handle(RtspRequest request) {
    Optional<String> sequence = request.sequence();
    if (sequence.isEmpty()) {
      return Future.succeededFuture(RtspResponse.of(400, "CSeq is missing").ending());
    }
    Future<RtspResponse> answer;
    try {
      answer = dispatch(request);
    } catch (HalcyonException refused) {
      answer = Future.failedFuture(refused);
    }
    return answer.otherwise(this::refusal).map(known -> known.with("CSeq", sequence.get()));
  }

  private Future<RtspResponse> dispatch(RtspRequest request) {
    if (request.header("require").isPresent()) {
      String option = request.header("require").get();
      return Future.succeededFuture(
          RtspResponse.of(551, "Option not supported").with("Unsupported", printable(option)));
    }
    return switch (request.method()) {
      case "OPTIONS" -> Future.succeededFuture(RtspResponse.ok().with("Public", METHODS));
      case "ANNOUNCE" -> announce(request);
      case "SETUP" -> setUp(request);
      case "RECORD" -> Future.succeededFuture(record(request));
      case "TEARDOWN" -> Future.succeededFuture(tearDown(request));
      case "GET_PARAMETER", "SET_PARAMETER" -> Future.succeededFuture(keepAlive(request));
      case "DESCRIBE", "PLAY", "PAUSE" ->
          Future.succeededFuture(
              RtspResponse.of(405, "This server takes publishers; watch the stream by HTTP")
                  .with("Allow", METHODS));
      default -> Future.succeededFuture(RtspResponse.of(501, "Unknown method"));
    };
  }

  private Future<RtspResponse> announce(RtspRequest request) {
    if (state != State.INITIAL) {
      return Future.succeededFuture(wrongState());
    }
    boolean isDescription =
        request
            .header("content-type")
            .map(type -> type.toLowerCase(Locale.ROOT).startsWith("application/sdp"))
            .orElse(true);
    if (!isDescription) {
      return Future.succeededFuture(RtspResponse.of(415, "ANNOUNCE needs application/sdp"));
    }
    List<OfferedTrack> offered = OfferedTrack.of(Sdp.parse(request.body().toArray()));
    if (offered.stream().noneMatch(track -> track.medium().isPresent())) {
      String why = offered.isEmpty() ? "no media announced" : offered.getFirst().refusal();
      return Future.succeededFuture(RtspResponse.of(415, why));
    }
    return keys.key(request)
        .compose(
            found ->
                switch (found) {
                  case KeyCheck.Challenge challenge -> Future.succeededFuture(challenge.answer());
                  case KeyCheck.Key key ->
                      peer.publish(key.streamKey()).map(opened -> accept(opened, offered));
                });
  }

  private RtspResponse accept(Publication opened, List<OfferedTrack> offered) {
    if (state == State.ENDED) {
      opened.close("connection lost");
      return wrongState();
    }
    publication = opened;
    tracks = new RtspTracks(offered);
    state = State.ANNOUNCED;
    offered.stream()
        .filter(track -> track.medium().isEmpty())
        .forEach(track -> opened.onAlert("TRACK_REFUSED", printable(track.refusal())));
    return RtspResponse.ok();
  }

  private Future<RtspResponse> setUp(RtspRequest request) {
    if (state != State.ANNOUNCED || tracks.isFull()) {
      return Future.succeededFuture(wrongState());
    }
    if (tracks.isBegun() && !isOfSession(request)) {
      return Future.succeededFuture(wrongSession());
    }
    OptionalInt found = tracks.find(RtspAddress.of(request.uri()));
    if (found.isEmpty()) {
      return Future.succeededFuture(RtspResponse.of(404, "No such track was announced"));
    }
    Optional<TransportHeader> transport =
        request.header("transport").flatMap(TransportHeader::parse);
    if (transport.isEmpty()) {
      return Future.succeededFuture(unsupportedTransport());
    }
    return switch (transport.get()) {
      case TransportHeader.Interleaved wish ->
          Future.succeededFuture(setUpInterleaved(found.getAsInt(), wish));
      case TransportHeader.Udp wish -> setUpUdp(found.getAsInt(), wish);
    };
  }

  private RtspResponse setUpInterleaved(int number, TransportHeader.Interleaved wish) {
    OptionalInt given = tracks.interleave(number, wish.channel());
    if (given.isEmpty()) {
      return RtspResponse.of(461, "Channels are taken");
    }
    int channel = given.getAsInt();
    return withSession(RtspResponse.ok())
        .with(
            "Transport",
            "RTP/AVP/TCP;unicast;interleaved=%d-%d;mode=record".formatted(channel, channel + 1));
  }

  private Future<RtspResponse> setUpUdp(int number, TransportHeader.Udp wish) {
    return peer.openUdp(tracks.nextIndex(), wish.clientPort())
        .map(ports -> onUdp(number, wish, ports))
        .otherwise(failure -> unsupportedTransport());
  }

  private RtspResponse onUdp(int number, TransportHeader.Udp wish, UdpPair ports) {
    if (state != State.ANNOUNCED) {
      ports.close();
      return wrongState();
    }
    tracks.overUdp(number, ports);
    return withSession(RtspResponse.ok())
        .with(
            "Transport",
            "RTP/AVP/UDP;unicast;client_port=%d-%d;server_port=%d-%d;mode=record"
                .formatted(
                    wish.clientPort(),
                    wish.clientPort() + 1,
                    ports.rtpPort(),
                    ports.rtpPort() + 1));
  }

  private RtspResponse record(RtspRequest request) {
    if (state != State.ANNOUNCED || !tracks.isBegun()) {
      return wrongState();
    }
    if (!isOfSession(request)) {
      return wrongSession();
    }
    List<MediaReceiver.Medium> media = tracks.media();
    if (media.isEmpty()) {
      return RtspResponse.of(455, "No track that can be kept was set up");
    }
    receiver = peer.receive(media, publication, isOverUdp());
    state = State.RECORDING;
    return withSession(RtspResponse.ok());
  }

  private RtspResponse tearDown(RtspRequest request) {
    if (!sessionId.isEmpty() && !isOfSession(request)) {
      return wrongSession();
    }
    end(Publication.UNPUBLISHED);
    state = State.INITIAL;
    return RtspResponse.ok();
  }

  private RtspResponse keepAlive(RtspRequest request) {
    boolean isForeign = request.session().isPresent() && !isOfSession(request);
    return isForeign ? wrongSession() : RtspResponse.ok();
  }

  /** Takes an interleaved frame; those of no track are passed over. */
  void onFrame(int channel, ByteBuffer frame) {
    if (state == State.RECORDING) {
      tracks.placeOf(channel).ifPresent(place -> onMedia(place.medium(), frame, place.isControl()));
    }
  }

  /**
   * Takes a datagram.
   *
   * @param setUpIndex which track it was that was set up
   */
  void onDatagram(int setUpIndex, ByteBuffer datagram, boolean isControl) {
    if (state == State.RECORDING) {
      tracks.mediumOf(setUpIndex).ifPresent(medium -> onMedia(medium, datagram, isControl));
    }
  }

  private void onMedia(int medium, ByteBuffer packet, boolean isControl) {
    if (isControl) {
      receiver.onRtcp(medium, packet);
    } else {
      receiver.onRtp(medium, packet);
    }
  }

  /** What media have come over; empty before RECORD and after the end. */
  Optional<MediaReceiver> receiver() {
    return Optional.ofNullable(receiver);
  }

  /** The tracks that are kept, in the order of the receiver's media. */
  List<SetUpTrack> kept() {
    return tracks.kept();
  }

  boolean isOverUdp() {
    return tracks.isOverUdp();
  }

  boolean isRecording() {
    return state == State.RECORDING;
  }

  /** Ends the publication for this reason. Idempotent. */
  void close(String reason) {
    end(reason);
    state = State.ENDED;
  }

  @Override
  public void close() {
    close("connection lost");
  }

  private void end(String reason) {
    MediaReceiver ended = receiver;
    Publication published = publication;
    receiver = null;
    publication = null;
    sessionId = "";
    tracks.close();
    tracks = new RtspTracks(List.of());
    try {
      if (ended != null) {
        ended.close();
      }
    } finally {
      if (published != null) {
        published.close(reason);
      }
    }
  }

  private RtspResponse refusal(Throwable failure) {
    if (failure instanceof HalcyonException stated && stated.code() != ErrorCode.INTERNAL) {
      return RtspResponse.of(stated.code().httpStatus(), stated.getMessage());
    }
    return RtspResponse.of(500, "internal error");
  }

  private boolean isOfSession(RtspRequest request) {
    return !sessionId.isEmpty() && request.session().equals(Optional.of(sessionId));
  }

  private RtspResponse withSession(RtspResponse answer) {
    if (sessionId.isEmpty()) {
      sessionId = randomHex(random);
    }
    return answer.with("Session", sessionId + ";timeout=" + timeoutS);
  }

  private static String randomHex(RandomGenerator random) {
    byte[] bytes = new byte[SESSION_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", ".");
  }

  private static RtspResponse wrongState() {
    return RtspResponse.of(455, "Method not valid in this state").with("Allow", METHODS);
  }

  private static RtspResponse wrongSession() {
    return RtspResponse.of(454, "Session not found");
  }

  private static RtspResponse unsupportedTransport() {
    return RtspResponse.of(461, "Unsupported transport");
  }
}

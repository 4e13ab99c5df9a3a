package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The commands that lead to a publication and end it (RTMP 1.0, 7.2): connect, createStream,
 * publish, deleteStream and what encoders send around them. One thread.
 */
final class PublishFlow implements AutoCloseable {
  private static final int WINDOW_BYTES = 2_500_000;
  private static final int MAX_NAME_CHARS = 1_024;
  private static final int MAX_DESCRIPTION_CHARS = 512;
  private static final String KEY_PARAMETER = "key=";

  /** Of Enhanced RTMP's {@code capsEx}. */
  private static final int TAKES_TRACKS = 2;

  private static final int TAKES_MODIFIERS = 4;

  /** Of what it says of a codec. */
  private static final int CAN_FORWARD = 4;

  private enum State {
    UNCONNECTED,
    CONNECTED,
    /** The gate has been asked. */
    PENDING,
    PUBLISHING,
    /** Published before; late media of then is ignored. */
    UNPUBLISHED,
    ENDED
  }

  private final String app;
  private final RtmpPeer peer;
  private final BufferAccount account;
  private final SoundEncoding.Factory encodings;
  private State state = State.UNCONNECTED;
  private String appName = "";
  private int createdStreams;
  private int publishStreamId;
  private Publication publication;
  private FlvDemuxer demuxer;

  PublishFlow(String app, RtmpPeer peer, BufferAccount account, SoundEncoding.Factory encodings) {
    this.app = app;
    this.peer = peer;
    this.account = account;
    this.encodings = encodings;
  }

  boolean isWaiting() {
    return state == State.PENDING;
  }

  boolean isPublishing() {
    return state == State.PUBLISHING;
  }

  boolean isEnded() {
    return state == State.ENDED;
  }

  void onCommand(int messageStreamId, ByteBuffer body) {
    Amf0Reader arguments = new Amf0Reader(body);
    String name = arguments.next().textOr("");
    double transaction = arguments.nextOrUndefined().numberOr(0);
    AmfValue object = arguments.nextOrUndefined();
    switch (name) {
      case "connect" -> connect(transaction, object);
      case "createStream" -> createStream(transaction);
      case "publish" -> publish(messageStreamId, arguments.nextOrUndefined().textOr(""));
      case "FCUnpublish", "closeStream", "deleteStream" -> unpublish();
      case "releaseStream", "FCPublish", "_checkbw" ->
          result(transaction, AmfValue.Nothing.NULL, AmfValue.Nothing.UNDEFINED);
      case "play", "play2" ->
          status(
              messageStreamId, "error", "NetStream.Play.Failed", "this server is for publishing");
      default -> unknown(transaction, name);
    }
  }

  void onVideo(int timestamp, ByteBuffer tag) {
    if (requirePublishing()) {
      demuxer.onVideo(timestamp, tag);
    }
  }

  void onAudio(int timestamp, ByteBuffer tag) {
    if (requirePublishing()) {
      demuxer.onAudio(timestamp, tag);
    }
  }

  /** The gate's yes. */
  void accept(Publication opened) {
    publication = opened;
    demuxer = new FlvDemuxer(opened, account, encodings);
    state = State.PUBLISHING;
    peer.send(MessageWriter.streamBegin(publishStreamId));
    status(publishStreamId, "status", "NetStream.Publish.Start", "publishing");
  }

  /** The gate's no, or the reason why the session cannot go on. Told to the peer if it listens. */
  void fail(HalcyonException reason) {
    boolean isTold = state == State.PENDING || state == State.PUBLISHING;
    state = State.ENDED;
    if (isTold) {
      String text = reason.getMessage();
      status(
          publishStreamId,
          "error",
          statusCode(reason.code()),
          text.substring(0, Math.min(text.length(), MAX_DESCRIPTION_CHARS)));
    }
  }

  /** Ends the publication, if there is one. Idempotent. */
  void close(String reason) {
    state = State.ENDED;
    endPublication(reason);
  }

  @Override
  public void close() {
    close("connection lost");
  }

  private void connect(double transaction, AmfValue object) {
    if (state != State.UNCONNECTED) {
      throw new HalcyonException(ErrorCode.PROTOCOL_VIOLATION, "connect after connect");
    }
    peer.send(MessageWriter.setChunkSize());
    appName = object.member("app").textOr("");
    String asked = bare(appName);
    if (!asked.equals(app)) {
      String text = "no such application; the address ends in /" + app + "/ and the stream key";
      error(transaction, "NetConnection.Connect.InvalidApp", text);
      state = State.ENDED;
      throw new HalcyonException(ErrorCode.NOT_FOUND, "unknown application");
    }
    state = State.CONNECTED;
    peer.send(MessageWriter.windowAcknowledgementSize(WINDOW_BYTES));
    peer.send(MessageWriter.setPeerBandwidth(WINDOW_BYTES));
    Map<String, AmfValue> server = new LinkedHashMap<>();
    server.put("fmsVer", AmfValue.of("FMS/3,0,1,123")); // Some encoders insist on the shape.
    server.put("capabilities", AmfValue.of(31));
    Map<String, AmfValue> info =
        info("status", "NetConnection.Connect.Success", "connection succeeded");
    info.put("objectEncoding", AmfValue.of(0));
    info.put("capsEx", AmfValue.of(TAKES_TRACKS | TAKES_MODIFIERS));
    Map<String, AmfValue> video = new LinkedHashMap<>();
    Map<String, AmfValue> audio = new LinkedHashMap<>();
    for (FourCc codec : FourCc.values()) {
      (codec.isVideo() ? video : audio).put(codec.text(), AmfValue.of(CAN_FORWARD));
    }
    info.put("videoFourCcInfoMap", new AmfValue.Members(video));
    info.put("audioFourCcInfoMap", new AmfValue.Members(audio));
    result(transaction, new AmfValue.Members(server), new AmfValue.Members(info));
  }

  private void createStream(double transaction) {
    requireConnected();
    result(transaction, AmfValue.Nothing.NULL, AmfValue.of(++createdStreams));
  }

  private void publish(int messageStreamId, String name) {
    requireConnected();
    if (state == State.PUBLISHING) {
      throw new HalcyonException(
          ErrorCode.PUBLISHER_EXISTS, "this connection is already publishing");
    }
    publishStreamId = messageStreamId;
    state = State.PENDING;
    String key = queriedKey(name).or(() -> queriedKey(appName)).orElseGet(() -> bare(name));
    if (key.isEmpty() || key.length() > MAX_NAME_CHARS) {
      throw new HalcyonException(ErrorCode.UNKNOWN_STREAM_KEY, "no stream key given");
    }
    peer.onPublish(key);
  }

  private void unpublish() {
    if (state != State.PUBLISHING) {
      return;
    }
    state = State.UNPUBLISHED;
    endPublication(Publication.UNPUBLISHED);
    status(publishStreamId, "status", "NetStream.Unpublish.Success", "stopped publishing");
    peer.onUnpublish();
  }

  private void endPublication(String reason) {
    Publication ended = publication;
    if (ended != null) {
      publication = null;
      demuxer.close();
      ended.close(reason);
    }
  }

  private boolean requirePublishing() {
    return switch (state) {
      case PUBLISHING -> true;
      case UNPUBLISHED -> false;
      case UNCONNECTED, CONNECTED, PENDING, ENDED ->
          throw new HalcyonException(ErrorCode.PROTOCOL_VIOLATION, "media before publish");
    };
  }

  private void requireConnected() {
    if (state == State.UNCONNECTED) {
      throw new HalcyonException(ErrorCode.PROTOCOL_VIOLATION, "command before connect");
    }
  }

  private void unknown(double transaction, String name) {
    requireConnected();
    boolean isReply = name.equals("_result") || name.equals("_error") || name.startsWith("on");
    if (!isReply) {
      error(transaction, "NetConnection.Call.Failed", "unknown command");
    }
  }

  private void result(double transaction, AmfValue first, AmfValue second) {
    if (transaction > 0) {
      peer.send(
          MessageWriter.command(
              0, AmfValue.of("_result"), AmfValue.of(transaction), first, second));
    }
  }

  private void error(double transaction, String code, String text) {
    if (transaction > 0) {
      peer.send(
          MessageWriter.command(
              0,
              AmfValue.of("_error"),
              AmfValue.of(transaction),
              AmfValue.Nothing.NULL,
              new AmfValue.Members(info("error", code, text))));
    }
  }

  private void status(int messageStreamId, String level, String code, String text) {
    peer.send(
        MessageWriter.command(
            messageStreamId,
            AmfValue.of("onStatus"),
            AmfValue.of(0),
            AmfValue.Nothing.NULL,
            new AmfValue.Members(info(level, code, text))));
  }

  private static Map<String, AmfValue> info(String level, String code, String text) {
    Map<String, AmfValue> info = new LinkedHashMap<>();
    info.put("level", AmfValue.of(level));
    info.put("code", AmfValue.of(code));
    info.put("description", AmfValue.of(text));
    return info;
  }

  private static String statusCode(ErrorCode code) {
    return switch (code) {
      case PUBLISHER_EXISTS -> "NetStream.Publish.BadName";
      case UNKNOWN_STREAM_KEY, STREAM_PAUSED, FORBIDDEN -> "NetStream.Publish.Denied";
      default -> "NetStream.Failed";
    };
  }

  /** The key as {@code ?key=…}, for encoders that want to choose the name themselves. */
  private static Optional<String> queriedKey(String name) {
    int query = name.indexOf('?');
    if (query < 0) {
      return Optional.empty();
    }
    for (String parameter : name.substring(query + 1).split("&", -1)) {
      if (parameter.startsWith(KEY_PARAMETER)) {
        return Optional.of(parameter.substring(KEY_PARAMETER.length()));
      }
    }
    return Optional.empty();
  }

  /** A name without its query and slashes around it. */
  private static String bare(String name) {
    int query = name.indexOf('?');
    int end = query < 0 ? name.length() : query;
    int start = 0;
    while (start < end && name.charAt(start) == '/') {
      start++;
    }
    while (end > start && name.charAt(end - 1) == '/') {
      end--;
    }
    return name.substring(start, end);
  }
}

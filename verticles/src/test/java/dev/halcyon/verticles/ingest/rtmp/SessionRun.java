package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.RecordingPublication;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A session and the world around it, in memory. */
final class SessionRun implements RtmpPeer, AutoCloseable {
  static final RtmpLimits LIMITS = new RtmpLimits(1 << 20, 16 << 10, 2 << 20, 16);

  final List<String> askedKeys = new ArrayList<>();
  final List<RecordingPublication> publications = new ArrayList<>();
  final List<AmfValue> metadata = new ArrayList<>();
  final AtomicLong heldBytes = new AtomicLong();
  final List<float[][]> heard = new ArrayList<>();
  final SoundEncoding.Factory encodings = (rateHz, channels, sink) -> new Hearing();
  final RtmpSession session =
      new RtmpSession("live", LIMITS, this, new Random(1), heldBytes, encodings);

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final Consumer<SessionRun> gate;

  /** Takes what is to be encoded, and encodes nothing. */
  private final class Hearing implements SoundEncoding {
    @Override
    public boolean encode(float[][] planes) {
      return heard.add(planes);
    }

    @Override
    public void close() {}
  }

  SessionRun() {
    this(SessionRun::accept);
  }

  /**
   * @param gate called for each wish to publish
   */
  SessionRun(Consumer<SessionRun> gate) {
    this.gate = gate;
  }

  SessionRun feed(ClientBytes bytes) {
    session.feed(bytes.toBuffer());
    return this;
  }

  void accept() {
    RecordingPublication publication = new RecordingPublication();
    publications.add(publication);
    session.accept(publication);
  }

  RecordingPublication publication() {
    return publications.getLast();
  }

  byte[] sent() {
    return sent.toByteArray();
  }

  /** The commands sent to the client, each as its values. */
  List<List<AmfValue>> commands() {
    List<List<AmfValue>> commands = new ArrayList<>();
    eachMessage(
        (type, body) -> {
          if (type == MessageType.COMMAND) {
            Amf0Reader reader = new Amf0Reader(body);
            List<AmfValue> values = new ArrayList<>();
            while (reader.hasNext()) {
              values.add(reader.next());
            }
            commands.add(values);
          }
        });
    return commands;
  }

  /** The codes of all statuses and errors sent, in order. */
  List<String> codes() {
    return commands().stream()
        .map(values -> values.getLast().member("code").textOr(""))
        .filter(code -> !code.isEmpty())
        .toList();
  }

  /** The bodies of the control messages of this type sent to the client. */
  List<byte[]> controls(int wanted) {
    List<byte[]> bodies = new ArrayList<>();
    eachMessage(
        (type, body) -> {
          if (type == wanted) {
            byte[] copy = new byte[body.remaining()];
            body.get(copy);
            bodies.add(copy);
          }
        });
    return bodies;
  }

  @Override
  public void send(byte[] bytes) {
    sent.writeBytes(bytes);
  }

  @Override
  public void onPublish(String streamKey) {
    askedKeys.add(streamKey);
    gate.accept(this);
  }

  @Override
  public void onUnpublish() {}

  @Override
  public void onMetadata(AmfValue described) {
    metadata.add(described);
  }

  @Override
  public void close() {
    session.close();
  }

  private interface MessageVisitor {
    void visit(int type, ByteBuffer body);
  }

  private void eachMessage(MessageVisitor visitor) {
    ByteBuffer replies = ByteBuffer.wrap(sent());
    replies.position(1 + 2 * Handshake.PART_BYTES);
    BufferAccount account = new BufferAccount(1 << 20, new AtomicLong());
    try (ChunkReader reader = new ChunkReader(1 << 16, 8, account)) {
      while (reader.read(replies)) {
        if (reader.type() == MessageType.SET_CHUNK_SIZE) {
          reader.setChunkSize(reader.payload().getInt());
        } else {
          visitor.visit(reader.type(), reader.payload());
        }
      }
    }
  }

  static SessionRun refusing(HalcyonException reason) {
    return new SessionRun(run -> run.session.refuse(reason));
  }
}

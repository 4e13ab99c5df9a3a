package dev.halcyon.verticles.bus;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our records on the Vert.x event bus: passed by reference inside a node, refused between nodes.
 * Failures travel as an {@link ErrorCode} and a message, never as a time-out. Any thread.
 */
public final class Bus {
  private static final Logger log = LoggerFactory.getLogger(Bus.class);

  /** Longer than any answer of this node should take. */
  private static final long REPLY_TIMEOUT_MS = 10_000;

  /** The bus's own failure code; ours stands in the text, before its first line break. */
  private static final int STATED = 1;

  private final EventBus events;

  private Bus(EventBus events) {
    this.events = events;
  }

  /** Registers the codec for {@code dev.halcyon} records; once per {@code Vertx}. */
  public static Bus install(Vertx vertx) {
    EventBus events = vertx.eventBus();
    events.registerCodec(new LocalRecordCodec());
    events.codecSelector(
        body ->
            body instanceof Record && body.getClass().getName().startsWith("dev.halcyon.")
                ? LocalRecordCodec.NAME
                : null);
    return new Bus(events);
  }

  /** The bus of a {@code Vertx} on which {@link #install} has been called. */
  public static Bus of(Vertx vertx) {
    return new Bus(vertx.eventBus());
  }

  public void publish(String address, Record fact) {
    events.publish(address, fact);
  }

  /** Fails with the {@link HalcyonException} that the handler failed with. */
  public <T> Future<T> request(String address, Record question) {
    return events
        .<T>request(address, question, new DeliveryOptions().setSendTimeout(REPLY_TIMEOUT_MS))
        .map(Message::body)
        .recover(failure -> Future.failedFuture(Bus.asHalcyon(failure)));
  }

  /** Calls {@code handler} for each published fact; an exception is logged, never lost. */
  public <T> MessageConsumer<T> onFact(String address, java.util.function.Consumer<T> handler) {
    return events.consumer(
        address,
        message -> {
          try {
            handler.accept(message.body());
          } catch (RuntimeException failure) {
            log.error("handler failed [address={}]", address, failure);
          }
        });
  }

  /** Answers each request with what {@code handler} returns, or with its failure. */
  public <Q, A> MessageConsumer<Q> onRequest(String address, Function<Q, Future<A>> handler) {
    return events.consumer(
        address,
        message -> {
          Future<A> answer;
          try {
            answer = handler.apply(message.body());
          } catch (RuntimeException failure) {
            answer = Future.failedFuture(failure);
          }
          answer.onComplete(message::reply, failure -> fail(address, message, failure));
        });
  }

  private static void fail(String address, Message<?> message, Throwable failure) {
    if (failure instanceof HalcyonException stated) {
      message.fail(STATED, stated.code().name() + '\n' + stated.getMessage());
    } else {
      log.error("request failed [address={}]", address, failure);
      message.fail(STATED, ErrorCode.INTERNAL.name() + "\ninternal error");
    }
  }

  private static Throwable asHalcyon(Throwable failure) {
    if (!(failure instanceof ReplyException reply)) {
      return failure;
    }
    return switch (reply.failureType()) {
      case RECIPIENT_FAILURE -> stated(String.valueOf(reply.getMessage()));
      case NO_HANDLERS, TIMEOUT, ERROR ->
          new HalcyonException(
              ErrorCode.OVERLOADED, "no answer from the node: " + reply.failureType(), reply);
    };
  }

  /** The inverse of {@link #fail}. */
  private static HalcyonException stated(String text) {
    int end = text.indexOf('\n');
    return end < 0
        ? new HalcyonException(ErrorCode.INTERNAL, text)
        : new HalcyonException(ErrorCode.valueOf(text.substring(0, end)), text.substring(end + 1));
  }

  /** Immutable records need no copy inside one node. */
  private static final class LocalRecordCodec implements MessageCodec<Record, Record> {
    static final String NAME = "halcyon.record";

    @Override
    public void encodeToWire(Buffer buffer, Record body) {
      throw new IllegalStateException("not clustered [type=" + body.getClass().getName() + "]");
    }

    @Override
    public Record decodeFromWire(int pos, Buffer buffer) {
      throw new IllegalStateException("not clustered");
    }

    @Override
    public Record transform(Record body) {
      return body;
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}

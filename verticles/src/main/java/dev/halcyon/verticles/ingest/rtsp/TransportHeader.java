package dev.halcyon.verticles.ingest.rtsp;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** How a client wants to send one track (RFC 2326, 12.39): the first way that is served here. */
sealed interface TransportHeader {
  /**
   * Over the connection itself.
   *
   * @param channel of RTP, the next is RTCP's; empty when the server is to choose
   */
  record Interleaved(OptionalInt channel) implements TransportHeader {}

  /**
   * @param clientPort of RTP, the next is RTCP's
   */
  record Udp(int clientPort) implements TransportHeader {}

  static Optional<TransportHeader> parse(String header) {
    for (String way : header.split(",", -1)) {
      Optional<TransportHeader> understood = understood(way.strip().split(";", -1));
      if (understood.isPresent()) {
        return understood;
      }
    }
    return Optional.empty();
  }

  private static Optional<TransportHeader> understood(String[] parameters) {
    String profile = parameters[0].strip().toUpperCase(Locale.ROOT);
    OptionalInt interleaved = OptionalInt.empty();
    OptionalInt clientPort = OptionalInt.empty();
    for (String parameter : parameters) {
      String[] pair = parameter.strip().split("=", 2);
      switch (pair[0].toLowerCase(Locale.ROOT)) {
        case "multicast" -> {
          return Optional.empty();
        }
        case "interleaved" -> interleaved = first(pair, 254);
        case "client_port" -> clientPort = first(pair, 65_534);
        default -> {}
      }
    }
    return switch (profile) {
      case "RTP/AVP/TCP" -> Optional.of(new Interleaved(interleaved));
      case "RTP/AVP", "RTP/AVP/UDP" ->
          clientPort.isPresent() && clientPort.getAsInt() > 0
              ? Optional.of(new Udp(clientPort.getAsInt()))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** The lower number of {@code name=5000-5001}. */
  private static OptionalInt first(String[] pair, int max) {
    String number = pair.length < 2 ? "" : pair[1].split("-", 2)[0].strip();
    if (!number.matches("[0-9]{1,5}")) {
      return OptionalInt.empty();
    }
    int value = Integer.parseInt(number);
    return value <= max ? OptionalInt.of(value) : OptionalInt.empty();
  }
}

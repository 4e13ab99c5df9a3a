package dev.halcyon.verticles.ingest.rtsp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bad network between a publisher and a server: passes RTSP on unharmed, but for the server's UDP
 * ports, in whose place it puts its own; of the datagrams that come there it loses some and lets
 * others be overtaken. Threads of its own; closed by its maker.
 */
public final class LossyRelay implements AutoCloseable {
  private static final Pattern SERVER_PORTS = Pattern.compile("server_port=(\\d+)-(\\d+)");
  private static final int MAX_DATAGRAM_BYTES = 65_536;

  private final InetAddress loopback = InetAddress.getLoopbackAddress();
  private final ServerSocket listener;
  private final int serverPort;
  private final double loss;
  private final double disorder;
  private final long seed;
  private final List<Closeable> opened = new CopyOnWriteArrayList<>();
  private final AtomicLong passed = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong delayed = new AtomicLong();

  /**
   * @param loss share of media packets that are lost
   * @param disorder share of media packets that one to five others overtake
   */
  public LossyRelay(int serverPort, double loss, double disorder, long seed) throws IOException {
    this.serverPort = serverPort;
    this.loss = loss;
    this.disorder = disorder;
    this.seed = seed;
    this.listener = new ServerSocket(0, 8, loopback);
    start("relay-accept", this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  public long lost() {
    return lost.get();
  }

  public long delayed() {
    return delayed.get();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      Socket server = new Socket(loopback, serverPort);
      opened.add(client);
      opened.add(server);
      start("relay-requests", () -> copy(client.getInputStream(), server.getOutputStream()));
      start("relay-answers", () -> answers(server, client));
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    from.transferTo(to);
    to.close();
  }

  /** Answers have no bodies here: each ends with an empty line. */
  private void answers(Socket server, Socket client) throws IOException {
    InputStream in = new BufferedInputStream(server.getInputStream());
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.write(next);
      String text = head.toString(StandardCharsets.ISO_8859_1);
      if (text.endsWith("\r\n\r\n")) {
        client.getOutputStream().write(redirected(text).getBytes(StandardCharsets.ISO_8859_1));
        head.reset();
      }
    }
    client.close();
  }

  private String redirected(String answer) throws IOException {
    Matcher ports = SERVER_PORTS.matcher(answer);
    if (!ports.find()) {
      return answer;
    }
    DatagramSocket media = new DatagramSocket(new InetSocketAddress(loopback, 0));
    DatagramSocket control = neighbourOf(media);
    relay(media, Integer.parseInt(ports.group(1)), true);
    relay(control, Integer.parseInt(ports.group(2)), false);
    int port = media.getLocalPort();
    return ports.replaceFirst("server_port=" + port + "-" + (port + 1));
  }

  /** Clients send reports to the port after that for media, whatever they were told. */
  private DatagramSocket neighbourOf(DatagramSocket media) throws IOException {
    return new DatagramSocket(new InetSocketAddress(loopback, media.getLocalPort() + 1));
  }

  /** Passes datagrams on to a port. */
  private void relay(DatagramSocket socket, int toPort, boolean isMedia) throws IOException {
    socket.setReceiveBufferSize(4 << 20);
    opened.add(socket);
    Random random = new Random(seed + toPort % 2 + opened.size());
    start("relay-datagrams", () -> pass(socket, toPort, isMedia, random));
  }

  /** A datagram that waits until so many others have gone by. */
  private static final class Waiting {
    private final byte[] datagram;
    private int others;

    Waiting(byte[] datagram, int others) {
      this.datagram = datagram;
      this.others = others;
    }
  }

  private void pass(DatagramSocket socket, int toPort, boolean isMedia, Random random)
      throws IOException {
    List<Waiting> waiting = new ArrayList<>();
    byte[] buffer = new byte[MAX_DATAGRAM_BYTES];
    long count = 0;
    while (true) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      socket.receive(packet);
      byte[] datagram = Arrays.copyOf(buffer, packet.getLength());
      // The first packets tell where stamps and numbers begin: a test must know what is lost.
      boolean isSpared = !isMedia || count++ < 20;
      double fate = random.nextDouble();
      if (!isSpared && fate < loss) {
        lost.incrementAndGet();
      } else if (!isSpared && fate < loss + disorder) {
        delayed.incrementAndGet();
        waiting.add(new Waiting(datagram, 1 + random.nextInt(5)));
      } else {
        send(socket, datagram, toPort);
        for (Waiting each : List.copyOf(waiting)) {
          if (--each.others <= 0) {
            waiting.remove(each);
            send(socket, each.datagram, toPort);
          }
        }
      }
    }
  }

  private void send(DatagramSocket socket, byte[] datagram, int toPort) throws IOException {
    passed.incrementAndGet();
    socket.send(new DatagramPacket(datagram, datagram.length, loopback, toPort));
  }

  public long passed() {
    return passed.get();
  }

  /** Work that ends when a socket is closed. */
  private interface Work {
    void run() throws IOException;
  }

  private static void start(String name, Work work) {
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(
            () -> {
              try {
                work.run();
              } catch (SocketException closed) {
                return;
              } catch (IOException failure) {
                throw new UncheckedIOException(failure);
              }
            });
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Closeable each : opened) {
      each.close();
    }
  }
}

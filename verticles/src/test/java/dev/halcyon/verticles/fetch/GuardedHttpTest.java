package dev.halcyon.verticles.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.halcyon.core.access.AllowedTargets;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loopback is allowed here by its address, as an operator would; nothing else is. */
class GuardedHttpTest {
  private static final AllowedTargets LOOPBACK = AllowedTargets.parse(List.of("127.0.0.1"));
  private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress PRIVATE = InetAddress.ofLiteral("10.0.0.1");
  private static final byte[] BODY = "media".getBytes(StandardCharsets.UTF_8);

  private MediaServer server;
  private final List<String> lookedUp = new ArrayList<>();

  @BeforeEach
  void serve() throws Exception {
    server = new MediaServer().on("/media", MediaServer.giving(200, "video/mp4", BODY));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** A name server with these answers, one after the other; the last one for good. */
  private AddressGuard guard(Map<String, List<List<InetAddress>>> answers) {
    return new AddressGuard(
        host -> {
          lookedUp.add(host);
          if (host.matches("[0-9.]+")) {
            return List.of(InetAddress.ofLiteral(host));
          }
          List<List<InetAddress>> all = answers.get(host);
          if (all == null) {
            throw new UnknownHostException(host);
          }
          long asked = lookedUp.stream().filter(host::equals).count();
          return all.get((int) Math.min(asked, all.size()) - 1);
        },
        LOOPBACK);
  }

  private byte[] get(AddressGuard guard, URI uri) throws Exception {
    try (HttpReply reply = new GuardedHttp(guard).get(HttpFetch.whole(uri), new Cancellation())) {
      return reply.body().readAllBytes();
    }
  }

  private ErrorCode refusal(AddressGuard guard, String uri) {
    return assertThrows(HalcyonException.class, () -> get(guard, URI.create(uri))).code();
  }

  @Test
  void aNameThatChangesItsAddressAfterTheCheckIsNotAskedAgain() throws Exception {
    AddressGuard guard = guard(Map.of("rebinding.test", List.of(List.of(LOCAL), List.of(PRIVATE))));
    URI uri = URI.create("http://rebinding.test:" + server.port() + "/media");
    assertArrayEquals(BODY, get(guard, uri));
    assertEquals(List.of("rebinding.test"), lookedUp);
    assertEquals(ErrorCode.SOURCE_REFUSED, refusal(guard, uri.toString()));
  }

  @Test
  void oneForbiddenAddressAmongOthersIsEnough() {
    AddressGuard guard = guard(Map.of("two.test", List.of(List.of(LOCAL, PRIVATE))));
    assertEquals(ErrorCode.SOURCE_REFUSED, refusal(guard, "http://two.test/media"));
    assertTrue(server.requests().isEmpty());
  }

  @Test
  void everyRedirectIsCheckedLikeTheFirstAddress() throws Exception {
    AddressGuard guard = guard(Map.of("inside.test", List.of(List.of(PRIVATE))));
    List<String> places =
        List.of(
            "http://169.254.169.254/latest/meta-data",
            "http://10.0.0.1/",
            "http://inside.test/",
            "http://2130706434/",
            "file:///etc/passwd",
            "gopher://127.0.0.1/");
    for (String place : places) {
      String path = "/to" + places.indexOf(place);
      server.on(path, MediaServer.redirecting(place));
      ErrorCode code = refusal(guard, server.uri(path).toString());
      assertTrue(
          code == ErrorCode.SOURCE_REFUSED || code == ErrorCode.NETWORK_LOST,
          () -> place + " gave " + code);
    }
    server.on("/on", MediaServer.redirecting("/media?part=1"));
    assertArrayEquals(BODY, get(guard, server.uri("/on")));
  }

  @Test
  void redirectsComeToAnEnd() {
    server.on("/round", MediaServer.redirecting("/round"));
    assertEquals(
        ErrorCode.SOURCE_REFUSED, refusal(guard(Map.of()), server.uri("/round").toString()));
    assertEquals(6, server.requests().size());
  }

  @Test
  void credentialsStayWithTheHostTheyWereGivenFor() throws Exception {
    List<String> seen = new ArrayList<>();
    server.on(
        "/closed",
        exchange -> {
          seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          String other = "http://other.test:" + server.port() + "/closed/2";
          boolean isFirst = exchange.getRequestURI().getPath().equals("/closed");
          (isFirst ? MediaServer.redirecting(other) : MediaServer.giving(200, "video/mp4", BODY))
              .handle(exchange);
        });
    AddressGuard guard = guard(Map.of("other.test", List.of(List.of(LOCAL))));
    get(guard, URI.create("http://user:secret@127.0.0.1:" + server.port() + "/closed"));
    assertEquals(List.of("Basic dXNlcjpzZWNyZXQ=", "null"), seen);
  }

  @Test
  void hostileAnswersEndInAnError() throws Exception {
    List<String> answers =
        List.of(
            "hello\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000),
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nmedia",
            "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nmedia",
            "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nmedia",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nmedia",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nmedia\r\n0\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n".repeat(100),
            "");
    for (String answer : answers) {
      try (ServerSocket socket = new ServerSocket(0, 1, LOCAL)) {
        Thread.ofVirtual().start(() -> say(socket, answer));
        URI uri = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
        assertThrows(Exception.class, () -> get(guard(Map.of()), uri), () -> answer);
      }
    }
  }

  private static void say(ServerSocket server, String answer) {
    try (Socket socket = server.accept()) {
      socket.getInputStream().read(new byte[2_000]);
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException gone) {
      Objects.requireNonNull(gone);
    }
  }

  @Test
  void chunksAreReadToTheirEnd() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, LOCAL)) {
      String answer =
          "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "2;x=y\r\nme\r\n3\r\ndia\r\n0\r\nTrailer: x\r\n\r\n";
      Thread.ofVirtual().start(() -> say(socket, answer));
      assertArrayEquals(
          BODY,
          get(guard(Map.of()), URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/")));
    }
  }

  @Test
  void cancellingEndsARequestThatHangs() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, LOCAL)) {
      Cancellation cancellation = new Cancellation();
      URI uri = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
      Thread.ofVirtual().start(() -> accept(socket, cancellation));
      HalcyonException failure =
          assertThrows(
              HalcyonException.class,
              () -> new GuardedHttp(guard(Map.of())).get(HttpFetch.whole(uri), cancellation));
      assertEquals(ErrorCode.CANCELLED, failure.code());
    }
  }

  private static void accept(ServerSocket server, Cancellation cancellation) {
    try (Socket socket = server.accept()) {
      socket.getInputStream().read();
      cancellation.cancel();
      socket.getInputStream().readAllBytes();
    } catch (IOException gone) {
      Objects.requireNonNull(gone);
    }
  }

  /** The bytes go to the checked address, the certificate is that of the name. */
  @Test
  void tlsIsThatOfTheName(@TempDir Path folder) throws Exception {
    KeyStore keys = keyFor("media.test", folder);
    HttpsServer secure = HttpsServer.create(new InetSocketAddress(LOCAL, 0), 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
    secure.createContext("/media", MediaServer.giving(200, "video/mp4", BODY));
    secure.start();
    try {
      AddressGuard guard =
          guard(
              Map.of(
                  "media.test", List.of(List.of(LOCAL)),
                  "media.test.", List.of(List.of(LOCAL)),
                  "other.test", List.of(List.of(LOCAL))));
      SSLSocketFactory trusting = context(keys).getSocketFactory();
      GuardedHttp http = new GuardedHttp(guard, HttpLimits.DEFAULT, trusting);
      int port = secure.getAddress().getPort();
      for (String name : List.of("media.test", "media.test.")) {
        URI right = URI.create("https://" + name + ":" + port + "/media");
        try (HttpReply reply = http.get(HttpFetch.whole(right), new Cancellation());
            InputStream body = reply.body()) {
          assertArrayEquals(BODY, body.readAllBytes(), name);
        }
      }
      URI wrong = URI.create("https://other.test:" + port + "/media");
      HalcyonException refused =
          assertThrows(
              HalcyonException.class, () -> http.get(HttpFetch.whole(wrong), new Cancellation()));
      assertEquals(ErrorCode.NETWORK_LOST, refused.code());
    } finally {
      secure.stop(0);
    }
  }

  private static KeyStore keyFor(String name, Path folder) throws Exception {
    Path file = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "test",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name,
                "-storetype",
                "PKCS12",
                "-storepass",
                "secret",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(keytool.waitFor(Duration.ofSeconds(60)), "keytool hangs");
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, "secret".toCharArray());
    }
    return keys;
  }

  private static SSLContext context(KeyStore keys) throws Exception {
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, "secret".toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("test", keys.getCertificate("test"));
    TrustManagerFactory others = TrustManagerFactory.getInstance("PKIX");
    others.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), others.getTrustManagers(), null);
    return context;
  }
}

package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.verticles.ingest.rtmp.ForeignTool;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node with a certificate, and foreign clients. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class TlsTest {
  private Certificates certificates;
  private TestNode node;
  private TestUser user;
  private Path folder;
  private Path card;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    ForeignTool.require("ffmpeg", "-version");
    ForeignTool.require("curl", "--version");
    folder = dir;
    certificates = new Certificates(dir);
    certificates.renew();
    node =
        TestNode.start(
            dir,
            Map.of(
                "HALCYON_TLS_CERT", certificates.certificate().toString(),
                "HALCYON_TLS_KEY", certificates.key().toString(),
                "HALCYON_HTTPS_PORT", "0",
                "HALCYON_RTMPS_PORT", "0",
                "HALCYON_RTSPS_PORT", "0"));
    user = node.user();
    card = dir.resolve("card.mp4");
    TestCardFile.write(
        TestCard.builder().size(160, 96).gop(15).bFrames(2).build(), 2_500_000, card);
  }

  @AfterAll
  void stop() throws Exception {
    if (node != null) {
      node.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-f flv RTMPS", "-f rtsp -rtsp_transport tcp RTSPS"})
  void clipsWhatIsPushedByTls(String target) throws Exception {
    TestStream stream = user.quietStream();
    String command =
        ("ffmpeg -v error -re -i " + card + " -c copy " + target)
            .replace("RTMPS", node.rtmpsUrl(stream))
            .replace("RTSPS", node.rtspsUrl(stream));
    try (ForeignTool publisher = ForeignTool.start(folder, command.split(" ", -1))) {
      assertEquals(0, publisher.exitStatus(), publisher::output);
    }
    stream.await("stream.ended");
    Verdict verdict = user.judge(stream.ready(stream.request(300_000, 1_800_000)));
    assertEquals(List.of(), verdict.faults(5_000), verdict::toString);
    assertEquals(45, verdict.pictures().orElseThrow().presentedFrames(), 1, verdict::toString);
  }

  @Test
  void refusesMediaThatWouldNotBeEncrypted() throws Exception {
    String url = node.rtspsUrl(user.quietStream());
    String description = "v=0\r\nm=audio 0 RTP/AVP 0\r\na=control:streamid=0\r\n";
    try (SSLSocket socket = connect(URI.create(url).getPort())) {
      String announced =
          ask(
              socket,
              "ANNOUNCE %s RTSP/1.0\r\nCSeq: 1\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(url, description.length(), description));
      assertTrue(announced.startsWith("RTSP/1.0 200"), announced);
      String setUp =
          ask(
              socket,
              "SETUP %s/streamid=0 RTSP/1.0\r\nCSeq: 2\r\nTransport: RTP/AVP;unicast;client_port=5000-5001\r\n\r\n"
                  .formatted(url));
      assertTrue(setUp.startsWith("RTSP/1.0 461"), setUp);
    }
  }

  @Test
  void tellsPublishersTheAddressesWithTls() {
    JsonObject ingest = user.quietStream().row().getJsonObject("ingest");
    assertTrue(ingest.getString("rtmp").startsWith("rtmp://"), ingest::encode);
    assertTrue(ingest.getString("rtmps").startsWith("rtmps://"), ingest::encode);
    assertTrue(ingest.getString("rtsps").startsWith("rtsps://"), ingest::encode);
    assertTrue(ingest.getString("whip").startsWith("https://"), ingest::encode);
  }

  @Test
  void curlTrustsTheCertificate() throws Exception {
    String answer =
        ForeignTool.run(
            folder,
            "curl",
            "-sS",
            "--cacert",
            certificates.certificate().toString(),
            "https://127.0.0.1:" + node.httpsPort() + "/api/streams");
    assertTrue(new JsonObject(answer).containsKey("error"), answer);
  }

  @Test
  void showsANewCertificateToNewConnectionsAndKeepsTheOthers() throws Exception {
    double leftS = node.metric("halcyon_tls_expiry_seconds");
    assertTrue(leftS > 29 * 86_400 && leftS <= 30 * 86_400, () -> "left: " + leftS);
    try (SSLSocket before = connect()) {
      BigInteger serial = serial(before);
      assertEquals(401, get(before));
      certificates.renew();
      Deadline.until("the new certificate", () -> !newSerial().equals(serial));
      assertEquals(401, get(before), "the connection goes on");
    }
  }

  private BigInteger newSerial() {
    try (SSLSocket socket = connect()) {
      return serial(socket);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private SSLSocket connect() throws Exception {
    return connect(node.httpsPort());
  }

  private static SSLSocket connect(int port) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Everyone()}, null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(30_000);
    socket.startHandshake();
    return socket;
  }

  private static BigInteger serial(SSLSocket socket) throws IOException {
    return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
  }

  /** The status of an answer whose body is read, too. */
  private static int get(SSLSocket socket) throws IOException {
    String head = ask(socket, "GET /api/streams HTTP/1.1\r\nHost: localhost\r\n\r\n");
    String length = head.toLowerCase(Locale.ROOT).split("content-length: ", -1)[1];
    socket.getInputStream().skipNBytes(Integer.parseInt(length.substring(0, length.indexOf('\r'))));
    return Integer.parseInt(head.substring(9, 12));
  }

  /** The head of the answer. */
  private static String ask(SSLSocket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertTrue(next >= 0, () -> "closed after " + head);
      head.append((char) next);
    }
    return head.toString();
  }

  /** Believes any certificate: here it only matters which. */
  private static final class Everyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

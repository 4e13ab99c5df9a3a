package dev.halcyon.verticles.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import dev.halcyon.core.access.AllowedTargets;
import dev.halcyon.core.access.HostList;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFetchTest {
  private static final int FILE_BYTES = 300_000;
  private static final AllowedTargets LOOPBACK = AllowedTargets.parse(List.of("127.0.0.1"));
  private static final AddressGuard GUARD =
      new AddressGuard(AddressGuard.Resolver.SYSTEM, LOOPBACK);

  @TempDir private Path folder;
  private MediaServer server;
  private final byte[] file = new byte[FILE_BYTES];

  @BeforeEach
  void serve() throws Exception {
    new Random(7).nextBytes(file);
    byte[] head = {0, 0, 0, 24, 'f', 't', 'y', 'p', 'i', 's', 'o', 'm'};
    System.arraycopy(head, 0, file, 0, head.length);
    server = new MediaServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static SourceOptions options(long maxBytes, List<HttpProxy> proxies, String toolPath) {
    return new SourceOptions(
        HostList.parse(List.of("pages.test")),
        HostList.parse(List.of("127.0.0.1")),
        maxBytes,
        Duration.ofSeconds(60),
        0,
        Duration.ofMillis(20),
        proxies,
        toolPath);
  }

  private Path fetch(String address, SourceOptions options) {
    return new SourceFetch(new GuardedHttp(GUARD), options)
        .fetch(address, folder, (bytes, total) -> {}, new Cancellation());
  }

  private Path fetch(String path) {
    return fetch(server.uri(path).toString(), options(1 << 20, List.of(), ""));
  }

  private HalcyonException failure(String path) {
    return assertThrows(HalcyonException.class, () -> fetch(path));
  }

  @Test
  void goesOnWhereTheConnectionBroke() throws Exception {
    AtomicInteger answers = new AtomicInteger();
    server.on("/v", MediaServer.breaking(file, 100_000, "\"one\"", answers));
    Path fetched = fetch("/v");
    assertArrayEquals(file, Files.readAllBytes(fetched));
    assertEquals("source.mp4", fetched.getFileName().toString());
    assertEquals(3, answers.get());
    assertEquals(List.of("/v", "/v bytes=100000-", "/v bytes=200000-"), server.requests());
    assertEquals(fetched, fetch("/v"), "what is there is not fetched again");
    assertEquals(3, answers.get());
  }

  @Test
  void beginsAnewWhenTheFileHasBecomeAnother() throws Exception {
    byte[] before = new byte[FILE_BYTES];
    AtomicInteger answers = new AtomicInteger();
    HttpHandler first = MediaServer.breaking(before, 100_000, "\"before\"", answers);
    HttpHandler second = MediaServer.breaking(file, FILE_BYTES, "\"after\"", answers);
    server.on("/v", exchange -> (answers.get() == 0 ? first : second).handle(exchange));
    assertArrayEquals(file, Files.readAllBytes(fetch("/v")));
  }

  @Test
  void whatHasArrivedStaysForTheNextRun() throws Exception {
    AtomicInteger answers = new AtomicInteger();
    server.on("/v", MediaServer.breaking(file, 100_000, "\"one\"", answers));
    Cancellation cancellation = new Cancellation();
    SourceFetch fetch = new SourceFetch(new GuardedHttp(GUARD), options(1 << 20, List.of(), ""));
    HalcyonException stopped =
        assertThrows(
            HalcyonException.class,
            () ->
                fetch.fetch(
                    server.uri("/v").toString(),
                    folder,
                    (bytes, total) -> {
                      assertEquals(FILE_BYTES, total.orElseThrow());
                      cancellation.cancel();
                    },
                    cancellation));
    assertEquals(ErrorCode.CANCELLED, stopped.code());
    long kept = Files.size(folder.resolve("source.part"));
    assertTrue(kept > 0 && kept <= 100_000, () -> kept + " bytes");
    assertArrayEquals(file, Files.readAllBytes(fetch("/v")));
    assertEquals("/v bytes=" + kept + "-", server.requests().get(1));
  }

  @Test
  void hasNoMoreBytesThanAllowed() {
    server.on("/said", MediaServer.giving(200, "video/mp4", new byte[(1 << 20) + 1]));
    server.on(
        "/unsaid",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          for (int i = 0; i < 100; i++) {
            exchange.getResponseBody().write(file);
          }
        });
    assertEquals(ErrorCode.MEDIA_TOO_LARGE, failure("/said").code());
    assertEquals(ErrorCode.MEDIA_TOO_LARGE, failure("/unsaid").code());
  }

  @Test
  void leavesAloneWhatTheDiskHasToKeepFree() {
    server.on("/v", MediaServer.giving(200, "video/mp4", file));
    SourceOptions usual = options(1 << 20, List.of(), "");
    SourceOptions full =
        new SourceOptions(
            usual.pageHosts(),
            usual.mediaHosts(),
            usual.maxBytes(),
            usual.timeout(),
            Long.MAX_VALUE,
            usual.backOff(),
            usual.proxies(),
            usual.toolPath());
    HalcyonException refused =
        assertThrows(HalcyonException.class, () -> fetch(server.uri("/v").toString(), full));
    assertEquals(ErrorCode.INSUFFICIENT_STORAGE, refused.code());
  }

  @Test
  void saysWhatIsNoVideo() {
    server.on("/page", MediaServer.giving(200, "text/html; charset=utf-8", file));
    server.on("/none", MediaServer.giving(404, "text/html", file));
    server.on("/nothing", MediaServer.giving(200, "video/mp4", new byte[0]));
    assertEquals(ErrorCode.UNSUPPORTED_MEDIA, failure("/page").code());
    assertEquals(ErrorCode.NOT_FOUND, failure("/none").code());
    assertEquals(ErrorCode.NO_MEDIA, failure("/nothing").code());
    SourceOptions options = options(1, List.of(), "");
    for (String address : List.of("http://other.test/v", "https://evilpages.test/")) {
      HalcyonException refused =
          assertThrows(HalcyonException.class, () -> fetch(address, options));
      assertEquals(ErrorCode.SOURCE_REFUSED, refused.code(), address);
    }
    for (String address : List.of("rtmp://pages.test/v", "-o", "http://", "http:///x y")) {
      HalcyonException refused =
          assertThrows(HalcyonException.class, () -> fetch(address, options));
      assertEquals(ErrorCode.BAD_REQUEST, refused.code(), address);
    }
  }

  @Test
  void asksThreeTimesAndThroughTheNextProxyEachTime() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    server.on(
        "/busy",
        exchange -> {
          int n = asked.incrementAndGet();
          exchange.getResponseHeaders().set("Retry-After", "0");
          if (n < 3) {
            exchange.sendResponseHeaders(n == 1 ? 429 : 403, -1);
          } else {
            MediaServer.giving(200, "video/mp4", file).handle(exchange);
          }
        });
    AtomicInteger first = new AtomicInteger();
    AtomicInteger second = new AtomicInteger();
    try (GuardedProxy one = proxy(first);
        GuardedProxy two = proxy(second)) {
      List<HttpProxy> proxies = List.of(HttpProxy.parse(one.url()), HttpProxy.parse(two.url()));
      SourceOptions options = options(1 << 20, proxies, "");
      assertArrayEquals(file, Files.readAllBytes(fetch(server.uri("/busy").toString(), options)));
    }
    assertEquals(3, asked.get());
    assertEquals(2, first.get());
    assertEquals(1, second.get());
    server.on("/closed", MediaServer.giving(429, "text/plain", file));
    assertEquals(ErrorCode.RATE_LIMITED, failure("/closed").code());
    assertEquals(6, server.requests().size());
  }

  /** A proxy that counts whom it was asked for. */
  private static GuardedProxy proxy(AtomicInteger asked) throws IOException {
    AddressGuard guard =
        new AddressGuard(
            host -> {
              asked.incrementAndGet();
              return AddressGuard.Resolver.SYSTEM.resolve(host);
            },
            LOOPBACK);
    return GuardedProxy.open(guard, HttpLimits.DEFAULT, Optional.empty());
  }

  @Test
  void aPageIsFetchedByYtDlpWithArgumentsThatNobodyCanBend() throws Exception {
    Path tools = Files.createDirectory(folder.resolve("tools"));
    tool(
        tools,
        "yt-dlp",
        "printf '%s\\n' \"$@\" > ../said; env >> ../said\n"
            + "echo '<html>' > fetched.mp4.part\nprintf 'a film' > fetched.webm\nrm fetched.mp4.part");
    String page = "https://pages.test/watch?v=1;touch%20x&list=$(id)";
    Path fetched = fetch(page, options(1 << 20, List.of(), path(tools)));
    assertEquals("a film", Files.readString(fetched));
    List<String> said = Files.readAllLines(folder.resolve("said"));
    int end = said.indexOf("--");
    assertEquals(page, said.get(end + 1));
    assertTrue(said.subList(0, end).containsAll(List.of("--ignore-config", "--no-playlist")));
    assertTrue(said.get(said.indexOf("--proxy") + 1).startsWith("http://127.0.0.1:"));
    assertTrue(said.stream().anyMatch(line -> line.equals("YTDLP_NO_PLUGINS=1")));
    assertFalse(said.stream().anyMatch(line -> line.startsWith("JAVA_HOME")));
    assertFalse(Files.exists(folder.resolve("source.page")));
  }

  @Test
  void aPagesPartsMayLieBesideTheVideoThatTheyBecome() throws Exception {
    Path tools = Files.createDirectory(folder.resolve("tools"));
    SourceOptions options = options(1 << 20, List.of(), path(tools));
    tool(
        tools,
        "yt-dlp",
        "head -c 800000 /dev/zero > fetched.f1.mp4; head -c 100000 /dev/zero > fetched.f2.m4a\n"
            + "cat fetched.f1.mp4 fetched.f2.m4a > fetched.mp4; sleep 0.5; rm fetched.f*");
    assertEquals(900_000, Files.size(fetch("https://pages.test/one", options)));
    tool(tools, "yt-dlp", "head -c 1100000 /dev/zero > fetched.mp4");
    HalcyonException large =
        assertThrows(HalcyonException.class, () -> fetch("https://pages.test/two", options));
    assertEquals(ErrorCode.MEDIA_TOO_LARGE, large.code());
  }

  private static String path(Path tools) {
    return tools + ":/usr/bin:/bin";
  }

  private static void tool(Path tools, String name, String script) throws IOException {
    Path file = tools.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n", StandardCharsets.UTF_8);
    assertTrue(file.toFile().setExecutable(true));
  }

  @Test
  void aToolsLastWordsAreInTheError() throws Exception {
    Path tools = Files.createDirectory(folder.resolve("tools"));
    String page = "https://pages.test/watch";
    SourceOptions options = options(1 << 20, List.of(), path(tools));
    HalcyonException missing =
        assertThrows(HalcyonException.class, () -> fetch(page, options(1, List.of(), "" + tools)));
    assertTrue(missing.getMessage().contains("yt-dlp or streamlink"), missing::getMessage);

    tool(tools, "streamlink", "echo x >> ../tries; echo 'error: No plugin' >&2; exit 1");
    HalcyonException unable = assertThrows(HalcyonException.class, () -> fetch(page, options));
    assertEquals(ErrorCode.UNSUPPORTED_MEDIA, unable.code());
    assertTrue(unable.getMessage().endsWith("error: No plugin"), unable::getMessage);
    assertEquals(1, Files.readAllLines(folder.resolve("tries")).size());

    tool(tools, "yt-dlp", "echo x >> ../tries; echo 'ERROR: HTTP Error 429: slow' >&2; exit 1");
    HalcyonException busy = assertThrows(HalcyonException.class, () -> fetch(page, options));
    assertEquals(ErrorCode.RATE_LIMITED, busy.code());
    assertEquals(4, Files.readAllLines(folder.resolve("tries")).size());
  }

  @Test
  void aToolIsEndedWithAllThatItStarted() throws Exception {
    Path tools = Files.createDirectory(folder.resolve("tools"));
    String page = "https://pages.test/watch";
    tool(tools, "yt-dlp", "sleep 600 & echo $! > ../pid; echo $$ >> ../pid; printf x > y; wait");
    Cancellation cancellation = new Cancellation();
    SourceFetch fetch =
        new SourceFetch(new GuardedHttp(GUARD), options(1 << 20, List.of(), path(tools)));
    AtomicReference<List<String>> pids = new AtomicReference<>(List.of());
    HalcyonException stopped =
        assertThrows(
            HalcyonException.class,
            () ->
                fetch.fetch(
                    page,
                    folder,
                    (bytes, total) -> {
                      if (bytes > 0) {
                        pids.set(lines(folder.resolve("pid")));
                        cancellation.cancel();
                      }
                    },
                    cancellation));
    assertEquals(ErrorCode.CANCELLED, stopped.code());
    assertEquals(2, pids.get().size());
    for (String pid : pids.get()) {
      assertTrue(
          ProcessHandle.of(Long.parseLong(pid)).filter(SourceFetchTest::runs).isEmpty(),
          () -> pid + " lives on");
    }
    tool(tools, "yt-dlp", "head -c 3000000 /dev/zero > big; sleep 600");
    HalcyonException large =
        assertThrows(
            HalcyonException.class, () -> fetch(page, options(1 << 20, List.of(), path(tools))));
    assertEquals(ErrorCode.MEDIA_TOO_LARGE, large.code());
  }

  /** A child of a process that was killed may wait to be buried. */
  private static boolean runs(ProcessHandle process) {
    Path stat = Path.of("/proc/" + process.pid() + "/stat");
    return Files.exists(stat) && !lines(stat).getFirst().contains(") Z ");
  }

  private static List<String> lines(Path file) {
    try {
      return Arrays.asList(Files.readString(file).strip().split("\n"));
    } catch (IOException failure) {
      return List.of("");
    }
  }

  @Test
  void aToolReachesOnlyWhatTheGuardAllows() throws Exception {
    server.on("/media", MediaServer.giving(200, "video/mp4", file));
    try (GuardedProxy proxy = proxy(new AtomicInteger())) {
      HttpProxy through = HttpProxy.parse(proxy.url());
      HttpFetch fetch = HttpFetch.whole(server.uri("/media")).through(Optional.of(through));
      try (HttpReply reply = new GuardedHttp(GUARD).get(fetch, new Cancellation())) {
        assertArrayEquals(file, reply.body().readAllBytes());
      }
      assertEquals("HTTP/1.1 200 OK", say(proxy, "GET " + server.uri("/media") + " HTTP/1.1"));
      for (String request :
          List.of(
              "GET http://169.254.169.254/latest/meta-data HTTP/1.1",
              "CONNECT 10.0.0.1:443 HTTP/1.1",
              "CONNECT [::1]:" + server.port() + " HTTP/1.1")) {
        assertEquals("HTTP/1.1 403 Forbidden", say(proxy, request), request);
      }
      assertEquals("HTTP/1.1 400 Bad Request", say(proxy, "BREW pot"));
    }
  }

  private static String say(GuardedProxy proxy, String request) throws IOException {
    URI at = URI.create(proxy.url());
    try (Socket socket = new Socket(at.getHost(), at.getPort())) {
      byte[] head = (request + "\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
      socket.getOutputStream().write(head);
      String answer = new String(socket.getInputStream().readNBytes(60), StandardCharsets.US_ASCII);
      return answer.split("\r\n", 2)[0];
    }
  }
}

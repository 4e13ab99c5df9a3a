package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.verticles.access.AccessOptions;
import dev.halcyon.verticles.ingest.rtsp.RtspOptions.PortRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeConfigTest {
  @TempDir Path dir;

  @Test
  void defaultsAreThoseOfTheDocumentedFile() {
    NodeConfig config = NodeConfig.load(Optional.empty(), Map.of());

    assertEquals(8080, config.http().listen().port());
    assertEquals(9090, config.management().port());
    assertEquals(1935, config.rtmp().listen().port());
    assertEquals(8554, config.rtsp().listen().port());
    assertEquals(new PortRange(8600, 8999), config.rtsp().udpPorts());
    assertEquals(5, config.access().loginsPerMinute());
    assertEquals(3, config.access().registrationsPerHour());
    assertTrue(config.databaseUrl().isEmpty());
    assertEquals(config.dataDir().resolve("blobs"), config.blobs().dir());
  }

  @ParameterizedTest
  @ValueSource(strings = {"8600", "8999-8600", "0-10", "8600-70000", "8600-8600", "a-b"})
  void refusesWhatIsNoRangeOfPorts(String range) {
    assertThrows(
        ConfigException.class,
        () -> NodeConfig.load(Optional.empty(), Map.of("HALCYON_RTSP_UDP_PORTS", range)));
  }

  @Test
  void aPublishHookNeedsASecretThatIsNotShown() {
    String url = "HALCYON_INGEST_PUBLISH_HOOK_URL";
    String secret = "HALCYON_INGEST_PUBLISH_HOOK_SECRET";
    assertThrows(
        ConfigException.class,
        () -> NodeConfig.load(Optional.empty(), Map.of(url, "http://hook.example/a")));
    assertThrows(
        ConfigException.class,
        () -> NodeConfig.load(Optional.empty(), Map.of(url, "ftp://hook.example", secret, "s")));
    Map<String, String> both = Map.of(url, "https://hook.example/a", secret, "hush");
    assertTrue(NodeConfig.load(Optional.empty(), both).publishHook().isPresent());
    assertFalse(NodeConfig.masked(Optional.empty(), both).containsValue("hush"));
  }

  @Test
  void aCertificateNeedsItsKey() {
    assertThrows(
        ConfigException.class,
        () -> NodeConfig.load(Optional.empty(), Map.of("HALCYON_TLS_CERT", "cert.pem")));
    Map<String, String> both =
        Map.of("HALCYON_TLS_CERT", "c", "HALCYON_TLS_KEY", "k", "HALCYON_RTMPS_PORT", "");
    NodeConfig.Tls tls = NodeConfig.load(Optional.empty(), both).tls().orElseThrow();
    assertEquals(8443, tls.https().orElseThrow().port());
    assertEquals(Optional.empty(), tls.rtmps());
    assertEquals(8322, tls.rtsps().orElseThrow().port());
  }

  @Test
  void withoutPortsThereIsNoMediaOverUdp() {
    NodeConfig config = NodeConfig.load(Optional.empty(), Map.of("HALCYON_RTSP_UDP_PORTS", ""));

    assertEquals(PortRange.NONE, config.rtsp().udpPorts());
  }

  @Test
  void environmentWinsOverTheFileAndTheFileOverTheDefaults() throws IOException {
    Path file = file("http:\n  port: 1111\nrtmp:\n  port: 2222\n");

    NodeConfig config = NodeConfig.load(Optional.of(file), Map.of("HALCYON_HTTP_PORT", "3333"));

    assertEquals(3333, config.http().listen().port());
    assertEquals(2222, config.rtmp().listen().port());
  }

  @Test
  void keyWithUnderscoreIsReachableFromTheEnvironment() {
    NodeConfig config =
        NodeConfig.load(Optional.empty(), Map.of("HALCYON_ACCESS_LOGIN_PER_MINUTE", "77"));

    assertEquals(77, config.access().loginsPerMinute());
  }

  @Test
  void limitsReachTheServersOptions() {
    NodeConfig config =
        NodeConfig.load(
            Optional.empty(),
            Map.of(
                "HALCYON_ACCESS_REGISTRATION", "false",
                "HALCYON_ACCESS_WORKSPACE_STREAMS", "7",
                "HALCYON_HTTP_MAX_CONNECTIONS", "8"));

    assertFalse(config.access().options().isRegistrationOpen());
    assertEquals(7, config.access().options().streamsPerWorkspace());
    assertEquals(8, config.http().options(config.fetch().pullSchemes()).maxConnections());
    assertEquals(
        AccessOptions.DEFAULT, NodeConfig.load(Optional.empty(), Map.of()).access().options());
  }

  @Test
  void unknownKeyInTheFileStopsTheStart() throws IOException {
    Path file = file("http:\n  prot: 1111\n");

    ConfigException refused =
        assertThrows(ConfigException.class, () -> NodeConfig.load(Optional.of(file), Map.of()));
    assertTrue(refused.getMessage().contains("http.prot"), refused.getMessage());
  }

  @Test
  void unknownNameInTheEnvironmentIsOnlyReported() {
    NodeConfig config =
        NodeConfig.load(
            Optional.empty(), Map.of("HALCYON_TEST_DATA", "x", "HALCYON_PRT", "1", "HOME", "/"));

    assertEquals(
        List.of("HALCYON_PRT", "HALCYON_TEST_DATA"),
        config.unknownEnvironment().stream().sorted().toList());
  }

  @Test
  void badValuesNameTheirKey() {
    for (Map.Entry<String, String> bad :
        Map.of(
                "HALCYON_HTTP_PORT", "99999",
                "HALCYON_LOG_FORMAT", "xml",
                "HALCYON_INFERENCE_DEVICE", "tpu",
                "HALCYON_INFERENCE_LIVE", "mind-reader",
                "HALCYON_CLIP_THREADS", "two")
            .entrySet()) {
      ConfigException refused =
          assertThrows(
              ConfigException.class,
              () -> NodeConfig.load(Optional.empty(), Map.of(bad.getKey(), bad.getValue())));
      assertTrue(refused.getMessage().contains("."), refused.getMessage());
      assertTrue(refused.getMessage().contains(bad.getValue()), refused.getMessage());
    }
  }

  @Test
  void aMalformedDatabaseUrlStopsTheStartAndIsNotRepeated() {
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () ->
                NodeConfig.load(
                    Optional.empty(), Map.of("HALCYON_DATABASE_URL", "mysql://u:secret@db/h")));
    assertTrue(refused.getMessage().contains("database.url"), refused.getMessage());
    assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
  }

  @Test
  void passwordsAreMasked() {
    for (String url :
        List.of(
            "postgresql://u:secret@db/h",
            "postgresql://db/h?user=u&password=secret",
            "postgresql://u:a/secret@db/h",
            "postgresql://u:a@secret@db/h",
            "postgres//u:secret@db:x/h")) {
      Map<String, String> shown =
          NodeConfig.masked(Optional.empty(), Map.of("HALCYON_DATABASE_URL", url));
      assertFalse(shown.get("database.url").contains("secret"), shown.get("database.url"));
    }
    assertTrue(
        NodeConfig.masked(
                Optional.empty(), Map.of("HALCYON_DATABASE_URL", "postgresql://u:secret@db/h"))
            .get("database.url")
            .contains("db:5432/h"));
    assertEquals("", NodeConfig.masked(Optional.empty(), Map.of()).get("database.url"));
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(dir.resolve("halcyon.yaml"), yaml);
  }
}

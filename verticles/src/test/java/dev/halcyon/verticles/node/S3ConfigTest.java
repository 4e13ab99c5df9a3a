package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.verticles.blob.s3.S3Options;
import dev.halcyon.verticles.blob.s3.S3Options.Encryption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class S3ConfigTest {
  @Test
  void keepsFilesOnThisMachineUnlessABucketIsNamed() {
    assertTrue(load(Map.of()).s3().isEmpty());
    assertTrue(load(Map.of("URL", "file:///srv/clips")).s3().isEmpty());
    assertEquals(Path.of("/srv/clips"), load(Map.of("URL", "file:///srv/clips")).dir());
  }

  @Test
  void readsBucketAndPrefixFromTheUrl() {
    S3Options options = s3(Map.of("URL", "s3://my.bucket-1/a/b/"));
    assertEquals("my.bucket-1", options.bucket());
    assertEquals("a/b/", options.prefix());
    assertEquals("", s3(Map.of("URL", "s3://bucket")).prefix());
    assertEquals(
        Path.of("/fast/clips"),
        load(Map.of("URL", "s3://bucket", "S3_LOCAL_DIR", "/fast/clips")).dir());
  }

  @Test
  void hasTheDefaultsOfTheDocumentedFile() {
    S3Options options = s3(Map.of("URL", "s3://bucket"));
    assertTrue(options.keys().isEmpty() && options.endpoint().isEmpty());
    assertEquals(new Encryption.OfBucket(), options.encryption());
    assertEquals(Duration.ofDays(1), options.keep().age());
    assertFalse(options.downloads().isRedirected());
  }

  @Test
  void readsEverythingElse() {
    S3Options options =
        s3(
            Map.of(
                "URL", "s3://bucket",
                "S3_ENDPOINT", "http://minio:9000",
                "S3_PATH_STYLE", "true",
                "S3_ENCRYPTION", "kms",
                "S3_KMS_KEY", "arn:aws:kms:key",
                "S3_DOWNLOADS", "redirect",
                "S3_CHECKSUM", "md5",
                "S3_UPLOADS", "5"));
    assertEquals("minio", options.endpoint().orElseThrow().getHost());
    assertTrue(options.isPathStyle() && options.downloads().isRedirected());
    assertEquals(new Encryption.Kms(Optional.of("arn:aws:kms:key")), options.encryption());
    assertEquals(S3Options.Checksum.MD5, options.transfer().checksum());
    assertEquals(5, options.transfer().uploads());
  }

  @Test
  void refusesWhatCannotWorkAndNamesTheKey() {
    for (Map.Entry<String, String> bad :
        Map.of(
                "URL", "s3://Bucket",
                "S3_ENDPOINT", "minio:9000",
                "S3_REGION", "Frankfurt am Main",
                "S3_PART_BYTES", "1000",
                "S3_ACCESS_KEY", "id-without-secret",
                "S3_DOWNLOADS", "maybe")
            .entrySet()) {
      Map<String, String> keys = new HashMap<>(Map.of("URL", "s3://bucket"));
      keys.put(bad.getKey(), bad.getValue());
      ConfigException refused = assertThrows(ConfigException.class, () -> load(keys));
      assertTrue(refused.getMessage().contains("blob."), refused::getMessage);
    }
    for (String prefix : new String[] {"../x", "a//b", ".quarantine"}) {
      assertThrows(ConfigException.class, () -> load(Map.of("URL", "s3://bucket/" + prefix)));
    }
  }

  @Test
  void neverShowsTheSecret() {
    Map<String, String> keys =
        Map.of("URL", "s3://bucket", "S3_ACCESS_KEY", "id", "S3_SECRET_KEY", "hidden-thing");
    assertFalse(s3(keys).toString().contains("hidden-thing"));
    assertFalse(
        NodeConfig.masked(Optional.empty(), environment(keys)).toString().contains("hidden-thing"));
  }

  @Test
  void makesPartsLongerBeforeTheyAreTooMany() {
    S3Options options = s3(Map.of("URL", "s3://bucket"));
    assertTrue((500L << 30) / partBytes(options, 500L << 30) <= 10_000);
    assertEquals(8 << 20, partBytes(options, 1L << 30));
  }

  private static long partBytes(S3Options options, long sizeBytes) {
    return options.transfer().partBytesOf(sizeBytes);
  }

  private static Map<String, String> environment(Map<String, String> keys) {
    Map<String, String> environment = new HashMap<>();
    keys.forEach((name, value) -> environment.put("HALCYON_BLOB_" + name, value));
    return environment;
  }

  private static NodeConfig.Blobs load(Map<String, String> keys) {
    return NodeConfig.load(Optional.empty(), environment(keys)).blobs();
  }

  private static S3Options s3(Map<String, String> keys) {
    return load(keys).s3().orElseThrow();
  }
}

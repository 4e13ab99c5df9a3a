package dev.halcyon.verticles.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobKeyTest {
  private static final UUID WORKSPACE = UUID.fromString("11111111-1111-4111-8111-111111111111");
  private static final UUID CLIP = UUID.fromString("22222222-2222-4222-8222-222222222222");

  @Test
  void readsBackWhatItWrote() {
    BlobKey key = BlobKey.fresh(WORKSPACE, CLIP, "mp4");
    assertEquals(key, BlobKey.parse(WORKSPACE, key.text()));
  }

  @Test
  void refusesAnotherWorkspace() {
    String text = BlobKey.fresh(UUID.randomUUID(), CLIP, "mp4").text();
    assertEquals(ErrorCode.NOT_FOUND, refusal(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "11111111-1111-4111-8111-111111111111/clips/../../secret",
        "11111111-1111-4111-8111-111111111111/clips/22222222-2222-4222-8222-222222222222/../x.mp4",
        "11111111-1111-4111-8111-111111111111/clips/22222222-2222-4222-8222-222222222222/"
            + "33333333-3333-4333-8333-333333333333.mp4/..",
        "11111111-1111-4111-8111-111111111111/other/22222222-2222-4222-8222-222222222222/"
            + "33333333-3333-4333-8333-333333333333.mp4"
      })
  void refusesWhatIsNoKey(String text) {
    assertEquals(ErrorCode.NOT_FOUND, refusal(text));
  }

  private static ErrorCode refusal(String text) {
    return assertThrows(HalcyonException.class, () -> BlobKey.parse(WORKSPACE, text)).code();
  }
}

package dev.halcyon.verticles.ingest;

import java.util.Arrays;
import java.util.Random;

/** Changes bytes the way broken and hostile peers do. */
public final class Mutations {
  private Mutations() {}

  /** One to eight changes: pieces lost, doubled, filled, scrambled; bits turned over. */
  public static byte[] of(byte[] bytes, Random random) {
    byte[] changed = bytes.clone();
    for (int changes = 1 + random.nextInt(8); changes > 0 && changed.length > 0; changes--) {
      changed = changed(changed, random);
    }
    return changed;
  }

  private static byte[] changed(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    int length = Math.min(random.nextInt(64), bytes.length - at);
    byte[] head = Arrays.copyOf(bytes, at);
    byte[] piece = Arrays.copyOfRange(bytes, at, at + length);
    byte[] tail = Arrays.copyOfRange(bytes, at + length, bytes.length);
    return switch (random.nextInt(5)) {
      case 0 -> concat(head, tail);
      case 1 -> concat(head, piece, piece, tail);
      case 2 -> {
        random.nextBytes(piece);
        yield concat(head, piece, tail);
      }
      case 3 -> {
        Arrays.fill(piece, (byte) -random.nextInt(2));
        yield concat(head, piece, tail);
      }
      default -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        yield bytes;
      }
    };
  }

  private static byte[] concat(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}

package dev.halcyon.codecs.cut;

import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.ring.Ring;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** For tests: growing clips, read to their ends. */
final class Grown {
  private Grown() {}

  /** A window as it is read once it has closed. */
  static Path whole(Ring ring, CutRequest request, Path file) throws IOException {
    OpenWindow window = new OpenWindow(request.toUs());
    window.hasClosed = true;
    long longestUs = request.toUs() - request.fromUs();
    try (GrowingFile growing = GrowingFile.open(ring, request, window, longestUs).orElseThrow()) {
      write(growing, file);
    }
    return file;
  }

  static void write(ClipBytes bytes, Path file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (bytes.read(buffer) == ClipBytes.Next.BYTES) {
        out.write(buffer.flip());
        buffer.clear();
      }
    }
  }
}

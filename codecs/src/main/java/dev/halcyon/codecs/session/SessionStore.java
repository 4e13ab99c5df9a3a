package dev.halcyon.codecs.session;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** The disk under session files, so that a test can make it full. Any thread. */
public interface SessionStore {
  /** The file system of this machine. */
  SessionStore DISK =
      new SessionStore() {
        @Override
        public FileChannel open(Path file, OpenOption... options) throws IOException {
          return FileChannel.open(file, options);
        }

        @Override
        public long usableBytes(Path dir) throws IOException {
          return Files.getFileStore(dir).getUsableSpace();
        }
      };

  FileChannel open(Path file, OpenOption... options) throws IOException;

  /** Free space of the file system on which a folder lies. */
  long usableBytes(Path dir) throws IOException;
}

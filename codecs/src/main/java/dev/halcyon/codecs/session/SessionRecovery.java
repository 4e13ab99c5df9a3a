package dev.halcyon.codecs.session;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a session file that was not closed: keeps every fragment whose seal is intact, cuts the
 * file behind the last one and closes it with an index. Payloads are compared with their checksums
 * where the disk may not have had them yet when the process or the machine died; elsewhere that is
 * done when they are read. Damage in the middle costs the fragments that it hits and is a gap.
 */
final class SessionRecovery {
  private static final Logger log = LoggerFactory.getLogger(SessionRecovery.class);

  /** Less than this and without a head is the beginning of a file that came to nothing. */
  private static final long NOTHING_YET_BYTES = 1 << 20;

  private final FileChannel file;
  private final long nonce;

  /** What was kept. */
  record Kept(SessionHead head, List<Fragment> fragments, boolean hasIndex, long sizeBytes) {
    Kept {
      fragments = List.copyOf(fragments);
    }
  }

  /** A fragment with what its seal says. */
  private record Sealed(SealBox seal, Fragment fragment) {}

  private SessionRecovery(FileChannel file, long nonce) {
    this.file = file;
    this.nonce = nonce;
  }

  /** Empty when there was nothing to keep: the file is deleted then. */
  static Optional<Kept> recover(SessionStore store, Path path) throws IOException {
    try (FileChannel file = store.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Optional<SessionHead> head = HeadBox.find(file);
      if (head.isPresent()) {
        Optional<Kept> kept = new SessionRecovery(file, head.get().nonce()).keep(head.get());
        if (kept.isPresent()) {
          return kept;
        }
      } else if (file.size() >= NOTHING_YET_BYTES) {
        throw new HalcyonException(ErrorCode.RECORDING_CORRUPT, "no head of a session file");
      }
    }
    Files.delete(path);
    return Optional.empty();
  }

  private Optional<Kept> keep(SessionHead head) throws IOException {
    long endBytes = HeadBox.endOffset(file, head);
    List<Sealed> all = intact(endBytes);
    long forcedBytes = all.stream().mapToLong(each -> each.seal().forcedBytes()).max().orElse(0);
    List<Fragment> kept = new ArrayList<>();
    for (Sealed each : all) {
      Fragment fragment = each.fragment();
      if (fragment.endOffset() > forcedBytes && !isWhole(each.seal(), fragment)) {
        continue;
      }
      kept.add(fragment.offset() > endBytes ? fragment.after(Seam.DAMAGED) : fragment);
      endBytes = fragment.endOffset();
    }
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    file.truncate(endBytes);
    return Optional.of(new Kept(head, kept, hasIndex(endBytes, kept), file.size()));
  }

  /** False when there is no room for it: the next start tries again. */
  private boolean hasIndex(long endBytes, List<Fragment> fragments) throws IOException {
    ByteBuffer index = IndexBox.write(nonce, fragments);
    try {
      for (long at = endBytes; index.hasRemaining(); ) {
        at += file.write(index, at);
      }
      file.force(true);
      return true;
    } catch (IOException full) {
      log.warn("a recovered recording has no index for now", full);
      file.truncate(endBytes);
      return false;
    }
  }

  /** The fragments with an intact seal, in order. */
  private List<Sealed> intact(long fromOffset) throws IOException {
    List<Sealed> all = new ArrayList<>();
    long at = fromOffset;
    for (Optional<Sealed> next = next(at); next.isPresent(); next = next(at)) {
      all.add(next.get());
      at = next.get().fragment().endOffset();
    }
    return all;
  }

  private Optional<Sealed> next(long offset) throws IOException {
    Optional<Sealed> here = sealedAt(offset);
    return here.isPresent() ? here : searched(offset);
  }

  /** By the lengths of the boxes, which is how all but damaged files go. */
  private Optional<Sealed> sealedAt(long offset) throws IOException {
    ByteBuffer boxHead = ByteBuffer.allocate(SessionLayout.BOX_HEAD_BYTES);
    long at = offset;
    for (int box = 0; box < 2; box++) {
      if (!OwnBox.readFully(file, boxHead.clear(), at)) {
        return Optional.empty();
      }
      at += Integer.toUnsignedLong(boxHead.getInt(0));
    }
    return seal(at, offset).filter(whole -> whole.fragment().offset() == offset);
  }

  private Optional<Sealed> searched(long offset) throws IOException {
    Optional<Long> place = OwnBox.SEAL.search(file, offset);
    while (place.isPresent()) {
      Optional<Sealed> found = seal(place.get(), offset);
      if (found.isPresent()) {
        return found;
      }
      place = OwnBox.SEAL.search(file, place.get() + 1);
    }
    return Optional.empty();
  }

  /** The seal at an offset, when it is of this file and of a fragment from an offset on. */
  private Optional<Sealed> seal(long sealAt, long fromOffset) throws IOException {
    return OwnBox.SEAL
        .read(file, sealAt)
        .flatMap(body -> SealBox.read(body, sealAt))
        .filter(seal -> seal.nonce() == nonce)
        .map(seal -> new Sealed(seal, seal.fragment(sealAt)))
        .filter(whole -> whole.fragment().offset() >= fromOffset);
  }

  /** Whether all of a fragment is what was written. */
  private boolean isWhole(SealBox seal, Fragment fragment) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(seal.headBytes());
    if (!OwnBox.readFully(file, head, fragment.offset()) || OwnBox.crc(head) != seal.headCrc()) {
      return false;
    }
    for (SessionPacket packet : seal.packets()) {
      ByteBuffer payload = ByteBuffer.allocate(packet.sizeBytes());
      if (!OwnBox.readFully(file, payload, packet.offset())
          || OwnBox.crc(payload) != packet.crc()) {
        return false;
      }
    }
    return true;
  }
}

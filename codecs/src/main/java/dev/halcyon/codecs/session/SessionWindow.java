package dev.halcyon.codecs.session;

import dev.halcyon.codecs.session.SessionReader.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fragments of a recording around a window, kept on the disk until it is closed. Any thread may
 * close it; a reader is for one thread.
 */
public final class SessionWindow implements AutoCloseable {
  private final List<SessionFile.Hold> holds = new ArrayList<>();
  private List<Part> parts = new ArrayList<>();

  private SessionWindow() {}

  /**
   * From the last place at or before {@code fromUs} at which decoding can begin, or what is oldest,
   * through the first fragment that is decoded from {@code toUs} on. Blocking.
   */
  public static SessionWindow open(Recording recording, long fromUs, long toUs) throws IOException {
    SessionWindow window = new SessionWindow();
    try {
      window.collect(recording.files(), fromUs, toUs);
      return window;
    } catch (IOException | RuntimeException failure) {
      window.close();
      throw failure;
    }
  }

  private void collect(List<SessionFile> files, long fromUs, long toUs) throws IOException {
    int first = files.size() - 1;
    while (first > 0 && files.get(first).fromUs() > fromUs) {
      first--;
    }
    for (int i = first; i >= 0; i--) {
      parts.addAll(0, partsOf(files.get(i)));
      if (startAtOrBefore(fromUs) >= 0) {
        break;
      }
    }
    for (int i = first + 1; i < files.size() && endAtOrAfter(toUs) < 0; i++) {
      parts.addAll(partsOf(files.get(i)));
    }
    int start = Math.max(0, startAtOrBefore(fromUs));
    int end = endAtOrAfter(toUs);
    parts = List.copyOf(parts.subList(start, end < start ? parts.size() : end + 1));
  }

  private List<Part> partsOf(SessionFile file) throws IOException {
    Optional<SessionFile.Hold> hold = file.hold();
    if (hold.isEmpty()) {
      return List.of();
    }
    holds.add(hold.get());
    return file.fragments().stream().map(fragment -> new Part(file, fragment)).toList();
  }

  private int startAtOrBefore(long us) {
    for (int i = parts.size() - 1; i >= 0; i--) {
      Fragment fragment = parts.get(i).fragment();
      if (fragment.isStart() && fragment.startUs() <= us) {
        return i;
      }
    }
    return -1;
  }

  private int endAtOrAfter(long us) {
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).fragment().startDtsUs() >= us) {
        return i;
      }
    }
    return -1;
  }

  /** In time order. */
  public List<Part> parts() {
    return parts;
  }

  /** At the first packet; the caller closes it, before the window. */
  public SessionReader reader() {
    return new SessionReader(parts);
  }

  @Override
  public void close() {
    holds.forEach(SessionFile.Hold::close);
  }
}

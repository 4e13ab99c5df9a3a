package dev.halcyon.bench.ring;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The same packets into our ring and into what others would take, in turns of a fraction of a
 * millisecond. Main class of a JVM of its own, to which what Chronicle Queue asks for is opened;
 * prints a row of JSON for each size and sink.
 */
final class PeerAppends {
  /** What is compared, in the order of the table. */
  enum Peer {
    RING("ring, later laps"),
    MAPPED("mapped file, plain copy"),
    CHRONICLE_TOUCHED("Chronicle Queue, pre-touched"),
    CHANNEL("FileChannel.write"),
    RING_FIRST_LAP("ring, first lap"),
    CHRONICLE("Chronicle Queue, as it comes");

    private final String label;

    Peer(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  static final List<Integer> SIZES = List.of(200, 1 << 10, 6 << 10, 64 << 10, 1 << 20);

  private static final int TURN_BYTES = 256 << 10;
  private static final int MAX_PACKETS = 400_000;

  private final Path dir;
  private final long bytes;
  private final Map<Peer, Histogram> histograms = new EnumMap<>(Peer.class);
  private final Map<Peer, Long> totalNs = new EnumMap<>(Peer.class);
  private int files;

  private PeerAppends(Path dir, long bytes) {
    this.dir = dir;
    this.bytes = bytes;
  }

  /**
   * @param arguments folder; bytes that each sink takes at once; how often that is repeated
   */
  public static void main(String[] arguments) throws IOException {
    PeerAppends bench = new PeerAppends(Path.of(arguments[0]), Long.parseLong(arguments[1]));
    int rounds = Integer.parseInt(arguments[2]);
    bench.clear();
    bench.round(LatencyRun.PACKET_BYTES); // For the compiler; not counted.
    for (int size : SIZES) {
      bench.clear();
      for (int round = 0; round < rounds; round++) {
        bench.round(size);
      }
      for (Peer peer : Peer.values()) {
        System.out.println(bench.row(size, peer).encode());
      }
    }
  }

  private void clear() {
    for (Peer peer : Peer.values()) {
      histograms.put(peer, new Histogram(Cells.LONGEST_NS, 3));
      totalNs.put(peer, 0L);
    }
  }

  private void round(int size) throws IOException {
    ByteBuffer payload = ByteBuffer.allocateDirect(size);
    Map<Peer, Sink> sinks = new EnumMap<>(Peer.class);
    try {
      for (Peer peer : Peer.values()) {
        sinks.put(peer, open(peer, payload));
      }
      int packets = (int) Math.min(MAX_PACKETS, bytes / size);
      int perTurn = Math.max(1, TURN_BYTES / size);
      for (int done = 0; done < packets; done += perTurn) {
        for (Peer peer : Peer.values()) {
          turn(peer, sinks.get(peer), Math.min(perTurn, packets - done));
        }
      }
    } finally {
      for (Sink sink : sinks.values()) {
        sink.close();
      }
    }
  }

  private Sink open(Peer peer, ByteBuffer payload) throws IOException {
    Path file = dir.resolve("peer-" + files++);
    return switch (peer) {
      case RING -> Sink.lappingRing(file, bytes, payload);
      case MAPPED -> Sink.mappedFile(file, bytes, payload);
      case CHRONICLE_TOUCHED -> ChronicleSink.pretouched(file, bytes, payload);
      case CHANNEL -> Sink.fileChannel(file, bytes, payload);
      case RING_FIRST_LAP -> Sink.freshRing(file, bytes, payload);
      case CHRONICLE -> ChronicleSink.asItComes(file, payload);
    };
  }

  private void turn(Peer peer, Sink sink, int packets) throws IOException {
    Histogram histogram = histograms.get(peer);
    long sumNs = 0;
    for (int packet = 0; packet < packets; packet++) {
      long beforeNs = System.nanoTime();
      sink.append();
      long ns = System.nanoTime() - beforeNs;
      sumNs += ns;
      histogram.recordValue(Math.min(ns, Cells.LONGEST_NS));
    }
    totalNs.merge(peer, sumNs, Long::sum);
  }

  private JsonObject row(int size, Peer peer) {
    Histogram histogram = histograms.get(peer);
    double meanNs = (double) totalNs.get(peer) / histogram.getTotalCount();
    return Cells.distribution(histogram)
        .put("packet_bytes", size)
        .put("peer", peer.name())
        .put("mean_ns", meanNs)
        .put("megabytes_per_s", size * 1000.0 / meanNs);
  }
}

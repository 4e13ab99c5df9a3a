package dev.halcyon.codecs.matroska;

import dev.halcyon.core.media.Bytes;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes what comes before the clusters of a file, see {@link MatroskaFile}. No state beyond its
 * arguments.
 */
final class MatroskaHead {
  private static final int SEEK_HEAD = 0x114d9b74;
  private static final int INFO = 0x1549a966;
  private static final int TRACKS = 0x1654ae6b;
  private static final int CUES = 0x1c53bb6b;

  /** Nanoseconds of a unit of time; WebM's guidelines recommend this one. */
  private static final long TIMESTAMP_SCALE_NS = 1_000_000;

  /** Enough for any place, so that the head's length does not depend on the places in it. */
  private static final int PLACE_BYTES = 8;

  private static final String APPLICATION = "Halcyon";

  private final MatroskaFile.DocumentType type;
  private final List<MatroskaTrack> tracks;
  private final List<Cluster> clusters;
  private final ByteBuffer info;
  private final ByteBuffer entries;

  MatroskaHead(
      MatroskaFile.DocumentType type,
      List<MatroskaTrack> tracks,
      List<Cluster> clusters,
      long durationUs) {
    this.type = type;
    this.tracks = tracks;
    this.clusters = clusters;
    this.info = info(durationUs);
    this.entries = entries();
  }

  ByteBuffer toBuffer() {
    long infoPlace = seekHead(0, 0, 0).remaining();
    long tracksPlace = infoPlace + info.remaining();
    long cuesPlace = tracksPlace + entries.remaining();
    long mediaPlace = cuesPlace + cues(0).remaining();
    long mediaBytes = clusters.stream().mapToLong(Cluster::sizeBytes).sum();
    return new EbmlWriter()
        .begin(0x1a45dfa3)
        .unsigned(0x4286, 1)
        .unsigned(0x42f7, 1)
        .unsigned(0x42f2, 4)
        .unsigned(0x42f3, 8)
        .text(0x4282, type.text())
        .unsigned(0x4287, 4)
        .unsigned(0x4285, 2)
        .end()
        .open(0x18538067, mediaPlace + mediaBytes)
        .raw(seekHead(infoPlace, tracksPlace, cuesPlace))
        .raw(info)
        .raw(entries)
        .raw(cues(mediaPlace))
        .toBuffer();
  }

  private static ByteBuffer seekHead(long infoPlace, long tracksPlace, long cuesPlace) {
    EbmlWriter out = new EbmlWriter().begin(SEEK_HEAD);
    writeSeek(out, INFO, infoPlace);
    writeSeek(out, TRACKS, tracksPlace);
    writeSeek(out, CUES, cuesPlace);
    return out.end().toBuffer();
  }

  private static void writeSeek(EbmlWriter out, int id, long place) {
    Bytes name = Bytes.copyOf(new EbmlWriter().id(id).toBuffer());
    out.begin(0x4dbb).binary(0x53ab, name).unsigned(0x53ac, place, PLACE_BYTES).end();
  }

  private static ByteBuffer info(long durationUs) {
    return new EbmlWriter()
        .begin(INFO)
        .unsigned(0x2ad7b1, TIMESTAMP_SCALE_NS)
        .number(0x4489, durationUs * 1e3 / TIMESTAMP_SCALE_NS)
        .text(0x4d80, APPLICATION)
        .text(0x5741, APPLICATION)
        .end()
        .toBuffer();
  }

  private ByteBuffer entries() {
    EbmlWriter out = new EbmlWriter().begin(TRACKS);
    for (int i = 0; i < tracks.size(); i++) {
      MatroskaTrack track = tracks.get(i);
      boolean isFirst =
          tracks.subList(0, i).stream().noneMatch(other -> other.isVideo() == track.isVideo());
      new TrackEntry(out, track).write(i + 1, isFirst);
    }
    return out.end().toBuffer();
  }

  /**
   * @param mediaPlace of the first cluster
   */
  private ByteBuffer cues(long mediaPlace) {
    boolean hasVideo = tracks.getFirst().isVideo();
    EbmlWriter out = new EbmlWriter().begin(CUES);
    long place = mediaPlace;
    for (Cluster cluster : clusters) {
      if (cluster.isSeekable(hasVideo)) {
        out.begin(0xbb).unsigned(0xb3, cluster.timestampMs()).begin(0xb7);
        out.unsigned(0xf7, 1).unsigned(0xf1, place, PLACE_BYTES).end().end();
      }
      place += cluster.sizeBytes();
    }
    return out.end().toBuffer();
  }
}

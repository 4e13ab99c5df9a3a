package dev.halcyon.verticles.preview;

import dev.halcyon.codecs.cut.LiveListing;
import dev.halcyon.codecs.cut.LivePart;
import dev.halcyon.codecs.cut.LiveSegment;
import dev.halcyon.codecs.cut.LiveSegments;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A stream as a media playlist of Low-Latency HTTP Live Streaming (RFC 8216 and
 * draft-pantos-hls-rfc8216bis). All that the ring holds is in it, so that a viewer can go back;
 * parts are named for the newest segments only.
 *
 * @param token in front of all names, so that none is used again for something else
 * @param hasEnded whether nothing follows
 */
public record LivePlaylist(LiveListing listing, String token, boolean hasEnded) {
  public static final String CONTENT_TYPE = "application/vnd.apple.mpegurl";

  /** What players that update their list may leave out is older: six times the target. */
  private static final long SKIP_UNTIL_US = 6_000_000L * LiveSegments.TARGET_S;

  /** Parts of older segments are of no use to anybody: three times the target. */
  private static final long PARTS_UNTIL_US = 3_000_000L * LiveSegments.TARGET_S;

  private static final DateTimeFormatter WALL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

  /** Segments last nearly two seconds at the least. */
  private static final int MOST_WITH_PARTS = (int) (PARTS_UNTIL_US / 1_900_000) + 1;

  private static final double LEAST_HOLD_BACK_S = 1;

  /** Whether a segment, or a part of it, is there. */
  public boolean has(long number, int part) {
    return listing.has(number, part);
  }

  /** Whether a player that asks for this has lost its way: it is not about to come. */
  public boolean isFar(long number) {
    return number > listing.nextNumber() + 1;
  }

  /**
   * The list as text.
   *
   * @param query behind every address, with its question mark
   * @param isUpdate whether the player has the older segments already
   */
  public String text(String query, boolean isUpdate) {
    List<LiveSegment> segments = listing.segments();
    int skipped = isUpdate ? skippable(segments) : 0;
    StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:9\n");
    appendHead(text);
    if (skipped > 0) {
      text.append("#EXT-X-SKIP:SKIPPED-SEGMENTS=").append(skipped).append('\n');
    }
    long fromEndUs = lengthUs(segments) + listing.open().map(LiveSegment::lengthUs).orElse(0L);
    int header = -1;
    for (int i = 0; i < segments.size(); i++) {
      LiveSegment segment = segments.get(i);
      if (i >= skipped) {
        appendBegin(text, segment, header, query);
        header = segment.header();
        if (fromEndUs < PARTS_UNTIL_US) {
          appendParts(text, segment, query);
        }
        text.append("#EXTINF:").append(seconds(segment.lengthUs())).append(",\n");
        text.append(name(segment.number())).append(".m4s").append(query).append('\n');
      }
      fromEndUs -= segment.lengthUs();
    }
    appendOpen(text, header, query);
    return text.toString();
  }

  private void appendHead(StringBuilder text) {
    double partS = longestPartUs() / 1e6;
    text.append("#EXT-X-TARGETDURATION:").append(LiveSegments.TARGET_S).append('\n');
    text.append("#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=")
        .append(decimal(Math.max(LEAST_HOLD_BACK_S, 3 * partS)))
        .append(",CAN-SKIP-UNTIL=")
        .append(decimal(SKIP_UNTIL_US / 1e6))
        .append('\n');
    text.append("#EXT-X-PART-INF:PART-TARGET=").append(decimal(partS)).append('\n');
    text.append("#EXT-X-MEDIA-SEQUENCE:").append(firstNumber()).append('\n');
    text.append("#EXT-X-DISCONTINUITY-SEQUENCE:").append(listing.discontinuities()).append('\n');
  }

  /** Of the parts that may be named. */
  private long longestPartUs() {
    List<LiveSegment> segments = listing.segments();
    int from = Math.max(0, segments.size() - MOST_WITH_PARTS);
    return Stream.concat(segments.subList(from, segments.size()).stream(), listing.open().stream())
        .flatMap(segment -> segment.parts().stream())
        .mapToLong(LivePart::lengthUs)
        .reduce(LiveSegments.PART_US, Math::max);
  }

  private long firstNumber() {
    return listing.segments().isEmpty()
        ? listing.nextNumber()
        : listing.segments().getFirst().number();
  }

  private int skippable(List<LiveSegment> segments) {
    long fromEndUs = lengthUs(segments) + listing.open().map(LiveSegment::lengthUs).orElse(0L);
    int count = 0;
    for (LiveSegment segment : segments) {
      if (fromEndUs <= SKIP_UNTIL_US) {
        return count;
      }
      fromEndUs -= segment.lengthUs();
      count++;
    }
    return count;
  }

  private static long lengthUs(List<LiveSegment> segments) {
    return segments.stream().mapToLong(LiveSegment::lengthUs).sum();
  }

  private String name(long number) {
    return token + "-" + number;
  }

  private void appendBegin(StringBuilder text, LiveSegment segment, int header, String query) {
    if (segment.isDiscontinuous()) {
      text.append("#EXT-X-DISCONTINUITY\n");
    }
    if (segment.header() != header) {
      text.append("#EXT-X-MAP:URI=\"init-").append(name(segment.header())).append(".mp4");
      text.append(query).append("\"\n");
    }
    text.append("#EXT-X-PROGRAM-DATE-TIME:").append(wall(segment.wallUs())).append('\n');
  }

  private static String wall(long wallUs) {
    return WALL.format(Instant.EPOCH.plus(wallUs, ChronoUnit.MICROS));
  }

  private void appendParts(StringBuilder text, LiveSegment segment, String query) {
    for (int i = 0; i < segment.parts().size(); i++) {
      LivePart part = segment.parts().get(i);
      text.append("#EXT-X-PART:DURATION=").append(seconds(part.lengthUs()));
      text.append(",URI=\"").append(name(segment.number())).append('.').append(i).append(".m4s");
      text.append(query).append('"');
      text.append(part.isIndependent() ? ",INDEPENDENT=YES\n" : "\n");
    }
  }

  private void appendOpen(StringBuilder text, int header, String query) {
    listing
        .open()
        .ifPresent(
            segment -> {
              appendBegin(text, segment, header, query);
              appendParts(text, segment, query);
            });
    if (hasEnded) {
      text.append("#EXT-X-ENDLIST\n");
      return;
    }
    text.append("#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"")
        .append(name(listing.nextNumber()))
        .append('.');
    text.append(listing.openParts()).append(".m4s").append(query).append("\"\n");
  }

  private static String seconds(long us) {
    return String.format(Locale.ROOT, "%.5f", us / 1e6);
  }

  private static String decimal(double s) {
    return String.format(Locale.ROOT, "%.3f", s);
  }
}

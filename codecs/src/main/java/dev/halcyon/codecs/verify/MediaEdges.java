package dev.halcyon.codecs.verify;

import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.clip.verify.MeasuredFile;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * A file's media without its edit list: how many packets there are, and whether the pictures shown
 * at the edges are those that lie there. One thread.
 */
final class MediaEdges {
  private static final Map<String, String> WITHOUT_EDITS = Map.of("ignore_editlist", "1");

  private final Path file;
  private final List<ShownPicture> first;
  private final List<ShownPicture> last;

  /** Presentation times in the media, by the places of their packets; only those of the edges. */
  private final Map<Long, Long> ptsByPosition = new HashMap<>();

  /** Numbers of the video packets at which decoding may begin, and of those at the edges. */
  private final TreeSet<Integer> keyframes = new TreeSet<>();

  private final TreeSet<Integer> firstPackets = new TreeSet<>();
  private final TreeSet<Integer> lastPackets = new TreeSet<>();
  private final Map<Long, Integer> digests = new HashMap<>();
  private Optional<String> fault = Optional.empty();
  private int packets;

  /** Of the first video packet, in the stream's time base. */
  private long firstPts;

  private long trimUs;

  private MediaEdges(Path file, List<ShownPicture> first, List<ShownPicture> last) {
    this.file = file;
    this.first = first;
    this.last = last;
  }

  /**
   * @param first the first pictures that were presented
   * @param last the last ones
   */
  static MediaEdges of(Path file, List<ShownPicture> first, List<ShownPicture> last) {
    MediaEdges edges = new MediaEdges(file, first, last);
    try {
      edges.scan();
      edges.decode();
    } catch (HalcyonException broken) {
      FileMeasurer.requireNoInterrupt();
      edges.fault = Optional.of(broken.code().name());
    }
    return edges;
  }

  Optional<String> fault() {
    return fault;
  }

  int packets() {
    return packets;
  }

  /** From the first picture in the file to the first one shown; 0 where the latter is not known. */
  long trimUs() {
    return trimUs;
  }

  MeasuredFile.Edges edges() {
    return new MeasuredFile.Edges(first.size(), same(first), last.size(), same(last));
  }

  private int same(List<ShownPicture> shown) {
    return (int)
        shown.stream()
            .filter(
                picture -> {
                  Integer digest = digests.get(ptsByPosition.get(picture.position()));
                  return digest != null && digest == picture.digest();
                })
            .count();
  }

  private void scan() {
    Set<Long> atStart = positions(first);
    Set<Long> atEnd = positions(last);
    try (DemuxerHandle demuxer = DemuxerHandle.ofFile(file, WITHOUT_EDITS);
        PacketHandle packet = new PacketHandle()) {
      OptionalInt video = demuxer.firstStream(AVMEDIA_TYPE_VIDEO);
      int number = 0;
      while (demuxer.read(packet)) {
        FileMeasurer.requireNoInterrupt();
        packets++;
        if (video.isEmpty() || packet.pointer().stream_index() != video.getAsInt()) {
          continue;
        }
        long position = packet.pointer().pos();
        if (number == 0) {
          firstPts = packet.pointer().pts();
        }
        if (packet.isKeyframe()) {
          keyframes.add(number);
        }
        if (atStart.contains(position)) {
          firstPackets.add(number);
        }
        if (atEnd.contains(position)) {
          lastPackets.add(number);
        }
        if (atStart.contains(position) || atEnd.contains(position)) {
          ptsByPosition.put(position, packet.pointer().pts());
        }
        number++;
      }
      Long shown = first.isEmpty() ? null : ptsByPosition.get(first.getFirst().position());
      trimUs = shown == null ? 0 : demuxer.us(video.orElseThrow(), shown - firstPts);
    }
  }

  private static Set<Long> positions(List<ShownPicture> pictures) {
    return new TreeSet<>(pictures.stream().map(ShownPicture::position).toList());
  }

  private void decode() {
    if (firstPackets.isEmpty() || lastPackets.isEmpty()) {
      return;
    }
    int startEnd = nextKeyframeBut(1, firstPackets.last());
    int lastStart = Math.max(startEnd, keyframeBefore(lastPackets.first()));
    try (DemuxerHandle demuxer = DemuxerHandle.ofFile(file, WITHOUT_EDITS);
        PacketHandle packet = new PacketHandle();
        CodecContextHandle decoder =
            CodecContextHandle.decoderOf(
                demuxer.stream(demuxer.firstStream(AVMEDIA_TYPE_VIDEO).orElseThrow()))) {
      int video = demuxer.firstStream(AVMEDIA_TYPE_VIDEO).orElseThrow();
      int number = 0;
      while (demuxer.read(packet)) {
        FileMeasurer.requireNoInterrupt();
        if (packet.pointer().stream_index() != video) {
          continue;
        }
        if (number == lastStart && lastStart > startEnd) {
          finish(decoder);
          decoder.flush();
        }
        if (number < startEnd || number >= lastStart) {
          send(decoder, packet);
          receive(decoder);
        }
        number++;
      }
      finish(decoder);
    }
  }

  /** Damage shows in the presentation, or in a picture that is missing here. */
  private static void send(CodecContextHandle decoder, PacketHandle packet) {
    try {
      decoder.send(packet);
    } catch (HalcyonException refused) {
      if (refused.code() == ErrorCode.WOULD_BLOCK) {
        throw refused;
      }
    }
  }

  private void finish(CodecContextHandle decoder) {
    decoder.endPackets();
    receive(decoder);
  }

  private void receive(CodecContextHandle decoder) {
    try (FrameHandle frame = new FrameHandle()) {
      while (decoder.receive(frame)) {
        long pts = frame.pointer().best_effort_timestamp();
        if (ptsByPosition.containsValue(pts)) {
          digests.put(pts, PictureDigest.of(frame.pointer()));
        }
      }
    }
  }

  /** Past the GOP after that of {@code number}: its leading pictures push the last ones out. */
  private int nextKeyframeBut(int skipped, int number) {
    List<Integer> later = new ArrayList<>(keyframes.tailSet(number, false));
    return later.size() > skipped ? later.get(skipped) : Integer.MAX_VALUE;
  }

  /** A keyframe from which pictures at {@code number} decode, leading ones of an open GOP too. */
  private int keyframeBefore(int number) {
    Integer own = keyframes.floor(number);
    Integer before = own == null ? null : keyframes.lower(own);
    return before == null ? 0 : before;
  }
}

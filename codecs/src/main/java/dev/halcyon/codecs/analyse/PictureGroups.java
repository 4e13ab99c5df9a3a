package dev.halcyon.codecs.analyse;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.codecs.av.PacketHandle;
import java.util.TreeMap;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * How large the packets of each group of pictures are: where a shot gives way to another inside of
 * one, the first packet of the new shot is large, as little of it can be predicted. One thread.
 */
final class PictureGroups {
  /** Of the keyframe's size, what a picture has that is wholly new. */
  private static final double NEW = 0.3;

  /** And how many times the size of the others of its group. */
  private static final double OVER_MEAN = 2.5;

  /** Groups that are read, but whose keyframe is not decoded yet. */
  private static final int MOST_GROUPS = 256;

  private final AnalysisInput input;
  private final TreeMap<Long, Group> groups = new TreeMap<>();
  private Group last = new Group();

  /** Of one group. */
  private static final class Group {
    private int keyframeBytes;
    private int mostBytes;
    private long allBytes;
    private int pictures;

    boolean hasPeak() {
      return mostBytes >= NEW * keyframeBytes
          && mostBytes * (long) pictures >= OVER_MEAN * allBytes;
    }
  }

  PictureGroups(AnalysisInput input) {
    this.input = input;
  }

  void onPacket(PacketHandle packet) {
    AVPacket raw = packet.pointer();
    if (!packet.isKeyframe()) {
      last.mostBytes = Math.max(last.mostBytes, raw.size());
      last.allBytes += raw.size();
      last.pictures++;
      return;
    }
    last = new Group();
    last.keyframeBytes = raw.size();
    long stamp = raw.pts() == AV_NOPTS_VALUE ? raw.dts() : raw.pts();
    if (stamp != AV_NOPTS_VALUE) {
      long atUs = input.demuxer().us(raw.stream_index(), stamp) - input.probe().startUs();
      groups.put(atUs, last);
    }
    if (groups.size() > MOST_GROUPS) {
      groups.pollFirstEntry();
    }
  }

  /** Whether a packet stands out in the group whose keyframe begins then; also when not known. */
  boolean hasPeak(long keyframeUs) {
    Group group = groups.get(keyframeUs);
    return group == null || group.hasPeak();
  }

  void forgetBefore(long keyframeUs) {
    groups.headMap(keyframeUs).clear();
  }
}

package dev.halcyon.verticles.ingest;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Track;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a transport hands over. */
public final class RecordingPublication implements Publication {
  public record Packet(int track, boolean isKeyframe, long ptsUs, long dtsUs, Bytes payload) {}

  private final List<Track> tracks = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<Packet> packets = new ConcurrentLinkedQueue<>();
  private final List<String> alerts = new CopyOnWriteArrayList<>();
  private final List<Integer> seams = new CopyOnWriteArrayList<>();
  private final List<String> closings = new CopyOnWriteArrayList<>();

  @Override
  public void onTrack(Track track) {
    requireOpen();
    tracks.add(track);
  }

  @Override
  public void onPacket(
      int trackIndex, boolean isKeyframe, long ptsUs, long dtsUs, ByteBuffer payload) {
    requireOpen();
    if (tracks.stream().noneMatch(track -> track.index() == trackIndex)) {
      throw new AssertionError("packet before its track");
    }
    packets.add(new Packet(trackIndex, isKeyframe, ptsUs, dtsUs, Bytes.copyOf(payload)));
  }

  @Override
  public void onSeam(int trackIndex) {
    requireOpen();
    seams.add(trackIndex);
  }

  @Override
  public void onAlert(String code, String message) {
    requireOpen();
    alerts.add(code + ": " + message);
  }

  @Override
  public void close(String reason) {
    closings.add(reason);
  }

  public List<Track> tracks() {
    return tracks;
  }

  public List<Packet> packets() {
    return List.copyOf(packets);
  }

  public List<Packet> packets(int track) {
    return packets.stream().filter(packet -> packet.track() == track).toList();
  }

  /** Tracks whose next packet was said not to adjoin. */
  public List<Integer> seams() {
    return seams;
  }

  /** {@code CODE: message}. */
  public List<String> alerts() {
    return alerts;
  }

  /** The reasons of all closings: one at most in a well-behaved transport. */
  public List<String> closings() {
    return closings;
  }

  private void requireOpen() {
    if (!closings.isEmpty()) {
      throw new AssertionError("media after close");
    }
  }
}

package dev.halcyon.codecs.testcard;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.PacketSource;
import dev.halcyon.codecs.mux.PreparedLoop;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The packets of a test card, encoded as they are asked for, in dts order. Frame indexes count on
 * for as long as it runs. The first dts are before {@link TestCard#startUs()} by the reordering
 * depth and the audio encoder's priming. One platform thread; closed by who made it.
 */
public final class TestCardSource implements PacketSource {
  private static final long ENDLESS = Long.MAX_VALUE;

  /** Video first, then audio. */
  private final List<CardTrack> cardTracks = new ArrayList<>();

  private final List<Track> tracks;

  private TestCardSource(TestCard card, long durationUs) {
    try {
      card.video().ifPresent(video -> cardTracks.add(new CardVideoTrack(card, video, durationUs)));
      card.audio()
          .ifPresent(
              audio ->
                  cardTracks.add(new CardAudioTrack(card, audio, cardTracks.size(), durationUs)));
    } catch (RuntimeException failure) {
      close();
      throw failure;
    }
    tracks = cardTracks.stream().map(CardTrack::track).toList();
  }

  /**
   * The programme from 0 to {@code durationUs}: all pictures that begin before, and the sound to
   * the end of the audio frame in which it ends.
   *
   * @throws HalcyonException UNSUPPORTED_MEDIA when this build of FFmpeg cannot encode the card
   */
  public static TestCardSource of(TestCard card, long durationUs) {
    if (durationUs <= 0) {
      throw new IllegalArgumentException("nothing to make [durationUs=" + durationUs + "]");
    }
    return new TestCardSource(card, durationUs);
  }

  /** The programme for as long as it is asked for. */
  public static TestCardSource endless(TestCard card) {
    return new TestCardSource(card, ENDLESS);
  }

  /**
   * Encodes a card once, to be sent over and over: for load without the cost of encoding. The
   * length is chosen near {@code aboutUs} such that a GOP and an audio frame begin at its end as
   * nearly together as can be, so that every round follows without a joint.
   */
  public static PreparedLoop prepareLoop(TestCard card, long aboutUs) {
    long lengthUs = card.video().map(video -> loopLengthUs(card, video, aboutUs)).orElse(aboutUs);
    try (TestCardSource source = of(card, lengthUs)) {
      return new PreparedLoop(source, lengthUs);
    }
  }

  private static long loopLengthUs(TestCard card, TestCard.Video video, long aboutUs) {
    long bestUs = gopsUs(video, 1);
    long bestRest = Long.MAX_VALUE;
    for (long gops = 1; gopsUs(video, gops) <= aboutUs; gops++) {
      long lengthUs = gopsUs(video, gops);
      long rest = card.audio().map(audio -> restUs(audio, lengthUs)).orElse(0L);
      if (rest <= bestRest && lengthUs > aboutUs / 2) {
        bestRest = rest;
        bestUs = lengthUs;
      }
    }
    return bestUs;
  }

  private static long gopsUs(TestCard.Video video, long gops) {
    return video.timeUs(gops * video.gopFrames()) - video.offsetUs();
  }

  /** How far a time lies from the nearest begin of an audio frame. */
  private static long restUs(TestCard.Audio audio, long timeUs) {
    long frame = audio.frameSamples() * 1_000_000L;
    long after = timeUs * audio.sampleRateHz() % frame;
    return Math.min(after, frame - after) / audio.sampleRateHz();
  }

  @Override
  public List<Track> tracks() {
    return tracks;
  }

  @Override
  public Optional<CodedPacket> next() {
    CardTrack earliest = null;
    long earliestUs = 0;
    for (CardTrack track : cardTracks) {
      Optional<CodedPacket> head = track.peek();
      if (head.isPresent() && (earliest == null || head.get().dtsUs() < earliestUs)) {
        earliest = track;
        earliestUs = head.get().dtsUs();
      }
    }
    return earliest == null ? Optional.empty() : Optional.of(earliest.take());
  }

  @Override
  public void close() {
    cardTracks.forEach(CardTrack::close);
  }
}

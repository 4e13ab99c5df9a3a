package dev.halcyon.verticles.stream.tap;

import dev.halcyon.codecs.audio.AudioBlock;
import dev.halcyon.codecs.audio.LevelMeter;
import dev.halcyon.codecs.decode.AudioDecoder;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Track;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decodes the whole of a stream's first audio track, measures its level ten times a second and
 * lends the sound itself to who listens to it.
 */
public final class AudioTap extends Tap {
  private final LevelMeter meter = new LevelMeter();
  private final Consumer<AudioBlock> sink;
  private final Optional<SoundListener> sounds;

  private AudioFormat format;
  private boolean isRefused;
  private long arrivalUs;

  /** Null while none is needed. */
  private AudioDecoder decoder;

  public AudioTap(Ring ring, TapListener listener) {
    this(ring, listener, Optional.empty());
  }

  /**
   * @param sounds listens to the sound itself
   */
  public AudioTap(Ring ring, TapListener listener, Optional<SoundListener> sounds) {
    super(ring);
    this.sounds = sounds;
    sink =
        block -> {
          meter.add(block, level -> listener.onLevel(level, arrivalUs));
          sounds.ifPresent(heard -> heard.onSound(block));
        };
  }

  @Override
  boolean isFirst() {
    return true;
  }

  @Override
  boolean isFor(Track candidate) {
    return candidate.format() instanceof AudioFormat;
  }

  @Override
  void onConfiguration(Track configured) {
    free();
    format = (AudioFormat) configured.format();
    isRefused = false;
  }

  @Override
  void onBreak() {
    meter.reset();
    if (decoder != null) {
      decoder.flush();
    }
  }

  @Override
  boolean isWanted(RingCursor packet) {
    return !isRefused;
  }

  @Override
  long onPacket(RingCursor packet, PayloadBuffer payload) {
    if (decoder == null) {
      try {
        decoder = new AudioDecoder(format);
      } catch (HalcyonException failure) {
        isRefused = true;
        refuse(format, failure);
        return 0;
      }
    }
    arrivalUs = packet.arrivalUs();
    decoder.decode(payload.packet(), packet.ptsUs(), sink);
    return decoder.corruptPackets();
  }

  @Override
  void free() {
    meter.reset();
    sounds.ifPresent(SoundListener::free);
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }
}

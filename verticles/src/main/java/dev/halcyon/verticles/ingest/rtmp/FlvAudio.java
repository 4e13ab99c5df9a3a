package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.media.AacConfig;
import dev.halcyon.verticles.ingest.media.Ac3Header;
import dev.halcyon.verticles.ingest.media.FlacStreamInfo;
import dev.halcyon.verticles.ingest.media.MpegAudioHeader;
import dev.halcyon.verticles.ingest.media.OpusConfig;
import dev.halcyon.verticles.ingest.sound.PcmFormat;
import dev.halcyon.verticles.ingest.sound.PlainSound;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The audio track of an RTMP publisher: configurations and sound. One thread. */
final class FlvAudio implements AutoCloseable {
  private static final byte[] OPUS_HEAD = "OpusHead".getBytes(StandardCharsets.US_ASCII);
  private static final int OPUS_CHANNELS_AT = 9;
  private static final int TELEPHONE_HZ = 8_000;

  private final Publication publication;
  private final SoundEncoding.Factory encodings;
  private AudioFormat format;

  /** Null while the sound is kept as it comes. */
  private PlainSound plain;

  FlvAudio(Publication publication, SoundEncoding.Factory encodings) {
    this.publication = publication;
    this.encodings = encodings.forTrack();
  }

  /**
   * @throws HalcyonException CORRUPT_MEDIA, UNSUPPORTED_MEDIA
   */
  void configure(FourCc codec, ByteBuffer config) {
    switch (codec) {
      case AAC -> announce(AacConfig.parse(config));
      case OPUS -> announce(OpusConfig.of(opusChannels(config)));
      case FLAC -> announce(FlacStreamInfo.format(config));
      default -> {} // The packets of the others say it all.
    }
  }

  /** An identification header as Ogg has it (RFC 7845, 5.1). */
  private static int opusChannels(ByteBuffer head) {
    byte[] magic = new byte[OPUS_HEAD.length];
    if (head.remaining() <= OPUS_CHANNELS_AT) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "Opus configuration cut off");
    }
    head.get(head.position(), magic);
    int channels = head.get(head.position() + OPUS_CHANNELS_AT) & 0xff;
    if (!Arrays.equals(magic, OPUS_HEAD)) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "not an Opus configuration");
    }
    if (channels < 1 || channels > 2) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "Opus of " + channels + " channels is not supported");
    }
    return channels;
  }

  /**
   * @return whether it was taken: not before the configuration is known
   * @throws HalcyonException CORRUPT_MEDIA
   */
  boolean onSound(FourCc codec, long atUs, ByteBuffer data) {
    switch (codec) {
      case AC3 -> announce(Ac3Header.format(data));
      case MP3 -> announce(mp3(data));
      case OPUS -> {
        if (format == null) {
          announce(OpusConfig.of(2)); // FFmpeg before 8.1 sends no configuration.
        }
      }
      default -> {}
    }
    if (format == null || format.codec() != codec.codec()) {
      return false;
    }
    publication.onPacket(FlvDemuxer.AUDIO_TRACK, true, atUs, atUs, data);
    return true;
  }

  /**
   * Sound that has no configuration: MP3, and what is encoded before it is kept.
   *
   * @param header the tag's first byte
   * @return false when it is none of these
   */
  boolean onPlainSound(int header, long atUs, ByteBuffer data) {
    int channels = (header & 1) + 1;
    int rateHz = 5_512 << (header >> 2 & 3);
    rateHz = rateHz == 11_024 ? 11_025 : rateHz == 22_048 ? 22_050 : rateHz == 44_096 ? 44_100 : 0;
    boolean isWide = (header & 2) != 0;
    Optional<PcmFormat> pcm =
        switch (header >> 4) {
          case 2, 14 -> {
            onSound(FourCc.MP3, atUs, data);
            yield Optional.empty();
          }
          case 0, 3 ->
              pcm(isWide ? PcmFormat.Encoding.L16_LE : PcmFormat.Encoding.U8, rateHz, channels);
          case 7 -> pcm(PcmFormat.Encoding.A_LAW, TELEPHONE_HZ, channels);
          case 8 -> pcm(PcmFormat.Encoding.MU_LAW, TELEPHONE_HZ, channels);
          default -> {
            yield Optional.empty();
          }
        };
    if (pcm.isPresent()) {
      encode(pcm.get(), atUs, data);
    }
    return pcm.isPresent() || header >> 4 == 2 || header >> 4 == 14;
  }

  private static Optional<PcmFormat> pcm(PcmFormat.Encoding encoding, int rateHz, int channels) {
    return rateHz == 0 ? Optional.empty() : Optional.of(new PcmFormat(encoding, rateHz, channels));
  }

  private void encode(PcmFormat sound, long atUs, ByteBuffer data) {
    if (plain == null || !plain.format().equals(sound)) {
      close();
      plain = new PlainSound(sound, encodings, new Encoded());
    }
    plain.onSound(atUs, data);
  }

  private final class Encoded implements PlainSound.Sink {
    @Override
    public void onFormat(AudioFormat encoded) {
      announce(encoded);
    }

    @Override
    public void onPacket(long atUs, ByteBuffer packet) {
      publication.onPacket(FlvDemuxer.AUDIO_TRACK, true, atUs, atUs, packet);
    }

    @Override
    public void onSeam() {
      publication.onSeam(FlvDemuxer.AUDIO_TRACK);
    }

    @Override
    public void onFailure(String reason) {
      publication.onAlert("TRACK_FAILED", "sound: " + reason);
    }
  }

  private static AudioFormat mp3(ByteBuffer frame) {
    if (frame.remaining() < MpegAudioHeader.BYTES) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "MP3 frame cut off");
    }
    MpegAudioHeader header =
        MpegAudioHeader.parse(frame.getInt(frame.position()))
            .filter(found -> found.layer() == 3)
            .orElseThrow(() -> new HalcyonException(ErrorCode.CORRUPT_MEDIA, "no MP3 frame"));
    return new AudioFormat(Codec.MP3, header.sampleRateHz(), header.channels(), Bytes.EMPTY);
  }

  private void announce(AudioFormat next) {
    if (!next.equals(format)) {
      format = next;
      publication.onTrack(new Track(FlvDemuxer.AUDIO_TRACK, next));
    }
  }

  @Override
  public void close() {
    if (plain != null) {
      plain.close();
      plain = null;
    }
  }
}

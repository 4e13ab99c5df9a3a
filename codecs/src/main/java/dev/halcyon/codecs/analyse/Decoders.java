package dev.halcyon.codecs.analyse;

import dev.halcyon.codecs.audio.AudioBlock;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.core.analysis.AnalysisPart;
import java.util.Optional;
import java.util.function.Consumer;

/** What decodes a file in one reading. One platform thread; closed by who made it. */
final class Decoders implements AutoCloseable {
  private final AnalysisInput input;
  private final PictureDecoder.Mode mode;
  private final Consumer<AudioBlock> soundSink;
  private final Consumer<PacketHandle> watcher;
  private final Optional<PictureDecoder> pictures;
  private Optional<SoundDecoder> sound = Optional.empty();

  /**
   * @param pictureSink is lent each picture
   * @param soundSink is lent each run of sound
   * @param watcher is lent each packet of the pictures before it is decoded or passed over
   */
  Decoders(
      AnalysisInput input,
      PictureDecoder.Mode mode,
      PictureDecoder.Sink pictureSink,
      Consumer<AudioBlock> soundSink,
      Consumer<PacketHandle> watcher) {
    this.watcher = watcher;
    this.input = input;
    this.mode = mode;
    this.soundSink = soundSink;
    pictures =
        input.picture().isPresent()
            ? Optional.of(new PictureDecoder(input, mode, pictureSink))
            : Optional.empty();
    try {
      if (input.sound().isPresent()) {
        sound =
            Optional.of(
                new SoundDecoder(
                    input.demuxer(), input.sound().getAsInt(), input.probe().startUs()));
      }
    } catch (RuntimeException failure) {
      close();
      throw failure;
    }
  }

  /** Reads the file from where its demuxer stands to its end. */
  void read() {
    new AnalysisPass(input.demuxer(), input.progress()).read(this::decode, () -> false);
    pictures.ifPresent(PictureDecoder::end);
    sound.ifPresent(this::endHearing);
  }

  /** What was read before the streams were chosen may still be of others. */
  private void decode(PacketHandle packet) {
    int stream = packet.pointer().stream_index();
    if (stream == input.sound().orElse(-1)) {
      sound.ifPresent(decoder -> hear(decoder, packet));
    } else if (stream == input.picture().orElse(-1)) {
      watcher.accept(packet);
      if (mode == PictureDecoder.Mode.ALL || packet.isKeyframe()) {
        pictures.ifPresent(decoder -> decoder.decode(packet));
      }
    }
  }

  private void hear(SoundDecoder decoder, PacketHandle packet) {
    long fromNs = CpuTime.ofThisThreadNs();
    decoder.decode(packet, soundSink);
    input.clock().tookHere(AnalysisPart.SOUND, CpuTime.ofThisThreadNs() - fromNs);
  }

  private void endHearing(SoundDecoder decoder) {
    long fromNs = CpuTime.ofThisThreadNs();
    decoder.end(soundSink);
    input.clock().tookHere(AnalysisPart.SOUND, CpuTime.ofThisThreadNs() - fromNs);
  }

  /** When the last picture ends, in media time. */
  long pictureEndUs() {
    return pictures.map(PictureDecoder::endUs).orElse(0L);
  }

  long damagedPackets() {
    return pictures.map(PictureDecoder::damagedPackets).orElse(0L)
        + sound.map(SoundDecoder::damagedPackets).orElse(0L);
  }

  @Override
  public void close() {
    sound.ifPresent(SoundDecoder::close);
    pictures.ifPresent(PictureDecoder::close);
  }
}

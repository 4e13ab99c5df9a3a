package dev.halcyon.codecs.format;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.MuxerHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes of a clip's MP4 a file in a container that has no edit lists. It shows the same pictures:
 * where the edit list hides some, which a decoder needs all the same, the pictures are encoded
 * anew. Sound is copied; it begins with the first packet that does not begin before the pictures.
 * On a platform thread; blocking; an interrupt ends it.
 */
public final class ClipRemux {
  /** Encoding holds a thread for about as long as the clip plays. */
  private static final long MAX_ENCODED_US = 600_000_000;

  private ClipRemux() {}

  /** What became of the pictures. */
  public enum Pictures {
    COPIED,
    ENCODED,
    /** There are none. */
    NONE
  }

  /**
   * Whether all packets can be copied, and show the same without an edit list; reads the whole
   * file.
   *
   * @throws HalcyonException UNSUPPORTED_MEDIA, CORRUPT_MEDIA, IO_FAILED
   */
  public static boolean isCopied(Path source, RemuxContainer container) {
    try (RemuxInput look = RemuxInput.open(source)) {
      boolean carriesSound =
          look.audio(0).map(track -> container.carries(track.format().codec())).orElse(true);
      return carriesSound && (look.video(0).isEmpty() || look.isWholeWithoutEditList(container));
    }
  }

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA when the container does not carry the sound, or a
   *     clip over 600 s would have to be encoded; CORRUPT_MEDIA, IO_FAILED
   */
  public static Pictures make(Path source, Path target, RemuxContainer container) {
    boolean hasPictures;
    boolean areCopied;
    try (RemuxInput look = RemuxInput.open(source)) {
      requireSound(look, container);
      hasPictures = look.video(0).isPresent();
      areCopied = !hasPictures || look.isWholeWithoutEditList(container);
      if (!areCopied && look.lengthUs() > MAX_ENCODED_US) {
        throw new HalcyonException(
            ErrorCode.UNSUPPORTED_MEDIA,
            "this clip begins or ends between keyframes: up to 600 s of it could be had so");
      }
    }
    if (areCopied) {
      copy(source, target, container);
      return hasPictures ? Pictures.COPIED : Pictures.NONE;
    }
    try (PictureReencoder encoder = PictureReencoder.open(source)) {
      encode(source, target, container, encoder);
    }
    return Pictures.ENCODED;
  }

  private static void requireSound(RemuxInput input, RemuxContainer container) {
    input
        .audio(0)
        .filter(track -> !container.carries(track.format().codec()))
        .ifPresent(
            track -> {
              throw new HalcyonException(
                  ErrorCode.UNSUPPORTED_MEDIA,
                  container.muxer() + " does not carry " + track.format().codec() + " sound");
            });
  }

  private static void copy(Path source, Path target, RemuxContainer container) {
    try (RemuxInput input = RemuxInput.open(source)) {
      Optional<Track> video = input.video(0);
      Optional<Track> audio = input.audio(video.isPresent() ? 1 : 0);
      try (MuxerHandle muxer = open(target, container, video, audio)) {
        Optional<CodedPacket> packet = input.next(video, audio);
        while (packet.isPresent()) {
          muxer.write(packet.get());
          packet = input.next(video, audio);
        }
        muxer.finish();
      }
    }
  }

  private static void encode(
      Path source, Path target, RemuxContainer container, PictureReencoder encoder) {
    Optional<Track> video = Optional.of(encoder.track());
    try (RemuxInput sound = RemuxInput.open(source)) {
      Optional<Track> audio = sound.audio(1);
      try (MuxerHandle muxer = open(target, container, video, audio)) {
        Interleave interleave = new Interleave(muxer, sound, audio);
        encoder.each(interleave::writeSoundBefore, muxer::write);
        interleave.writeSoundBefore(Long.MAX_VALUE);
        muxer.finish();
      }
    }
  }

  private static MuxerHandle open(
      Path target, RemuxContainer container, Optional<Track> video, Optional<Track> audio) {
    List<Track> tracks = Stream.of(video, audio).flatMap(Optional::stream).toList();
    return MuxerHandle.toFile(target, container.muxer(), tracks, container.options());
  }

  /** Sound that is copied between pictures that are encoded, so that little waits in the muxer. */
  private static final class Interleave {
    private final MuxerHandle muxer;
    private final RemuxInput sound;
    private final Optional<Track> track;
    private Optional<CodedPacket> next;

    Interleave(MuxerHandle muxer, RemuxInput sound, Optional<Track> track) {
      this.muxer = muxer;
      this.sound = sound;
      this.track = track;
      this.next = read();
    }

    private Optional<CodedPacket> read() {
      return track.isEmpty() ? Optional.empty() : sound.next(Optional.empty(), track);
    }

    void writeSoundBefore(long us) {
      while (next.isPresent() && next.get().ptsUs() < us) {
        muxer.write(next.get());
        next = read();
      }
    }
  }
}

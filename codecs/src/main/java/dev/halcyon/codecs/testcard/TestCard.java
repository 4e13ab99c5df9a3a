package dev.halcyon.codecs.testcard;

import dev.halcyon.codecs.mux.AudioEncoder;
import dev.halcyon.codecs.mux.VideoEncoder;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.FrameRate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The shape of generated media: codecs, GOP, timing, and what is shown. The same card always gives
 * the same packets. Made by {@link #builder}.
 *
 * @param startUs the time stamp of programme time 0
 * @param cardId 0..255, in every picture and marker: tells streams apart
 */
public record TestCard(
    Optional<Video> video,
    Optional<Audio> audio,
    long startUs,
    TestCardProgramme programme,
    int cardId) {

  /**
   * @param frameTicks how many periods of the frame rate each picture lasts, over and over: {@code
   *     [1]} is a constant rate
   * @param offsetUs programme time of the first picture
   * @param bitrateBps 0 for constant quality
   * @param display how a player should show the pictures
   */
  public record Video(
      Codec codec,
      int widthPx,
      int heightPx,
      FrameRate frameRate,
      List<Integer> frameTicks,
      int gopFrames,
      int bFrames,
      VideoEncoder.Gop gop,
      VideoEncoder.Scan scan,
      int bitrateBps,
      Display display,
      long offsetUs,
      Optional<SizeChange> sizeChange) {
    public Video {
      frameTicks = List.copyOf(frameTicks);
      requireSize(widthPx, heightPx);
      require(!frameTicks.isEmpty(), "frameTicks", frameTicks);
      require(frameTicks.stream().allMatch(t -> t >= 1 && t <= 1000), "frameTicks", frameTicks);
      require(gopFrames >= 1 && gopFrames <= 10_000, "gopFrames", gopFrames);
      require(bFrames >= 0 && bFrames <= 8, "bFrames", bFrames);
      require(bitrateBps >= 0 && bitrateBps <= 200_000_000, "bitrateBps", bitrateBps);
      require(offsetUs >= 0 && offsetUs <= 3_600_000_000L, "offsetUs", offsetUs);
    }

    /** When picture {@code index} is shown, in programme time. Negative indexes go on backwards. */
    public long timeUs(long index) {
      int perPattern = frameTicks.stream().mapToInt(Integer::intValue).sum();
      long ticks = Math.floorDiv(index, (long) frameTicks.size()) * perPattern;
      int rest = Math.floorMod(index, frameTicks.size());
      for (int i = 0; i < rest; i++) {
        ticks += frameTicks.get(i);
      }
      return offsetUs + frameRate.usOfTick(ticks);
    }

    VideoEncoder.Settings settings(int width, int height) {
      return new VideoEncoder.Settings(
          codec, width, height, frameRate, gopFrames, bFrames, gop, scan, bitrateBps, display);
    }
  }

  /** From picture {@code atFrame} on, which begins a GOP, the pictures have another size. */
  public record SizeChange(int atFrame, int widthPx, int heightPx) {
    public SizeChange {
      require(atFrame > 0, "atFrame", atFrame);
      requireSize(widthPx, heightPx);
    }
  }

  /**
   * @param frameUs length of a packet where the codec leaves a choice, as Opus does
   * @param offsetUs programme time of the first sample: the true A/V start offset
   */
  public record Audio(
      Codec codec, int sampleRateHz, int channels, int bitrateBps, long frameUs, long offsetUs) {
    public Audio {
      require(
          sampleRateHz >= AudioMarker.MIN_SAMPLE_RATE_HZ && sampleRateHz <= 96_000,
          "sampleRateHz",
          sampleRateHz);
      require(channels >= 1 && channels <= 8, "channels", channels);
      require(offsetUs >= 0 && offsetUs <= 3_600_000_000L, "offsetUs", offsetUs);
    }

    /** 1024 for AAC (ISO/IEC 14496-3). */
    int frameSamples() {
      return codec == Codec.AAC ? 1024 : Math.toIntExact(sampleRateHz * frameUs / 1_000_000);
    }

    AudioEncoder.Settings settings() {
      return new AudioEncoder.Settings(codec, sampleRateHz, channels, bitrateBps, frameUs);
    }
  }

  public TestCard {
    Objects.requireNonNull(programme, "programme");
    require(video.isPresent() || audio.isPresent(), "tracks", 0);
    require(cardId >= 0 && cardId <= FrameStamp.MAX_CARD_ID, "cardId", cardId);
    video
        .flatMap(Video::sizeChange)
        .ifPresent(
            change ->
                require(
                    change.atFrame() % video.get().gopFrames() == 0,
                    "sizeChange.atFrame",
                    change.atFrame()));
  }

  /** H.264 at 320x180 and 30 pictures a second, a GOP a second, stereo AAC at 128 kb/s. */
  public static Builder builder() {
    return new Builder();
  }

  private static void requireSize(int widthPx, int heightPx) {
    boolean isInRange = widthPx >= 96 && heightPx >= 80 && widthPx <= 8192 && heightPx <= 8192;
    require(isInRange && (widthPx | heightPx) % 2 == 0, "size", widthPx + "x" + heightPx);
  }

  private static void require(boolean condition, String name, Object value) {
    if (!condition) {
      throw new IllegalArgumentException("test card out of range [" + name + "=" + value + "]");
    }
  }

  /** Collects a card's shape; one thread at a time. */
  public static final class Builder {
    private Optional<Codec> videoCodec = Optional.of(Codec.H264);
    private int widthPx = 320;
    private int heightPx = 180;
    private FrameRate frameRate = FrameRate.FPS_30;
    private List<Integer> frameTicks = List.of(1);
    private int gopFrames = 30;
    private int bFrames;
    private VideoEncoder.Gop gop = VideoEncoder.Gop.CLOSED;
    private VideoEncoder.Scan scan = VideoEncoder.Scan.PROGRESSIVE;
    private Display display = Display.PLAIN;
    private int videoBitrateBps;
    private long videoOffsetUs;
    private Optional<SizeChange> sizeChange = Optional.empty();
    private Optional<Codec> audioCodec = Optional.of(Codec.AAC);
    private int sampleRateHz = 48_000;
    private int channels = 2;
    private int audioBitrateBps = 128_000;
    private long audioFrameUs = AudioEncoder.OPUS_USUAL_FRAME_US;
    private long audioOffsetUs;
    private long startUs;
    private TestCardProgramme programme = TestCardProgramme.markersOnly();
    private int cardId;

    private Builder() {}

    public Builder video(Codec codec) {
      videoCodec = Optional.of(codec);
      return this;
    }

    public Builder noVideo() {
      videoCodec = Optional.empty();
      return this;
    }

    public Builder size(int width, int height) {
      widthPx = width;
      heightPx = height;
      return this;
    }

    public Builder frameRate(FrameRate rate) {
      frameRate = rate;
      return this;
    }

    /** See {@link Video#frameTicks()}. */
    public Builder frameTicks(Integer... ticks) {
      frameTicks = List.of(ticks);
      return this;
    }

    public Builder gop(int frames) {
      gopFrames = frames;
      return this;
    }

    public Builder bFrames(int count) {
      bFrames = count;
      return this;
    }

    /** A GOP is what it takes to refresh a picture. */
    public Builder refreshed() {
      gop = VideoEncoder.Gop.REFRESHED;
      return this;
    }

    public Builder openGop() {
      gop = VideoEncoder.Gop.OPEN;
      return this;
    }

    /** Two fields in each picture, woven together. */
    public Builder interlaced() {
      scan = VideoEncoder.Scan.INTERLACED;
      return this;
    }

    public Builder display(Display shown) {
      display = shown;
      return this;
    }

    public Builder videoBitrate(int bps) {
      videoBitrateBps = bps;
      return this;
    }

    public Builder videoOffset(long us) {
      videoOffsetUs = us;
      return this;
    }

    public Builder sizeChange(int atFrame, int width, int height) {
      sizeChange = Optional.of(new SizeChange(atFrame, width, height));
      return this;
    }

    public Builder audio(Codec codec) {
      audioCodec = Optional.of(codec);
      return this;
    }

    public Builder noAudio() {
      audioCodec = Optional.empty();
      return this;
    }

    public Builder sampleRate(int hz) {
      sampleRateHz = hz;
      return this;
    }

    public Builder channels(int count) {
      channels = count;
      return this;
    }

    public Builder audioBitrate(int bps) {
      audioBitrateBps = bps;
      return this;
    }

    /** See {@link Audio#frameUs()}. */
    public Builder audioFrame(long us) {
      audioFrameUs = us;
      return this;
    }

    public Builder audioOffset(long us) {
      audioOffsetUs = us;
      return this;
    }

    /** See {@link TestCard#startUs()}. */
    public Builder start(long us) {
      startUs = us;
      return this;
    }

    public Builder programme(TestCardProgramme shown) {
      programme = shown;
      return this;
    }

    public Builder cardId(int id) {
      cardId = id;
      return this;
    }

    public TestCard build() {
      return new TestCard(
          videoCodec.map(
              codec ->
                  new Video(
                      codec,
                      widthPx,
                      heightPx,
                      frameRate,
                      frameTicks,
                      gopFrames,
                      bFrames,
                      gop,
                      scan,
                      videoBitrateBps,
                      display,
                      videoOffsetUs,
                      sizeChange)),
          audioCodec.map(
              codec ->
                  new Audio(
                      codec, sampleRateHz, channels, audioBitrateBps, audioFrameUs, audioOffsetUs)),
          startUs,
          programme,
          cardId);
    }
  }
}

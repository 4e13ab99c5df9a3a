package dev.halcyon.verticles.job;

import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.caption.Platform;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.reframe.ReframeOptions.Fit;
import dev.halcyon.core.reframe.ReframeOptions.Several;
import dev.halcyon.core.render.SoundForm.Denoise;
import dev.halcyon.core.tighten.TightenOptions;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is wanted of a job, in the shape of the contract.
 *
 * @param isAutoApproved whether clips are rendered, and the job completed, without anybody's word
 */
public record JobSettings(ClipSettings clips, boolean isAutoApproved) {
  private static final String NO_CAPTIONS = "none";
  private static final double US_PER_S = 1e6;

  public JobSettings {
    Objects.requireNonNull(clips, "clips");
  }

  /**
   * Reads what a request says; what it leaves out has its default.
   *
   * @throws HalcyonException BAD_REQUEST with what is wrong
   */
  public static JobSettings of(JsonObject json) {
    try {
      JsonObject length = json.getJsonObject("clip_duration", new JsonObject());
      String layout = json.getString("layout", "crop");
      String captions = json.getString("caption_style", CaptionStyle.HIGHLIGHT_WORD.wire());
      Integer sound = json.getInteger("sound_stream");
      ClipSettings clips =
          new ClipSettings(
              json.getInteger("max_clips", 10),
              Math.round(length.getDouble("min", 15.0) * US_PER_S),
              Math.round(length.getDouble("max", 90.0) * US_PER_S),
              json.getString("aspect_ratio", "9:16"),
              captions.equals(NO_CAPTIONS)
                  ? Optional.empty()
                  : Optional.of(CaptionStyle.ofWire(captions)),
              json.getBoolean("emoji", false),
              Platform.ofWire(json.getString("platform", Platform.ANY.wire())),
              layout.equals("pad") ? Fit.PAD : Fit.CROP,
              layout.equals("split") ? Several.SPLIT : Several.DOMINANT,
              json.getString("codec", "h264").equals("h265") ? Codec.HEVC : Codec.H264,
              json.getBoolean("denoise", false) ? Denoise.SPECTRAL : Denoise.OFF,
              json.getBoolean("tighten", false)
                  ? Optional.of(TightenOptions.USUAL)
                  : Optional.empty(),
              sound == null ? OptionalInt.empty() : OptionalInt.of(sound),
              Optional.empty(),
              json.getBoolean("fast", false));
      return new JobSettings(clips, json.getBoolean("auto_approve", true));
    } catch (IllegalArgumentException | ClassCastException wrong) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, "settings: " + wrong.getMessage(), wrong);
    }
  }

  /** Everything with its value; {@link #of} reads it. */
  public JsonObject json() {
    JsonObject json =
        new JsonObject()
            .put("max_clips", clips.maxClips())
            .put(
                "clip_duration",
                new JsonObject()
                    .put("min", clips.minUs() / US_PER_S)
                    .put("max", clips.maxUs() / US_PER_S))
            .put("aspect_ratio", clips.aspect())
            .put("caption_style", clips.captions().map(CaptionStyle::wire).orElse(NO_CAPTIONS))
            .put("emoji", clips.hasEmoji())
            .put("platform", clips.platform().wire())
            .put("codec", clips.codec() == Codec.HEVC ? "h265" : "h264")
            .put("tighten", clips.tighten().isPresent())
            .put("layout", layout())
            .put("denoise", clips.denoise() != Denoise.OFF)
            .put("fast", clips.isCoarse())
            .put("auto_approve", isAutoApproved);
    if (clips.soundStream().isPresent()) {
      json.put("sound_stream", clips.soundStream().getAsInt());
    }
    return json;
  }

  private String layout() {
    if (clips.fit() == Fit.PAD) {
      return "pad";
    }
    return clips.several() == Several.SPLIT ? "split" : "crop";
  }
}

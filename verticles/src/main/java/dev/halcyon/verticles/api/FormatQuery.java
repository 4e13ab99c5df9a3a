package dev.halcyon.verticles.api;

import dev.halcyon.codecs.format.PreviewShape;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.derive.DerivedForm;
import dev.halcyon.core.clip.derive.DerivedForm.Animation;
import dev.halcyon.core.clip.derive.DerivedForm.Container;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads in which form a download is asked for. */
final class FormatQuery {
  private static final List<String> OPTIONS = List.of("width_px", "fps", "from_us", "length_us");
  private static final long DEFAULT_LENGTH_US = 6_000_000;

  private final RoutingContext context;

  FormatQuery(RoutingContext context) {
    this.context = context;
  }

  /**
   * The form that is asked for; empty for the version's own file.
   *
   * @throws HalcyonException BAD_REQUEST
   */
  Optional<DerivedForm> read(Clip clip, ClipVersion version) {
    String format = Requests.query(context, "format").orElse(version.container());
    if (format.equals("gif") || format.equals("webp")) {
      Animation animation = format.equals("gif") ? Animation.GIF : Animation.WEBP;
      return Optional.of(preview(animation, clip, version.contract()));
    }
    requireNoOptions();
    if (format.equals(version.container())) {
      return Optional.empty();
    }
    return Optional.of(
        new DerivedForm.Remuxed(
            switch (format) {
              case "mkv" -> Container.MKV;
              case "ts" -> Container.TS;
              default ->
                  throw bad("format: one of " + version.container() + ", mkv, ts, gif, webp");
            }));
  }

  /**
   * As {@link #read}, without options: who has only a link chooses among the ordinary forms.
   *
   * @throws HalcyonException BAD_REQUEST
   */
  Optional<DerivedForm> readPlain(Clip clip, ClipVersion version) {
    requireNoOptions();
    return read(clip, version);
  }

  private void requireNoOptions() {
    for (String option : OPTIONS) {
      if (Requests.query(context, option).isPresent()) {
        throw bad(option + ": not with this format or link");
      }
    }
  }

  private DerivedForm preview(Animation animation, Clip clip, CutContract contract) {
    long clipUs = Math.max(1, contract.deliveredEndUs() - contract.deliveredStartUs());
    long wantedUs =
        number(
            "length_us", PreviewShape.MIN_LENGTH_US, PreviewShape.MAX_LENGTH_US, DEFAULT_LENGTH_US);
    long fromUs = number("from_us", 0, clipUs - 1, around(clip, contract, clipUs, wantedUs));
    return new DerivedForm.Animated(
        animation,
        (int)
            number(
                "width_px",
                PreviewShape.MIN_WIDTH_PX,
                PreviewShape.MAX_WIDTH_PX,
                PreviewShape.MAX_WIDTH_PX),
        (int) number("fps", 1, PreviewShape.MAX_FPS, PreviewShape.MAX_FPS),
        fromUs,
        // What goes beyond the end is the same preview.
        Math.max(PreviewShape.MIN_LENGTH_US, Math.min(wantedUs, clipUs - fromUs)));
  }

  /** With the moment that the clip was made for in its middle, as far as the clip goes. */
  private static long around(Clip clip, CutContract contract, long clipUs, long lengthUs) {
    OptionalLong momentUs = clip.momentUs();
    if (momentUs.isEmpty() || clipUs <= lengthUs) {
      return 0;
    }
    long middleUs = momentUs.getAsLong() - contract.deliveredStartUs();
    return Math.clamp(middleUs - lengthUs / 2, 0, clipUs - lengthUs);
  }

  private long number(String name, long least, long most, long otherwise) {
    Optional<Long> given = Requests.query(context, name, Long::valueOf, "a whole number");
    if (given.filter(value -> value < least || value > most).isPresent()) {
      throw bad(name + ": from " + least + " to " + most);
    }
    return given.orElse(otherwise);
  }

  private static HalcyonException bad(String message) {
    return new HalcyonException(ErrorCode.BAD_REQUEST, message);
  }
}

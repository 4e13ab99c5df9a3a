package dev.halcyon.verticles.job;

import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.caption.Platform;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.reframe.ReframeOptions;
import dev.halcyon.core.render.SoundForm;
import dev.halcyon.verticles.fetch.SourceFetch;
import dev.halcyon.verticles.ops.Logging;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Makes clips of a video: no server, no port, no database. What is done is kept in the output
 * folder, so that the same command goes on where it was stopped.
 */
@Command(
    name = "clip",
    description = {
      "Make short clips of a long video: chosen, framed, captioned, at an even loudness.",
      "The same command again goes on where it was stopped, and makes anew only what changed."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:clips are made",
      "1:a step failed",
      "2:wrong options, or a transcript that cannot be read",
      "3:the source is not there, not allowed, not a video, damaged, or beyond the limits",
      "4:nothing in the source stood out enough for a clip",
      "5:another run works in the output folder",
      "6:the disk is full",
      "130:stopped by Ctrl-C; the same command goes on"
    })
public final class ClipCommand implements Callable<Integer> {
  private static final int STANDARD_ERROR = 2;

  private final Supplier<SourceFetch> fetch;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|URL",
      description = {
        "The video: a file, the address of a file, or the page of a video, which yt-dlp or",
        "streamlink fetches when installed. What is fetched is kept in DIR/source."
      })
  private String source;

  @Option(
      names = "--max-clips",
      paramLabel = "N",
      description = "Clips at most (default: ${DEFAULT-VALUE}).")
  private int maxClips = 10;

  @Option(
      names = "--min",
      paramLabel = "S",
      description = "Seconds that a clip lasts at least (default: ${DEFAULT-VALUE}).")
  private double minS = 15;

  @Option(
      names = "--max",
      paramLabel = "S",
      description = "Seconds that a clip lasts at most (default: ${DEFAULT-VALUE}).")
  private double maxS = 90;

  @Option(
      names = "--aspect",
      paramLabel = "W:H",
      description = "9:16, 1:1, 16:9, any other, or source (default: ${DEFAULT-VALUE}).")
  private String aspect = "9:16";

  @Option(
      names = "--captions",
      paramLabel = "STYLE",
      description =
          "highlight_word, karaoke, pop_in, typewriter, bounce, or none"
              + " (default: ${DEFAULT-VALUE}). Needs --transcript.")
  private String captions = "highlight_word";

  @Option(
      names = "--transcript",
      paramLabel = "FILE",
      description =
          "What is said: words as JSON (Whisper, WhisperX), .srt or .vtt. Without it clips are"
              + " chosen by sound and picture alone, and have no captions.")
  private Path transcript;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the clips go (default: NAME-clips in this folder).")
  private Path out;

  @Option(
      names = "--layout",
      paramLabel = "HOW",
      description = {
        "crop: follow the most important face or motion;",
        "split: two speakers one above the other;",
        "pad: all of the picture over a blurred ground (default: ${DEFAULT-VALUE})."
      })
  private String layout = "crop";

  @Option(
      names = "--platform",
      paramLabel = "NAME",
      description =
          "tiktok, reels, shorts or any: whose controls captions of upright clips keep clear of"
              + " (default: ${DEFAULT-VALUE}).")
  private String platform = "any";

  @Option(names = "--emoji", description = "Put emoji beside words that have one.")
  private boolean hasEmoji;

  @Option(
      names = "--codec",
      paramLabel = "NAME",
      description =
          "h264, which plays everywhere, or h265: smaller files, more work"
              + " (default: ${DEFAULT-VALUE}).")
  private String codec = "h264";

  @Option(names = "--denoise", description = "Take steady noise out of the sound.")
  private boolean isDenoising;

  @Mixin private TightenArguments tighten = new TightenArguments();

  @Option(
      names = "--sound",
      paramLabel = "INDEX",
      description = "Which stream to hear, when the file has several sounds.")
  private Integer soundStream;

  @Option(
      names = "--face-model",
      paramLabel = "FILE",
      description = "A YuNet model (.onnx) to find faces with, better than without one.")
  private Path faceModel;

  @Option(
      names = "--fast",
      description = "Look at keyframes first, and closer only where they differ.")
  private boolean isCoarse;

  @Option(names = "--json", description = "One JSON object a line on standard output, for scripts.")
  private boolean isJson;

  /**
   * @param fetch of sources that are addresses; asked for only when one is given
   */
  public ClipCommand(Supplier<SourceFetch> fetch) {
    this.fetch = Objects.requireNonNull(fetch, "fetch");
  }

  @Override
  public Integer call() {
    // Titles are in any script, whatever the locale says.
    PrintStream results = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    // Standard output is for results; the log of libraries goes with the progress.
    System.setOut(System.err);
    Logging.configure("text", "error");
    Optional<JsonDisplay> json = isJson ? Optional.of(new JsonDisplay(results)) : Optional.empty();
    try {
      return make(results, json).status();
    } catch (HalcyonException failure) {
      ClipExit exit = ClipExit.of(failure.code());
      if (exit != ClipExit.INTERRUPTED) {
        report(failure, exit, json);
      }
      return exit.status();
    }
  }

  private ClipExit make(PrintStream results, Optional<JsonDisplay> json) {
    ClipSettings settings = settings();
    boolean isAddress = source.matches("[A-Za-z][A-Za-z0-9+.-]*://.*");
    Path given = isAddress ? Path.of(FetchedSource.nameOf(source)) : sourceFile();
    requireReadable("transcript", transcript);
    requireReadable("model", faceModel);
    Path target = out == null ? Path.of(nameOf(given) + "-clips") : out;
    boolean isTerminal = Terminal.isTerminal(STANDARD_ERROR);
    PrintStream told = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    BarDisplay bars = new BarDisplay(told, () -> Terminal.columns(STANDARD_ERROR));
    ClipListener display =
        json.<ClipListener>map(lines -> lines).orElse(isTerminal ? bars : new LineDisplay(told));
    try (CtrlC ctrlC = CtrlC.install(target)) {
      Path file =
          isAddress ? new FetchedSource(fetch.get(), display).in(target, source, ctrlC) : given;
      ClipJob job = new ClipJob(file, Optional.ofNullable(transcript), target, settings, display);
      ctrlC.stops(job::stop);
      ClipSummary summary = job.run();
      clear(bars, isTerminal);
      json.ifPresentOrElse(lines -> summary.tell(lines), () -> summary.print(results));
      if (transcript == null && settings.captions().isPresent() && json.isEmpty()) {
        told.println("halcyon: no captions, because there is no --transcript");
      }
      return summary.clips().isEmpty() ? ClipExit.NO_CLIPS : ClipExit.DONE;
    } catch (HalcyonException failure) {
      clear(bars, isTerminal);
      throw failure;
    }
  }

  private void clear(BarDisplay bars, boolean isTerminal) {
    if (isTerminal && !isJson) {
      bars.close();
    }
  }

  private static void requireReadable(String what, Path file) {
    if (file != null && !Files.isReadable(file)) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, "no " + what + " that can be read: " + file);
    }
  }

  private ClipSettings settings() {
    try {
      return new ClipSettings(
          maxClips,
          Math.round(minS * 1e6),
          Math.round(maxS * 1e6),
          aspect,
          captions.equals("none") ? Optional.empty() : Optional.of(CaptionStyle.ofWire(captions)),
          hasEmoji,
          Platform.ofWire(platform),
          layout.equals("pad") ? ReframeOptions.Fit.PAD : ReframeOptions.Fit.CROP,
          several(),
          codec(),
          isDenoising ? SoundForm.Denoise.SPECTRAL : SoundForm.Denoise.OFF,
          tighten.options(),
          soundStream == null ? OptionalInt.empty() : OptionalInt.of(soundStream),
          Optional.ofNullable(faceModel),
          isCoarse);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage());
    }
  }

  private Codec codec() {
    return switch (codec) {
      case "h264" -> Codec.H264;
      case "h265", "hevc" -> Codec.HEVC;
      default -> throw new IllegalArgumentException("codec: h264 or h265");
    };
  }

  private ReframeOptions.Several several() {
    return switch (layout) {
      case "crop", "pad" -> ReframeOptions.Several.DOMINANT;
      case "split" -> ReframeOptions.Several.SPLIT;
      default -> throw new IllegalArgumentException("layout: crop, split or pad");
    };
  }

  private Path sourceFile() {
    Path file = Path.of(source);
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new HalcyonException(ErrorCode.NOT_FOUND, "no file that can be read: " + source);
    }
    return file.toAbsolutePath();
  }

  private static String nameOf(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private static void report(HalcyonException failure, ClipExit exit, Optional<JsonDisplay> json) {
    json.ifPresentOrElse(
        lines ->
            lines.write(
                new JsonObject()
                    .put("type", "error")
                    .put("code", failure.code().name())
                    .put("message", failure.getMessage())
                    .put("exit", exit.status())),
        () -> System.err.println("halcyon: " + failure.getMessage()));
  }
}

package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.Gap;
import dev.halcyon.core.clip.RenderFacts;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.detect.SignalKind;
import dev.halcyon.core.select.ScoreTrace;
import dev.halcyon.verticles.step.RecordJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The parts of a clip as JSON, the same in the database and in the API. */
public final class ClipShapes {
  private ClipShapes() {}

  public static JsonObject signalJson(Signal signal) {
    return new JsonObject()
        .put("kind", signal.kind().wire())
        .put("at_us", signal.atUs())
        .put("strength", signal.strength())
        .put("detail", signal.detail());
  }

  public static Signal signalOf(JsonObject json) {
    return new Signal(
        SignalKind.ofWire(json.getString("kind")),
        json.getLong("at_us"),
        json.getDouble("strength"),
        json.getString("detail", ""));
  }

  public static JsonArray signalsJson(List<Signal> signals) {
    return array(signals, ClipShapes::signalJson);
  }

  public static JsonObject reasonJson(ClipReason reason) {
    JsonObject json =
        new JsonObject()
            .put("kind", reason.kind().wire())
            .put("signals", signalsJson(reason.signals()));
    reason
        .choice()
        .ifPresent(
            choice ->
                json.put("reasoning", choice.reasoning())
                    .put("excerpt", choice.excerpt())
                    .put("virality", choice.trace().virality())
                    .put("coherence", choice.trace().coherence())
                    .put("trace", traceJson(choice.trace())));
    return json;
  }

  static ClipReason reasonOf(JsonObject json) {
    List<Signal> signals = list(json.getJsonArray("signals"), ClipShapes::signalOf);
    Optional<ClipReason.Choice> choice =
        Optional.ofNullable(json.getJsonObject("trace"))
            .map(
                trace ->
                    new ClipReason.Choice(
                        json.getString("reasoning"),
                        json.getString("excerpt"),
                        traceOf(trace, signals)));
    return new ClipReason(ClipReason.Kind.ofWire(json.getString("kind")), signals, choice);
  }

  /** Its signals are the reason's. */
  private static JsonObject traceJson(ScoreTrace trace) {
    JsonObject json = RecordJson.write(trace);
    json.remove("signals");
    return json;
  }

  private static ScoreTrace traceOf(JsonObject json, List<Signal> signals) {
    return RecordJson.read(
        ScoreTrace.class, json.copy().put("signals", array(signals, RecordJson::write)));
  }

  public static JsonObject contractJson(CutContract contract) {
    JsonObject json =
        new JsonObject()
            .put("requested_start_us", contract.requestedStartUs())
            .put("requested_end_us", contract.requestedEndUs())
            .put("delivered_start_us", contract.deliveredStartUs())
            .put("delivered_end_us", contract.deliveredEndUs())
            .put("clamped", contract.clamped())
            .put("keyframe_us", contract.keyframeUs())
            .put("trim_us", contract.trimUs())
            .put("gaps", array(contract.gaps(), ClipShapes::gapJson))
            .put("epochs", new JsonArray(contract.epochs()))
            .put("av_offset_start_us", contract.avOffsetStartUs())
            .put("av_offset_end_us", contract.avOffsetEndUs())
            .put("packets_copied", contract.packetsCopied())
            .put("packets_encoded", contract.packetsEncoded())
            .put("sha256", contract.sha256());
    return ContractShapes.addParticulars(json, contract);
  }

  static CutContract contractOf(JsonObject json) {
    return new CutContract(
        json.getLong("requested_start_us"),
        json.getLong("requested_end_us"),
        json.getLong("delivered_start_us"),
        json.getLong("delivered_end_us"),
        json.getBoolean("clamped"),
        json.getLong("keyframe_us"),
        json.getLong("trim_us"),
        list(json.getJsonArray("gaps"), ClipShapes::gapOf),
        json.getJsonArray("epochs").stream().map(epoch -> ((Number) epoch).intValue()).toList(),
        json.getLong("av_offset_start_us"),
        json.getLong("av_offset_end_us"),
        json.getInteger("packets_copied"),
        json.getInteger("packets_encoded"),
        json.getString("sha256"),
        ContractShapes.framesOf(json),
        ContractShapes.tracksOf(json),
        ContractShapes.latencyOf(json));
  }

  /** A version as one element of what {@code clip_versions} is filled from. */
  static JsonObject versionRow(ClipVersion version) {
    return new JsonObject()
        .put("version", version.version())
        .put("kind", version.kind().wire())
        .put("container", version.container())
        .put("blob_key", version.blobKey())
        .put("size_bytes", version.sizeBytes())
        .put("contract", contractJson(version.contract()));
  }

  static ClipVersion versionOf(JsonObject json) {
    return new ClipVersion(
        json.getInteger("version"),
        ClipVersion.Kind.ofWire(json.getString("kind")),
        json.getString("container"),
        json.getString("blob_key"),
        json.getLong("size_bytes"),
        contractOf(json.getJsonObject("contract")),
        ClipVersion.FileState.ofFault(Optional.ofNullable(json.getString("fault"))),
        ClipVersion.Storage.ofWire(json.getString("storage", "local")),
        Optional.ofNullable(json.getJsonObject("render")).map(ClipShapes::renderOf));
  }

  public static JsonObject renderJson(RenderFacts facts) {
    return RecordJson.write(facts);
  }

  private static RenderFacts renderOf(JsonObject json) {
    return RecordJson.read(RenderFacts.class, json);
  }

  private static JsonObject gapJson(Gap gap) {
    return new JsonObject().put("at_us", gap.atUs()).put("length_us", gap.lengthUs());
  }

  private static Gap gapOf(JsonObject json) {
    return new Gap(json.getLong("at_us"), json.getLong("length_us"));
  }

  static <T> JsonArray array(List<T> values, Function<T, JsonObject> writer) {
    JsonArray json = new JsonArray();
    values.forEach(value -> json.add(writer.apply(value)));
    return json;
  }

  static <T> List<T> list(JsonArray json, Function<JsonObject, T> reader) {
    return json.stream().map(element -> reader.apply((JsonObject) element)).toList();
  }
}

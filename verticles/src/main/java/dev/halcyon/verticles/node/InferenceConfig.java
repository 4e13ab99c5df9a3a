package dev.halcyon.verticles.node;

import dev.halcyon.codecs.model.ModelOptions;
import dev.halcyon.core.inference.WorkClass;
import dev.halcyon.verticles.inference.Inference;
import dev.halcyon.verticles.inference.InferenceOptions;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The keys {@code inference.*}. */
final class InferenceConfig {
  private static final Pattern CUDA = Pattern.compile("cuda:(\\d{1,2})");

  private InferenceConfig() {}

  /**
   * @throws ConfigException when anything in it is wrong
   */
  static InferenceOptions read(ConfigSource source) {
    Map<WorkClass, Integer> threads = new EnumMap<>(WorkClass.class);
    for (WorkClass each : WorkClass.values()) {
      threads.put(each, (int) source.whole("inference.threads." + each.wire(), 1, 64));
    }
    Set<String> live =
        Arrays.stream(source.text("inference.live").split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
    if (!Inference.LISTENING.containsAll(live)) {
      throw new ConfigException(
          "inference.live has others than " + new TreeSet<>(Inference.LISTENING) + ": " + live);
    }
    return new InferenceOptions(
        model(source),
        threads,
        TimeUnit.MICROSECONDS.toNanos(source.whole("inference.max_wait_us", 0, 1_000_000)),
        live);
  }

  private static ModelOptions model(ConfigSource source) {
    ModelOptions options =
        ModelOptions.CALLER.withThreads((int) source.whole("inference.threads.call", 1, 64));
    String device = source.text("inference.device");
    Matcher cuda = CUDA.matcher(device);
    if (cuda.matches()) {
      return options.onCuda(Integer.parseInt(cuda.group(1)));
    }
    if (!device.equals("cpu")) {
      throw new ConfigException("inference.device is neither cpu nor cuda:N: " + device);
    }
    return options;
  }
}

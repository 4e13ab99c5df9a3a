package dev.halcyon.verticles.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How the process of a step is started: this JVM's own program and class path, no shell, nothing of
 * the environment, in a session of its own (Ctrl-C on the terminal is for the parent alone), and
 * last in line for cores and disk.
 *
 * @param mainClass reads one request from standard input
 * @param classPath as {@code -cp} takes it
 * @param temporary where each process has a folder of its own while it lives
 */
public record StepCommand(String mainClass, String classPath, Path temporary) {
  private static final String NICE = "10";
  private static final List<Path> PROGRAMS = List.of(Path.of("/usr/bin"), Path.of("/bin"));

  /** Where JavaCPP keeps the unpacked native libraries; a child finds them where its parent did. */
  private static final String NATIVE_CACHE = "org.bytedeco.javacpp.cachedir";

  /** What the JVM writes when a native library crashes it, in its own temporary folder. */
  static final String CRASH_FILE = "crash.log";

  public StepCommand {
    Objects.requireNonNull(mainClass, "mainClass");
    Objects.requireNonNull(classPath, "classPath");
    Objects.requireNonNull(temporary, "temporary");
  }

  /** {@link StepMain} with the class path of this JVM, below the system's temporary folder. */
  public static StepCommand ofThisProgram() {
    return new StepCommand(
        StepMain.class.getName(),
        System.getProperty("java.class.path"),
        Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * @param folder the process's own; everything that it writes unasked goes there
   */
  Process start(Path folder, StepLimits limits) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(line(folder, limits));
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("LANG", "C.UTF-8");
    environment.put("HOME", folder.toString());
    environment.put("TMPDIR", folder.toString());
    // glibc gives each thread an arena of its own, which is never given back.
    environment.put("MALLOC_ARENA_MAX", "2");
    return builder.start();
  }

  List<String> line(Path folder, StepLimits limits) {
    List<String> line = new ArrayList<>();
    program("setsid").ifPresent(line::add);
    program("ionice").ifPresent(ionice -> line.addAll(List.of(ionice, "-c", "2", "-n", "7")));
    program("nice").ifPresent(nice -> line.addAll(List.of(nice, "-n", NICE)));
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(
        List.of(
            "-Xmx" + limits.heapBytes(),
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + folder.resolve(CRASH_FILE),
            "-Djava.io.tmpdir=" + folder,
            "-Djava.awt.headless=true",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            // Native memory has owners here, and the parent watches the whole process.
            "-Dorg.bytedeco.javacpp.nopointergc=true",
            "-Dorg.bytedeco.javacpp.maxbytes=0",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0"));
    String cache = System.getProperty(NATIVE_CACHE);
    if (cache != null) {
      line.add("-D" + NATIVE_CACHE + "=" + cache);
    }
    line.addAll(List.of("-cp", classPath, mainClass));
    return line;
  }

  private static Optional<String> program(String name) {
    return PROGRAMS.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}

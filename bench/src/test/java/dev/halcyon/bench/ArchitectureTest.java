package dev.halcyon.bench;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.vertx.core.Deployable;
import java.util.Map;

/**
 * The house rules that a compiler does not know. Arrows point one way: {@code core <- ring-buffer
 * <- codecs <- verticles}; bench sees all and nothing sees bench.
 */
@AnalyzeClasses(packages = "dev.halcyon", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String CORE = "dev.halcyon.core..";
  private static final String RING = "dev.halcyon.ring..";
  private static final String CODECS = "dev.halcyon.codecs..";
  private static final String MP4 = "dev.halcyon.codecs.mp4..";
  private static final String BITSTREAM = "dev.halcyon.codecs.bitstream..";
  private static final String VERTICLES = "dev.halcyon.verticles..";
  private static final String BENCH = "dev.halcyon.bench..";
  private static final String VERTX = "io.vertx..";
  private static final String NETTY = "io.netty..";
  private static final String FFMPEG = "org.bytedeco..";

  /** The only modules with code, by their root package. */
  private static final Map<String, String> MODULE_OF_ROOT =
      Map.of(
          "dev.halcyon.core", "core",
          "dev.halcyon.ring", "ring-buffer",
          "dev.halcyon.codecs", "codecs",
          "dev.halcyon.verticles", "verticles",
          "dev.halcyon.bench", "bench");

  @ArchTest
  static final ArchRule coreKnowsOnlyItselfAndTheJdk =
      classes()
          .that()
          .resideInAPackage(CORE)
          .should()
          .onlyDependOnClassesThat(resideInAnyPackage(CORE, "java.."));

  @ArchTest
  static final ArchRule coreKnowsNoFilesAndNoSql =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.sql..")
                  .or(describe("are files of java.io", ArchitectureTest::isFileOfJavaIo)));

  @ArchTest
  static final ArchRule ringKnowsOnlyCoreAndTheJdk =
      classes()
          .that()
          .resideInAPackage(RING)
          .should()
          .onlyDependOnClassesThat(resideInAnyPackage(RING, CORE, "java.."));

  @ArchTest
  static final ArchRule codecsKnowNeitherVertxNorWhatComesAfterThem =
      noClasses()
          .that()
          .resideInAPackage(CODECS)
          .should()
          .dependOnClassesThat(resideInAnyPackage(VERTX, NETTY, VERTICLES, BENCH));

  @ArchTest
  static final ArchRule ourMp4WriterIsPlainJava =
      classes()
          .that()
          .resideInAnyPackage(MP4, BITSTREAM)
          .should()
          .onlyDependOnClassesThat(resideInAnyPackage(MP4, BITSTREAM, RING, CORE, "java.."));

  @ArchTest
  static final ArchRule nothingSeesBench =
      noClasses()
          .that()
          .resideInAnyPackage(CORE, RING, CODECS, VERTICLES)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(BENCH);

  @ArchTest
  static final ArchRule ffmpegStaysBehindCodecs =
      noClasses()
          .that()
          .resideInAPackage(VERTICLES)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(FFMPEG);

  /** Whoever runs a model sees named tensors, not whose engine it is. */
  @ArchTest
  static final ArchRule enginesOfModelsStayBehindOnePackage =
      noClasses()
          .that()
          .resideInAnyPackage(CORE, RING, CODECS, VERTICLES)
          .and()
          .resideOutsideOfPackage("dev.halcyon.codecs.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl..", "ai.onnxruntime..");

  @ArchTest
  static final ArchRule nobodyUsesTheInsideOfVertx =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..impl..", "io.vertx..internal..");

  @ArchTest
  static final ArchRule aPackageLivesInOneModule =
      classes()
          .should(
              new ArchCondition<>("lie in the module of their root package") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  String module = moduleOf(type);
                  boolean isHome = module.equals(homeOf(type));
                  events.add(
                      new SimpleConditionEvent(
                          type, isHome, type.getName() + " lies in " + module));
                }
              });

  @ArchTest
  static final ArchRule corePackagesFormNoCircle =
      slices().matching("dev.halcyon.core.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule codecsPackagesFormNoCircle =
      slices().matching("dev.halcyon.codecs.(*)..").should().beFreeOfCycles();

  /** REST and realtime are one face: one HTTP server, the same parts, the same JSON. */
  @ArchTest
  static final ArchRule verticlesPackagesFormNoCircle =
      slices()
          .matching("dev.halcyon.verticles.(*)..")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(
              resideInAPackage("dev.halcyon.verticles.realtime.."),
              resideInAPackage("dev.halcyon.verticles.api.."));

  @ArchTest
  static final ArchRule verticlesAreNamedSo =
      classes()
          .that()
          .areAssignableTo(Deployable.class)
          .should()
          .haveSimpleNameEndingWith("Verticle");

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)(\\$.*)?");

  private static boolean isFileOfJavaIo(JavaClass type) {
    return type.getPackageName().equals("java.io") && type.getSimpleName().contains("File");
  }

  private static String homeOf(JavaClass type) {
    return MODULE_OF_ROOT.entrySet().stream()
        .filter(entry -> (type.getPackageName() + ".").startsWith(entry.getKey() + "."))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("no module");
  }

  /** From {@code …/core/target/classes/…} or {@code …/halcyon-core-0.1.0.jar!/…}. */
  private static String moduleOf(JavaClass type) {
    String place = type.getSource().orElseThrow().getUri().toString();
    int jar = place.indexOf(".jar!/");
    if (jar >= 0) {
      String file = place.substring(place.lastIndexOf('/', jar) + 1, jar);
      return file.replaceFirst("^halcyon-", "").replaceFirst("-[0-9].*$", "");
    }
    String root = place.substring(0, place.indexOf("/target/"));
    return root.substring(root.lastIndexOf('/') + 1);
  }
}

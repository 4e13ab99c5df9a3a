package dev.halcyon.verticles.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.net.URL;
import org.slf4j.LoggerFactory;

/**
 * The node's log on standard output. Before {@link #configure}, and in tests, it is the readable
 * one at {@code info}.
 */
public final class Logging {
  private static final String TEXT_SETUP = "/logback.xml";
  private static final String JSON_SETUP = "/logback-json.xml";

  private Logging() {}

  /**
   * Sets form and level; once, at the start.
   *
   * @param format {@code text} for people, {@code json} for collectors: one object a line
   * @param level {@code error}, {@code warn}, {@code info} or {@code debug}, of our own classes;
   *     libraries are heard from {@code warn} on
   */
  public static void configure(String format, String level) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    switch (format) {
      case "text" -> load(context, TEXT_SETUP);
      case "json" -> load(context, JSON_SETUP);
      default ->
          throw new IllegalArgumentException("log.format is neither text nor json: " + format);
    }
    context.getLogger("dev.halcyon").setLevel(Level.toLevel(level, Level.INFO));
  }

  private static void load(LoggerContext context, String resource) {
    URL setup = Logging.class.getResource(resource);
    if (setup == null) {
      throw new IllegalStateException("missing resource [name=" + resource + "]");
    }
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    context.reset();
    try {
      configurator.doConfigure(setup);
    } catch (JoranException failure) {
      throw new IllegalStateException("cannot read " + resource, failure);
    }
  }
}

package dev.halcyon.core.handover;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * The part of FCPXML 1.10's document type that is written here, in our words: which elements stand
 * in which, in which order, and with which attributes.
 */
final class FcpXmlRules {
  /** The names of an element's children, one blank after each, as an expression. */
  private static final Map<String, String> CHILDREN =
      Map.ofEntries(
          Map.entry("fcpxml", "resources library "),
          Map.entry("resources", "format asset "),
          Map.entry("format", ""),
          Map.entry("asset", "(media-rep )+"),
          Map.entry("media-rep", ""),
          Map.entry("library", "(event )*"),
          Map.entry("event", "(project )*"),
          Map.entry("project", "sequence "),
          Map.entry("sequence", "(note )?spine "),
          Map.entry("spine", "(asset-clip )*"),
          Map.entry("asset-clip", "(note )?(marker )*(audio-channel-source )*"),
          Map.entry("note", ""),
          Map.entry("marker", ""),
          Map.entry("audio-channel-source", ""));

  private static final Map<String, Set<String>> ATTRIBUTES =
      Map.ofEntries(
          Map.entry("fcpxml", Set.of("version")),
          Map.entry("resources", Set.of()),
          Map.entry("format", Set.of("id", "name", "frameDuration", "width", "height")),
          Map.entry(
              "asset",
              Set.of(
                  "id",
                  "name",
                  "start",
                  "duration",
                  "hasVideo",
                  "hasAudio",
                  "format",
                  "videoSources",
                  "audioSources",
                  "audioChannels",
                  "audioRate")),
          Map.entry("media-rep", Set.of("kind", "src")),
          Map.entry("library", Set.of()),
          Map.entry("event", Set.of("name")),
          Map.entry("project", Set.of("name")),
          Map.entry("sequence", Set.of("format", "duration", "tcStart", "tcFormat")),
          Map.entry("spine", Set.of()),
          Map.entry("asset-clip", Set.of("ref", "name", "offset", "start", "duration", "tcFormat")),
          Map.entry("note", Set.of()),
          Map.entry("marker", Set.of("start", "duration", "value", "note")),
          Map.entry("audio-channel-source", Set.of("srcCh", "role")));

  private FcpXmlRules() {}

  static void check(Document xml) {
    Element root = xml.getDocumentElement();
    assertTrue(root.getTagName().equals("fcpxml") && root.getAttribute("version").equals("1.10"));
    check(root);
  }

  private static void check(Element element) {
    String name = element.getTagName();
    assertTrue(CHILDREN.containsKey(name), "unknown element " + name);
    List<Element> children = new ArrayList<>();
    StringBuilder names = new StringBuilder();
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child) {
        children.add(child);
        names.append(child.getTagName()).append(' ');
      }
    }
    assertTrue(names.toString().matches(CHILDREN.get(name)), name + " holds " + names);
    for (int i = 0; i < element.getAttributes().getLength(); i++) {
      String attribute = element.getAttributes().item(i).getNodeName();
      assertTrue(ATTRIBUTES.get(name).contains(attribute), name + " has " + attribute);
    }
    children.forEach(FcpXmlRules::check);
  }
}

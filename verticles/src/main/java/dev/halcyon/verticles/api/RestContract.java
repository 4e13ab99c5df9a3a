package dev.halcyon.verticles.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The REST contract: what the router is built from, and the raw routes that it does not carry (the
 * router refuses a whole contract for one media type that it does not know).
 *
 * <p>A parameter marked raw stands in the file for readers alone; its handler checks it.
 *
 * @param rawOperations operation ids of the routes to be mounted by hand
 */
record RestContract(OpenAPIContract validated, Set<String> rawOperations) {
  private static final String FILE = "conf/openapi.yaml";
  private static final String RAW = "x-halcyon-raw";
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  static Future<RestContract> load(Vertx vertx) {
    return vertx
        .fileSystem()
        .readFile(FILE)
        .compose(
            text -> {
              JsonObject contract = parse(text.toString());
              Set<String> raw = takeRawOperations(contract);
              return OpenAPIContract.from(vertx, contract)
                  .map(validated -> new RestContract(validated, raw));
            });
  }

  private static JsonObject parse(String yaml) {
    Map<String, Object> tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    return new JsonObject(new JsonObject(tree).encode());
  }

  /** Removes the raw operations, and the paths that only had such. */
  private static Set<String> takeRawOperations(JsonObject contract) {
    Set<String> taken = new TreeSet<>();
    JsonObject paths = contract.getJsonObject("paths");
    for (String path : List.copyOf(paths.fieldNames())) {
      JsonObject item = paths.getJsonObject(path);
      List<String> methods = new ArrayList<>(item.fieldNames());
      methods.retainAll(METHODS);
      for (String method : methods) {
        JsonObject operation = item.getJsonObject(method);
        if (operation.getBoolean(RAW, false)) {
          taken.add(operation.getString("operationId"));
          item.remove(method);
        } else {
          dropRawParameters(operation);
        }
      }
      if (item.fieldNames().stream().noneMatch(METHODS::contains)) {
        paths.remove(path);
      }
    }
    return taken;
  }

  /** Vert.x 5.0 decodes texts of a query twice before it checks them, and fails on a lone %. */
  private static void dropRawParameters(JsonObject operation) {
    if (operation.containsKey("parameters")) {
      JsonArray checked = new JsonArray();
      for (Object parameter : operation.getJsonArray("parameters")) {
        if (!((JsonObject) parameter).getBoolean(RAW, false)) {
          checked.add(parameter);
        }
      }
      operation.put("parameters", checked);
    }
  }
}

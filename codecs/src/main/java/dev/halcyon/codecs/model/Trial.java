package dev.halcyon.codecs.model;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.Collections;

/** What does not fit a model's file is found when it is opened, not in the live path. */
final class Trial {
  private Trial() {}

  /**
   * Lets a model compute its largest batch once.
   *
   * @return the same model; it is closed when it fails
   * @throws HalcyonException MODEL_UNAVAILABLE when it does
   */
  static <Q, A, M extends BatchModel<Q, A>> M of(M model) {
    try {
      int most = model.maxBatch();
      if (model.compute(Collections.nCopies(most, model.sample())).size() == most) {
        return model;
      }
      throw new HalcyonException(ErrorCode.MODEL_UNAVAILABLE, "the model answers too little");
    } catch (HalcyonException failure) {
      model.close();
      throw failure;
    } catch (RuntimeException misfit) {
      model.close();
      throw new HalcyonException(
          ErrorCode.MODEL_UNAVAILABLE, "the file is another model: " + misfit.getMessage(), misfit);
    }
  }
}

package dev.halcyon.verticles.page;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** For tests that build on one another: after one that failed, the others only say so. */
final class FirstFailureEndsTheStory implements TestExecutionExceptionHandler, ExecutionCondition {
  private String failed = "";

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    failed = context.getDisplayName();
    throw failure;
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return failed.isEmpty()
        ? ConditionEvaluationResult.enabled("nothing failed before")
        : ConditionEvaluationResult.disabled("skipped: it builds on what failed, " + failed);
  }
}

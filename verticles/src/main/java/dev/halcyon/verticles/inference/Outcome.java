package dev.halcyon.verticles.inference;

import dev.halcyon.core.inference.Drop;
import dev.halcyon.core.inference.Spent;

/**
 * What became of a request that was taken.
 *
 * @param <A> what the model answers
 */
public sealed interface Outcome<A> {
  /** The model's answer, and what it took. */
  record Answered<A>(A answer, Spent spent) implements Outcome<A> {}

  /** It was not computed. */
  record Dropped<A>(Drop reason) implements Outcome<A> {}

  /** The model failed at its batch. */
  record Failed<A>(String why) implements Outcome<A> {}
}

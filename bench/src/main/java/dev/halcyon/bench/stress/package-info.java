/** Stress tests of the ring's concurrency, run by jcstress; every outcome is named. */
package dev.halcyon.bench.stress;

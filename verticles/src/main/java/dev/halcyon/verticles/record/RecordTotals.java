package dev.halcyon.verticles.record;

import java.util.concurrent.atomic.LongAdder;

/** What all recorders of a node did since it started. Any thread. */
final class RecordTotals {
  final LongAdder recordedUs = new LongAdder();
  final LongAdder recordedBytes = new LongAdder();
  final LongAdder missedUs = new LongAdder();
  final LongAdder failures = new LongAdder();
  final LongAdder deletedFiles = new LongAdder();
}

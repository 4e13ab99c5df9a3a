package dev.halcyon.codecs.analyse;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** How long threads have worked, whatever else the machine did meanwhile. Any thread. */
final class CpuTime {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private CpuTime() {}

  static long ofThisThreadNs() {
    return THREADS.getCurrentThreadCpuTime();
  }
}

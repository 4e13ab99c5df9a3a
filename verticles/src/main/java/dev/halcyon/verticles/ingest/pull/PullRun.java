package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.codecs.mux.ByteFeed;
import java.util.OptionalLong;

/**
 * Media of one container and one clock.
 *
 * @param isBreak whether its time has nothing to do with that of the run before
 * @param wallUs when its first packet was made, as the source says
 * @param leadUs how long its first packets have been there when they are read: they come in bursts
 * @param isWhole whether all of it is there already, so that its time has to be kept here
 */
record PullRun(ByteFeed feed, boolean isBreak, OptionalLong wallUs, long leadUs, boolean isWhole) {}

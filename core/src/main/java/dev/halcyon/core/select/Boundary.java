package dev.halcyon.core.select;

/**
 * A place where a clip may begin or end.
 *
 * @param quality how natural that is, 0..1
 * @param what it is, for people: "at a cut"
 */
record Boundary(long atUs, double quality, String what) {}

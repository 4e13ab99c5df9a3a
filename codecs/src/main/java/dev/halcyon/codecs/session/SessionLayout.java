package dev.halcyon.codecs.session;

/**
 * How a session file lies on the disk. It is a fragmented MP4 (ISO/IEC 14496-12) that any player
 * opens; boxes of our own, which players skip, say what MP4 cannot.
 *
 * <pre>
 *   ┌────────────┐
 *   │ ftyp moov  │  the tracks; edit lists that move the first picture to 0
 *   │ uuid head  │  {@link SessionHead}: whose it is, its epoch and clock, its tracks
 *   ├────────────┤◄ fragment
 *   │ moof       │  sizes and times as MP4 has them
 *   │ mdat       │  payloads, track by track
 *   │ uuid seal  │  every packet's exact times and checksum; the fragment counts only with it
 *   ├────────────┤◄ fragment
 *   │ …          │
 *   ├────────────┤
 *   │ uuid index │  where the fragments are: once the file is closed
 *   └────────────┘
 * </pre>
 *
 * A fragment is written front to back and never changed. A file without an intact index was not
 * closed: {@link SessionRecovery} keeps the fragments whose seal is intact.
 *
 * <p>Decoding times in the {@code moof} count from the file's first packet, for players; we read
 * the seals, whose times are stream time.
 */
final class SessionLayout {
  static final int VERSION = 1;

  /** Size and type of a box. */
  static final int BOX_HEAD_BYTES = 8;

  private SessionLayout() {}
}

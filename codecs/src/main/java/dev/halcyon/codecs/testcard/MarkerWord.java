package dev.halcyon.codecs.testcard;

/**
 * What a sound marker says.
 *
 * @param decisecond the programme time at which it begins, in tenths of a second; 24 bits
 * @param cardId whose sound it is; 8 bits
 */
record MarkerWord(int decisecond, int cardId) {
  static final int MAX_DECISECOND = (1 << 24) - 1;

  long timeUs() {
    return decisecond * 100_000L;
  }
}

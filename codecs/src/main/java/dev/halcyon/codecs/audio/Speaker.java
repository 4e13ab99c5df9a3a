package dev.halcyon.codecs.audio;

import java.util.List;

/** Where a channel of sound belongs. */
public enum Speaker {
  FRONT_LEFT,
  FRONT_RIGHT,
  FRONT_CENTER,
  LOW_FREQUENCY,
  BACK_LEFT,
  BACK_RIGHT,
  SIDE_LEFT,
  SIDE_RIGHT,
  BACK_CENTER,
  OTHER;

  public static final List<Speaker> MONO = List.of(FRONT_CENTER);
  public static final List<Speaker> STEREO = List.of(FRONT_LEFT, FRONT_RIGHT);
  public static final List<Speaker> SURROUND_5_1 =
      List.of(FRONT_LEFT, FRONT_RIGHT, FRONT_CENTER, LOW_FREQUENCY, SIDE_LEFT, SIDE_RIGHT);
}

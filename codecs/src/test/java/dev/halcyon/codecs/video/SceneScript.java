package dev.halcyon.codecs.video;

import dev.halcyon.core.analysis.SceneCut.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * For tests: a film of known shots. Each shot is a landscape of soft noise with things that move in
 * it; shots are joined by cuts, dissolves and fades, and hold what only looks like a cut: flashes,
 * whip pans, fast games.
 */
public final class SceneScript {
  public static final int WIDTH_PX = 320;
  public static final int HEIGHT_PX = 180;
  public static final int FPS = 30;

  private static final int WORLD_PX = 1024;

  /** How the camera and the things in a shot behave. */
  public enum Manner {
    STILL,
    SLOW_PAN,
    /** Turns away at great speed, and stops. */
    WHIP_PAN,
    /** Things fly about and the camera shakes, without rest. */
    GAME,
    /** Two white pictures in the middle. */
    FLASH,
    /** Something large walks through the picture. */
    PASSER_BY
  }

  /**
   * A boundary that is there.
   *
   * @param frame first picture of the new shot, or the middle of the change
   * @param frames that the change takes; 0 for a hard cut
   */
  public record Truth(int frame, Kind kind, int frames) {}

  private record Shot(long seed, Manner manner, int frames) {}

  private final List<Shot> shots = new ArrayList<>();
  private final List<byte[]> worlds = new ArrayList<>();
  private final List<Truth> truths = new ArrayList<>();

  /** For each picture: shot, picture in it, other shot, share of the other in 1/256, brightness. */
  private final List<int[]> pictures = new ArrayList<>();

  private final Random noise;
  private final long seed;

  public SceneScript(long seed) {
    this.seed = seed;
    noise = new Random(seed);
  }

  /** A shot after a hard cut, or the first one. */
  public SceneScript cut(Manner manner, int frames) {
    if (!pictures.isEmpty()) {
      truths.add(new Truth(pictures.size(), Kind.HARD, 0));
    }
    int shot = begin(manner, frames);
    for (int i = 0; i < frames; i++) {
      pictures.add(new int[] {shot, i, -1, 0, 256});
    }
    return this;
  }

  /** A shot that the last one dissolves into. */
  public SceneScript dissolve(Manner manner, int frames, int over) {
    int last = pictures.getLast()[0];
    int lastFrame = pictures.getLast()[1];
    int shot = begin(manner, frames);
    truths.add(new Truth(pictures.size() + over / 2, Kind.FADE, over));
    for (int i = 0; i < over; i++) {
      pictures.add(new int[] {last, lastFrame + 1 + i, shot, 256 * (i + 1) / (over + 1), 256});
    }
    for (int i = 0; i < frames; i++) {
      pictures.add(new int[] {shot, i, -1, 0, 256});
    }
    return this;
  }

  /** The last shot goes dark, and out of the dark comes another. */
  public SceneScript fade(Manner manner, int frames, int over, int dark) {
    int last = pictures.getLast()[0];
    int lastFrame = pictures.getLast()[1];
    int shot = begin(manner, frames);
    truths.add(new Truth(pictures.size() + over + dark / 2, Kind.FADE, 2 * over + dark));
    for (int i = 0; i < over; i++) {
      pictures.add(new int[] {last, lastFrame + 1 + i, -1, 0, 256 * (over - i) / (over + 1)});
    }
    for (int i = 0; i < dark; i++) {
      pictures.add(new int[] {last, lastFrame, -1, 0, 0});
    }
    for (int i = 0; i < frames; i++) {
      pictures.add(new int[] {shot, i, -1, 0, i < over ? 256 * (i + 1) / (over + 1) : 256});
    }
    return this;
  }

  private int begin(Manner manner, int frames) {
    shots.add(new Shot(seed * 31 + shots.size(), manner, frames));
    worlds.add(world(shots.getLast().seed()));
    return shots.size() - 1;
  }

  /** Noise of four octaves, with a light and a contrast of its own. */
  private static byte[] world(long seed) {
    Random random = new Random(seed);
    double[] sum = new double[WORLD_PX * WORLD_PX / 4];
    int side = WORLD_PX / 2;
    double contrast = 25 + random.nextInt(50);
    for (int cell = 128; cell >= 16; cell /= 2) {
      int cells = side / cell;
      double[] grid = random.doubles((long) cells * cells, -1, 1).toArray();
      for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
          double fx = (double) (x % cell) / cell;
          double fy = (double) (y % cell) / cell;
          int left = x / cell;
          int top = y / cell;
          int right = (left + 1) % cells;
          int bottom = (top + 1) % cells;
          double upper = grid[top * cells + left] * (1 - fx) + grid[top * cells + right] * fx;
          double lower = grid[bottom * cells + left] * (1 - fx) + grid[bottom * cells + right] * fx;
          sum[y * side + x] += (upper * (1 - fy) + lower * fy) * cell / 128.0;
        }
      }
    }
    byte[] world = new byte[sum.length];
    int light = 70 + random.nextInt(100);
    for (int i = 0; i < sum.length; i++) {
      world[i] = (byte) Math.clamp(Math.round(light + contrast * sum[i]), 16, 235);
    }
    return world;
  }

  public int frames() {
    return pictures.size();
  }

  public List<Truth> truths() {
    return List.copyOf(truths);
  }

  /** Luma of a picture; pictures are asked for in order, for their noise. */
  public byte[] luma(int frame) {
    int[] entry = pictures.get(frame);
    byte[] luma = new byte[WIDTH_PX * HEIGHT_PX];
    for (int y = 0; y < HEIGHT_PX; y++) {
      for (int x = 0; x < WIDTH_PX; x++) {
        int value = pixel(entry[0], entry[1], x, y);
        if (entry[2] >= 0) {
          value = (value * (256 - entry[3]) + pixel(entry[2], 0, x, y) * entry[3]) / 256;
        }
        value = 16 + (value - 16) * entry[4] / 256;
        int grain = noise.nextInt(7) - 3;
        luma[y * WIDTH_PX + x] = (byte) Math.clamp(value + grain, 16, 235);
      }
    }
    return luma;
  }

  private int pixel(int number, int frame, int x, int y) {
    Shot shot = shots.get(number);
    int moved = 0;
    int shaken = 0;
    switch (shot.manner()) {
      case STILL, PASSER_BY -> {}
      case SLOW_PAN -> moved = frame;
      case WHIP_PAN -> moved = 28 * Math.clamp(frame - shot.frames() / 2, 0, 12);
      case GAME -> {
        moved = 6 * frame;
        shaken = frame * 37 % 11;
      }
      case FLASH -> {
        if (frame == shot.frames() / 2 || frame == shot.frames() / 2 + 1) {
          return 235;
        }
      }
    }
    if (isThing(shot, frame, x, y)) {
      return (int) (40 + shot.seed() % 7 * 25);
    }
    int side = WORLD_PX / 2;
    return worlds.get(number)[(y + shaken) % side * side + (x + moved) % side] & 0xff;
  }

  private static boolean isThing(Shot shot, int frame, int x, int y) {
    return switch (shot.manner()) {
      case GAME ->
          Math.abs((x + 17 * frame) % 160 - 80) < 14 && Math.abs((y + 9 * frame) % 90 - 45) < 14;
      case PASSER_BY -> Math.abs(x + 60 - 8 * frame) < 55 && y > 20;
      default -> Math.abs(x - 100 - 20 * Math.sin(frame / 9.0)) < 16 && Math.abs(y - 90) < 24;
    };
  }
}

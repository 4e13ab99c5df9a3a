package dev.halcyon.codecs.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.render.WindowAxis.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where cameras look, to parts of a pixel, without a second resampling. */
class WindowAxisTest {
  /** How much of so many pixels becomes how many. */
  private record Camera(int sourcePx, double part, int targetPx) {}

  private static final List<Camera> USUAL =
      List.of(
          new Camera(1920, 0.31640625, 1080),
          new Camera(640, 0.31640625, 360),
          new Camera(3840, 0.31640625, 1080),
          new Camera(1920, 0.2531, 1080),
          new Camera(1080, 0.8, 1920));

  /** Twice the size, 8 : 3, 5 : 4: scaled pixels lie in few places between the source's. */
  private static final List<Camera> RARE =
      List.of(
          new Camera(1920, 0.28125, 1080),
          new Camera(1280, 0.31640625, 1080),
          new Camera(1921, 0.3, 720));

  @Test
  void aMovingCameraIsNearlyAlwaysOnAWholePixel() {
    for (Camera camera : USUAL) {
      List<WindowAxis> axes = exact(camera);
      long whole = axes.stream().filter(WindowAxis::isWhole).count();
      assertTrue(whole >= 0.95 * axes.size(), camera + ": " + whole + " of " + axes.size());
    }
  }

  @Test
  void whereNoWholePixelIsNearThePlaceIsExactAllTheSame() {
    RARE.forEach(WindowAxisTest::exact);
  }

  /** All places but those at the edges of the source; none is off by more than is seen. */
  private static List<WindowAxis> exact(Camera camera) {
    Shape shape = Shape.of(camera.part(), camera.sourcePx(), camera.targetPx());
    List<WindowAxis> axes = new ArrayList<>();
    for (int step = 500; step <= 4_500; step++) {
      double start = (1 - camera.part()) * step / 5_000;
      WindowAxis axis = WindowAxis.moving(start, camera.part(), camera.sourcePx(), shape);
      double off = offPx(axis, start, camera);
      assertTrue(Math.abs(off) <= 0.17, camera + " at " + start + " is off by " + off);
      axes.add(axis);
    }
    return axes;
  }

  @Test
  void nothingIsTakenFromOutsideOfTheSource() {
    for (Camera camera : Stream.concat(USUAL.stream(), RARE.stream()).toList()) {
      Shape shape = Shape.of(camera.part(), camera.sourcePx(), camera.targetPx());
      for (int step = 0; step <= 1000; step++) {
        double start = (1 - camera.part()) * step / 1000;
        check(WindowAxis.moving(start, camera.part(), camera.sourcePx(), shape), camera);
        WindowAxis still =
            WindowAxis.still(start, camera.part(), camera.sourcePx(), camera.targetPx());
        check(still, camera);
        assertTrue(still.isWhole() && still.scaled() == camera.targetPx(), still::toString);
        assertEquals(0, offPx(still, start, camera), 2.0 * still.scaled() / still.length());
      }
    }
  }

  @Test
  void allOfTheSourceIsAllOfIt() {
    assertEquals(
        new WindowAxis(0, 1081, 720, 0), WindowAxis.moving(0, 1, 1081, Shape.of(1, 1081, 720)));
    assertEquals(new WindowAxis(0, 1081, 720, 0), WindowAxis.still(0, 1, 1081, 720));
  }

  private static void check(WindowAxis axis, Camera camera) {
    String text = camera + ": " + axis;
    assertTrue(axis.from() >= 0 && axis.from() % 2 == 0, text);
    assertTrue(axis.from() + axis.length() <= camera.sourcePx(), text);
    assertTrue(axis.offset() >= 0, text);
    assertTrue(axis.offset() + camera.targetPx() <= axis.scaled(), text);
  }

  /** By how many pixels of the target the middle of what is shown is not the one that is wanted. */
  private static double offPx(WindowAxis axis, double start, Camera camera) {
    double ratio = (double) axis.scaled() / axis.length();
    double shownPx = axis.from() + (axis.offset() + camera.targetPx() / 2.0) / ratio;
    return (shownPx - (start + camera.part() / 2) * camera.sourcePx()) * ratio;
  }
}

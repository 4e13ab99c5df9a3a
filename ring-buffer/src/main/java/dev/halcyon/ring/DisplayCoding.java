package dev.halcyon.ring;

import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.ContentLight;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.MasteringDisplay;
import dev.halcyon.core.media.MasteringDisplay.Point;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.SampleAspect;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The tail of a configuration record of form 2; drawn in {@link RingLayout}. Little-endian. */
final class DisplayCoding {
  private static final byte ORIENTATION = 1;
  private static final byte SAMPLE_ASPECT = 2;
  private static final byte COLOUR = 3;
  private static final byte MASTERING = 4;
  private static final byte LIGHT = 5;

  private static final int MASTERING_BYTES = 24;

  /** All five, each with its tag and length. */
  static final int MAX_BYTES = 5 * 2 + 1 + 4 + 4 + MASTERING_BYTES + 4;

  private DisplayCoding() {}

  static void encode(Display display, ByteBuffer out) {
    if (display.orientation() != Orientation.UPRIGHT) {
      begin(out, ORIENTATION, 1).put((byte) display.orientation().id());
    }
    display
        .sampleAspect()
        .ifPresent(
            aspect ->
                putU16(putU16(begin(out, SAMPLE_ASPECT, 4), aspect.width()), aspect.height()));
    display
        .colour()
        .ifPresent(
            colour ->
                begin(out, COLOUR, 4)
                    .put((byte) colour.primaries())
                    .put((byte) colour.transfer())
                    .put((byte) colour.matrix())
                    .put((byte) (colour.isFullRange() ? 1 : 0)));
    display.mastering().ifPresent(mastering -> encode(mastering, out));
    display
        .light()
        .ifPresent(light -> putU16(putU16(begin(out, LIGHT, 4), light.maxCll()), light.maxFall()));
  }

  private static void encode(MasteringDisplay mastering, ByteBuffer out) {
    begin(out, MASTERING, MASTERING_BYTES);
    for (Point point :
        new Point[] {mastering.green(), mastering.blue(), mastering.red(), mastering.white()}) {
      putU16(putU16(out, point.x()), point.y());
    }
    out.putInt((int) mastering.maxLuminance()).putInt((int) mastering.minLuminance());
  }

  private static ByteBuffer begin(ByteBuffer out, byte tag, int length) {
    return out.put(tag).put((byte) length);
  }

  private static ByteBuffer putU16(ByteBuffer out, int value) {
    return out.putShort((short) value);
  }

  /**
   * @throws IllegalArgumentException for a value out of range
   * @throws java.nio.BufferUnderflowException when cut short
   */
  static Display decode(ByteBuffer in) {
    Orientation orientation = Orientation.UPRIGHT;
    Optional<SampleAspect> aspect = Optional.empty();
    Optional<ColourCode> colour = Optional.empty();
    Optional<MasteringDisplay> mastering = Optional.empty();
    Optional<ContentLight> light = Optional.empty();
    while (in.hasRemaining()) {
      byte tag = in.get();
      int length = in.get() & 0xff;
      int end = in.position() + length;
      switch (tag) {
        case ORIENTATION -> orientation = Orientation.ofId(in.get() & 0xff);
        case SAMPLE_ASPECT -> aspect = Optional.of(new SampleAspect(u16(in), u16(in)));
        case COLOUR -> colour = Optional.of(colour(in));
        case MASTERING -> mastering = Optional.of(mastering(in));
        case LIGHT -> light = Optional.of(new ContentLight(u16(in), u16(in)));
        default -> {}
      }
      in.position(end);
    }
    return new Display(orientation, aspect, colour, mastering, light);
  }

  private static ColourCode colour(ByteBuffer in) {
    return new ColourCode(in.get() & 0xff, in.get() & 0xff, in.get() & 0xff, in.get() != 0);
  }

  private static MasteringDisplay mastering(ByteBuffer in) {
    Point green = point(in);
    Point blue = point(in);
    Point red = point(in);
    Point white = point(in);
    return new MasteringDisplay(
        green,
        blue,
        red,
        white,
        Integer.toUnsignedLong(in.getInt()),
        Integer.toUnsignedLong(in.getInt()));
  }

  private static Point point(ByteBuffer in) {
    return new Point(u16(in), u16(in));
  }

  private static int u16(ByteBuffer in) {
    return Short.toUnsignedInt(in.getShort());
  }
}

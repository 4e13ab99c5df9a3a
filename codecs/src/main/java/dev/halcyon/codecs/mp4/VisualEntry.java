package dev.halcyon.codecs.mp4;

import dev.halcyon.codecs.bitstream.CodedDisplay;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.MasteringDisplay;
import dev.halcyon.core.media.SampleAspect;
import dev.halcyon.core.media.VideoFormat;

/**
 * Writes the sample entries of pictures: {@code avc1 hvc1} (ISO/IEC 14496-15), {@code av01} and
 * {@code vp09} (their ISO BMFF bindings).
 *
 * <pre>
 *   avc1 | hvc1 | av01 | vp09
 *   ├ avcC | hvcC | av1C | vpcC    the configuration, as the source gave it
 *   ├ colr nclx                    colours, where anything says them
 *   ├ pasp                         samples that are not square
 *   ├ mdcv                         the screen that HDR was graded on
 *   └ clli                         how bright HDR gets
 * </pre>
 *
 * No state beyond its arguments.
 */
final class VisualEntry {
  private static final int PPI_72 = 72 << 16;

  private final BoxWriter out;
  private final VideoFormat format;

  VisualEntry(BoxWriter out, VideoFormat format) {
    this.out = out;
    this.format = format;
  }

  void write() {
    switch (format.codec()) {
      case H264 -> write("avc1", "avcC", SampleEntries.required(format));
      case HEVC -> write("hvc1", "hvcC", SampleEntries.required(format));
      case AV1 -> write("av01", "av1C", SampleEntries.required(format));
      case VP9 -> write("vp09", "vpcC", format.config().isEmpty() ? plainVp9() : format.config());
      default -> throw SampleEntries.unsupported(format);
    }
  }

  /** VisualSampleEntry, 14496-12 section 12.1.3, then its boxes. */
  private void write(String type, String configType, Bytes config) {
    out.begin(type).zeros(6).u16(1).zeros(16);
    out.u16(format.widthPx()).u16(format.heightPx()).u32(PPI_72).u32(PPI_72).u32(0);
    out.u16(1).zeros(32).u16(0x18).u16(0xffff);
    out.begin(configType).bytes(config).end();
    Display display = CodedDisplay.of(format);
    display.colour().ifPresent(this::writeColour);
    display.sampleAspect().filter(aspect -> !aspect.isSquare()).ifPresent(this::writeAspect);
    display.mastering().ifPresent(this::writeMastering);
    display
        .light()
        .ifPresent(light -> out.begin("clli").u16(light.maxCll()).u16(light.maxFall()).end());
    out.end();
  }

  private void writeColour(ColourCode colour) {
    out.begin("colr").ascii("nclx").u16(colour.primaries()).u16(colour.transfer());
    out.u16(colour.matrix()).u8(colour.isFullRange() ? 0x80 : 0).end();
  }

  private void writeAspect(SampleAspect aspect) {
    out.begin("pasp").u32(aspect.width()).u32(aspect.height()).end();
  }

  private void writeMastering(MasteringDisplay display) {
    out.begin("mdcv");
    writePoint(display.green());
    writePoint(display.blue());
    writePoint(display.red());
    writePoint(display.white());
    out.u32(display.maxLuminance()).u32(display.minLuminance()).end();
  }

  private void writePoint(MasteringDisplay.Point point) {
    out.u16(point.x()).u16(point.y());
  }

  /** VP codec binding, version 1: profile 0, level unknown, 8 bit 4:2:0, colour unspecified. */
  private static Bytes plainVp9() {
    return Bytes.copyOf(new byte[] {1, 0, 0, 0, 0, 0, (byte) 0x82, 2, 2, 2, 0, 0});
  }
}

package dev.halcyon.core.asset;

import dev.halcyon.core.media.ColourCode;
import java.util.Locale;

/** How code values stand for light. */
public enum Transfer {
  SDR,
  /** SMPTE ST 2084, as HDR10 has it. */
  PQ,
  /** Hybrid log-gamma. */
  HLG;

  /**
   * @param transfer as H.273 numbers transfer characteristics
   */
  public static Transfer ofH273(int transfer) {
    return switch (transfer) {
      case ColourCode.PQ -> PQ;
      case ColourCode.HLG -> HLG;
      default -> SDR;
    };
  }

  public boolean isHdr() {
    return this != SDR;
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}

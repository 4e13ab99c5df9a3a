package dev.halcyon.codecs.video;

/**
 * A picture scaled down for measuring: limited-range luma and half-size chroma, rows without
 * padding. Lent by {@link FrameScaler}, which overwrites it with the next.
 *
 * @param ptsUs stream time
 * @param widthPx even
 * @param heightPx even
 * @param luma widthPx × heightPx
 * @param cb (widthPx / 2) × (heightPx / 2)
 * @param cr as cb
 */
@SuppressWarnings("ArrayRecordComponent") // a borrowed view, never compared
public record SmallPicture(
    long ptsUs, int widthPx, int heightPx, byte[] luma, byte[] cb, byte[] cr) {}

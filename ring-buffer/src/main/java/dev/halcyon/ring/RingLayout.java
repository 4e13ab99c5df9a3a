package dev.halcyon.ring;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The ring file, format version {@value #VERSION}. Little-endian. A position is 64-bit and ever
 * growing; its record stands at file offset {@code HEADER_BYTES + (position − base) % capacity},
 * with the base and the capacity of the newest checkpoint.
 *
 * <pre>
 *   0          4096                                                    4096 + capacity
 *   +----------+--------------------------------------------------------+
 *   | header   | records: one lap, 8-byte aligned, none over the end    |
 *   +----------+--------------------------------------------------------+
 *                  ^ head: committed, reserved    ^ tail: oldest held
 *                  |&lt;-------- slack ---------&gt;|
 *
 *   header page
 *   offset size  field
 *        0    8  magic "HLCYRING"
 *        8    4  version
 *       12    4  header bytes (4096)
 *       16    8  capacity in bytes as created
 *       24    8  wall clock of creation, microseconds
 *       32    4  record header bytes (64)
 *       36    4  record alignment (8)
 *       40   20  zero
 *       60    4  CRC-32C of 0..59
 *      128   64  checkpoint, even numbers
 *      192   64  checkpoint, odd numbers
 *      256    8  reservedPosition     stored before old bytes are touched      (own line pair)
 *      384    8  committedPosition    stored with release after the record     (own line pair)
 *      512    8  tailPosition         oldest record held                       (own line pair)
 *      520    8  tailUs               stream time there
 *
 *   checkpoint
 *        0    8  number, ever growing; its parity names the slot
 *        8    8  tailPosition
 *       16    8  headPosition, a record's end
 *       24    8  seq of the next record
 *       32    8  capacity in bytes now; the file may be longer
 *       40    4  generation: how many times the file was opened for writing
 *       44    4  flags: 1 = shrunk, the disk was full
 *       48    8  basePosition, where laps are counted from
 *       56    4  zero
 *       60    4  CRC-32C of 0..59
 *
 *   record
 *        0    4  payload length
 *        4    1  kind: 1 packet, 2 configuration, 3 epoch, 4 padding
 *        5    1  track
 *        6    2  flags: 1 = keyframe, 2 = repeated, 4 = lost (padding over damaged records)
 *        8    8  position of this record
 *       16    8  seq, one more than the record before
 *       24    8  pts                  epoch: stream time of the anchor
 *       32    8  dts                  not a packet: stream time about here
 *       40    8  arrival, wall clock  epoch: wall clock of the anchor
 *       48    4  duration, unsigned
 *       52    4  generation
 *       56    4  epoch
 *       60    4  CRC-32C of 0..59 and the payload (of a padding record: of 0..59 only)
 *       64    n  payload, then zero to seven bytes to the alignment
 *
 *   configuration payload
 *        0    1  form: 1, or 2 where something is said beside the coded media
 *        1    1  codec id
 *        2    2  zero
 *        4    4  width in pixels       or sample rate in hertz
 *        8    4  height in pixels      or channels
 *       12    n  the codec's own configuration
 *
 *   configuration payload, form 2, from 12 on
 *       12    4  length of the codec's own configuration
 *       16    n  the codec's own configuration
 *     16+n       to the end: a tag (1), a length (1) and so many bytes; unknown tags are passed over
 *                1 orientation: its id (1)
 *                2 sample aspect: width (2), height (2)
 *                3 colour: primaries (1), transfer (1), matrix (1), full range 1 (1)
 *                4 mastering display: x (2) and y (2) of green, blue, red, white; most, least (4, 4)
 *                5 content light: of a sample (2), of a picture (2)
 * </pre>
 *
 * A stretch shorter than a record header before the end of the lap holds nothing and is skipped; a
 * longer one that does not fit the next record is a padding record.
 *
 * <p>A ring is resized by another base and capacity, stored in both checkpoints before the first
 * record that is laid by them: the base is then the start of the lap being written, in which all
 * that is held lies, so that no held record moves.
 *
 * <pre>
 *   12 pages, growing to 16 in the lap from position L on: the lap simply goes on
 *   +----------+---------------------------+---------+
 *   | header   | L              records    | fresh   |   base L, capacity 16
 *   +----------+---------------------------+---------+
 *
 *   12 pages, shrinking to 8: the lap ends there, what lies behind is given back
 *   +----------+-------------------+ - - - +
 *   | header   | L      records    |       .             base L, capacity 8
 *   +----------+-------------------+ - - - +
 * </pre>
 *
 * <p>Version 1 had no base: zeros stood there, which mean the same. Its files are taken over.
 */
final class RingLayout {
  static final int VERSION = 2;

  /** The oldest version that is taken over. */
  static final int OLDEST_VERSION = 1;

  /** "HLCYRING" read as a little-endian long. */
  static final long MAGIC = 0x474e_4952_5943_4c48L;

  static final int HEADER_BYTES = 4096;
  static final int PAGE_BYTES = 4096;
  static final int CACHE_LINE_BYTES = 64;

  static final int MAGIC_OFFSET = 0;
  static final int VERSION_OFFSET = 8;
  static final int HEADER_BYTES_OFFSET = 12;
  static final int CAPACITY_OFFSET = 16;
  static final int CREATED_WALL_OFFSET = 24;
  static final int RECORD_HEADER_BYTES_OFFSET = 32;
  static final int ALIGNMENT_OFFSET = 36;
  static final int IDENTITY_CRC_OFFSET = 60;

  static final int CHECKPOINT_OFFSET = 128;
  static final int CHECKPOINT_BYTES = 64;
  static final int NUMBER_AT = 0;
  static final int CHECKPOINT_TAIL_AT = 8;
  static final int CHECKPOINT_HEAD_AT = 16;
  static final int NEXT_SEQ_AT = 24;
  static final int CAPACITY_AT = 32;
  static final int CHECKPOINT_GENERATION_AT = 40;
  static final int CHECKPOINT_FLAGS_AT = 44;
  static final int BASE_AT = 48;

  static final int SHRUNK = 1;

  static final int RESERVED_OFFSET = 256;
  static final int COMMITTED_OFFSET = 384;
  static final int TAIL_OFFSET = 512;
  static final int TAIL_US_OFFSET = 520;

  static final int RECORD_HEADER_BYTES = 64;
  static final int ALIGNMENT = 8;
  static final int LENGTH_AT = 0;
  static final int KIND_AT = 4;
  static final int TRACK_AT = 5;
  static final int FLAGS_AT = 6;
  static final int POSITION_AT = 8;
  static final int SEQ_AT = 16;
  static final int PTS_AT = 24;
  static final int DTS_AT = 32;
  static final int ARRIVAL_AT = 40;
  static final int DURATION_AT = 48;
  static final int GENERATION_AT = 52;
  static final int EPOCH_AT = 56;
  static final int CRC_AT = 60;

  static final byte PACKET = 1;
  static final byte CONFIGURATION = 2;
  static final byte EPOCH = 3;
  static final byte PADDING = 4;

  static final short KEYFRAME = 1;
  static final short REPEATED = 2;
  static final short LOST = 4;

  /** No packet is larger, whatever the ring's capacity. */
  static final int MAX_PAYLOAD_BYTES = 64 << 20;

  static final long MAX_DURATION_US = 0xffff_ffffL;

  /** Every position, sequence and number is below this: a century of a gigabyte a second. */
  static final long FURTHEST = 1L << 62;

  static final int MOST_GENERATIONS = 1 << 30;
  static final int MOST_EPOCHS = 1 << 30;

  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  private RingLayout() {}

  /** Bytes that a record with this payload takes. */
  static long recordBytes(long payloadBytes) {
    return (RECORD_HEADER_BYTES + payloadBytes + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** A sixteenth of the ring: held for leases, and the margin of a reader at the tail. */
  static long slackBytes(long capacityBytes) {
    return (capacityBytes >> 4) & -ALIGNMENT;
  }

  /** The largest payload that a ring of this capacity takes: a quarter of it. */
  static int maxPayloadBytes(long capacityBytes) {
    return (int) Math.min(MAX_PAYLOAD_BYTES, capacityBytes / 4 - RECORD_HEADER_BYTES);
  }
}

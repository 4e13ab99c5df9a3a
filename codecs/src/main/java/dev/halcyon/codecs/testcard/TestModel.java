package dev.halcyon.codecs.testcard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A model that says what it computes: y = x · W + b over rows of {@code x}, as an ONNX file made
 * here field by field (Protocol Buffers, {@code onnx.proto3} of IR version 8, operators of set 13).
 * For whoever tests what runs models.
 *
 * <pre>
 * x [batch, columns] ──MatMul──▶ h [batch, outputs] ──Add──▶ y [batch, outputs]
 *          weights ────┘                    bias ────┘
 * </pre>
 */
public final class TestModel {
  private static final int FLOAT = 1;
  private static final long IR_VERSION = 8;
  private static final long OPERATOR_SET = 13;

  private TestModel() {}

  /**
   * The file's bytes.
   *
   * @param weights a row an input column, a column an output
   * @param bias one for each output
   */
  public static byte[] affine(float[][] weights, float[] bias) {
    return affine(weights, bias, 0);
  }

  /**
   * The file's bytes.
   *
   * @param batch the only number of rows that it takes; 0 for any
   */
  public static byte[] affine(float[][] weights, float[] bias, int batch) {
    int columns = weights.length;
    int outputs = bias.length;
    Message graph =
        new Message()
            .message(1, node("MatMul", "x", "weights", "h"))
            .message(1, node("Add", "h", "bias", "y"))
            .text(2, "affine")
            .message(5, tensor("weights", flat(weights, outputs), columns, outputs))
            .message(5, tensor("bias", bias, outputs))
            .message(11, value("x", batch, columns))
            .message(12, value("y", batch, outputs));
    return new Message()
        .number(1, IR_VERSION)
        .text(2, "halcyon")
        .message(7, graph)
        .message(8, new Message().text(1, "").number(2, OPERATOR_SET))
        .bytes();
  }

  private static float[] flat(float[][] rows, int columns) {
    float[] flat = new float[rows.length * columns];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * columns, columns);
    }
    return flat;
  }

  /** NodeProto: input 1, output 2, op_type 4. */
  private static Message node(String operator, String left, String right, String output) {
    return new Message().text(1, left).text(1, right).text(2, output).text(4, operator);
  }

  /** TensorProto: dims 1, data_type 2, name 8, raw_data 9 (little endian). */
  private static Message tensor(String name, float[] values, int... shape) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    Message tensor = new Message();
    for (int each : shape) {
      tensor.number(1, each);
    }
    return tensor.number(2, FLOAT).text(8, name).raw(9, raw.array());
  }

  /** ValueInfoProto: name 1, type 2 { tensor_type 1 { elem_type 1, shape 2 { dim 1 … } } }. */
  private static Message value(String name, int batch, int columns) {
    Message rows = batch > 0 ? new Message().number(1, batch) : new Message().text(2, "batch");
    Message shape = new Message().message(1, rows).message(1, new Message().number(1, columns));
    Message type = new Message().number(1, FLOAT).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, type));
  }

  /** A message of Protocol Buffers while it is written. */
  private static final class Message {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint((field << 3) | VARINT);
      varint(value);
      return this;
    }

    Message text(int field, String value) {
      return raw(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return raw(field, value.bytes());
    }

    Message raw(int field, byte[] value) {
      varint((field << 3) | LENGTH_DELIMITED);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}

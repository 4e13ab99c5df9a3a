package dev.halcyon.verticles.bus;

/** The event bus addresses. A message's type is stated beside its address. */
public final class Addresses {
  /** Published: {@code StreamEvent}. */
  public static final String STREAM_EVENT = "halcyon.v1.stream.event";

  /** Published: {@code ClipEvent}. */
  public static final String CLIP_EVENT = "halcyon.v1.clip.event";

  /** Request {@code StreamCommand}, answered with null. */
  public static final String STREAM_COMMAND = "halcyon.v1.stream.command";

  /** Request {@code StreamHealth.Query}, answered with {@code StreamHealth}. */
  public static final String STREAM_HEALTH = "halcyon.v1.stream.health";

  /** Request {@code ClipRequested}, answered with {@code Clip}. */
  public static final String CLIP_REQUEST = "halcyon.v1.clip.request";

  /** Published: {@code ClipExtended}. */
  public static final String CLIP_EXTEND = "halcyon.v1.clip.extend";

  /** Request {@code VerifyClip}, answered with {@code ClipVerified}. */
  public static final String CLIP_VERIFY = "halcyon.v1.clip.verify";

  /** Request {@code MakeExact}, answered with {@code ClipVersion}. */
  public static final String CLIP_EXACT = "halcyon.v1.clip.exact";

  /** Request {@code DeriveFile}, answered with {@code DerivedFile}. */
  public static final String CLIP_DERIVE = "halcyon.v1.clip.derive";

  /** Published: {@code JobEvent}. */
  public static final String JOB_EVENT = "halcyon.v1.job.event";

  /** Request {@code InferenceReport.Query}, answered with {@code InferenceReport}. */
  public static final String INFERENCE_REPORT = "halcyon.v1.inference.report";

  /** Request {@code JobOrder}, answered with null. */
  public static final String JOB_CREATE = "halcyon.v1.job.create";

  /** Request {@code JobCommand}, answered with null. */
  public static final String JOB_COMMAND = "halcyon.v1.job.command";

  private Addresses() {}
}

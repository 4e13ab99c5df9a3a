package dev.halcyon.core.error;

/**
 * Every error that Halcyon states to the outside, with the HTTP status it maps to. Handlers switch
 * on the code, never on the text.
 */
public enum ErrorCode {
  /** The request does not fit its contract: syntax, type, range. */
  BAD_REQUEST(400),
  UNAUTHORIZED(401),
  TOKEN_EXPIRED(401),
  INVALID_CREDENTIALS(401),
  FORBIDDEN(403),
  NOT_FOUND(404),
  STREAM_NOT_FOUND(404),
  CLIP_NOT_FOUND(404),
  JOB_NOT_FOUND(404),
  /** What a clip was made of is deleted by now. */
  SOURCE_GONE(410),
  /** The job cannot do this in the state that it is in. */
  JOB_STATE(409),
  METHOD_NOT_ALLOWED(405),
  EMAIL_TAKEN(409),
  /** A share link that was not made here, or not copied as a whole. */
  SHARE_INVALID(403),
  /** A share link that works from another address only. */
  SHARE_ADDRESS(403),
  SHARE_EXPIRED(410),
  /** A share link whose downloads are used up. */
  SHARE_USED_UP(410),
  SHARE_REVOKED(410),
  /** The time of a URL to put a file to is over. */
  UPLOAD_EXPIRED(410),
  /** A file has come to that URL already. */
  UPLOAD_CLOSED(409),
  PUBLISHER_EXISTS(409),
  STREAM_PAUSED(409),
  STREAM_NOT_LIVE(409),
  /** The asked range is not (wholly) held by the ring; the message names the held ranges. */
  RANGE_NOT_HELD(409),
  /** The window lies in more than one epoch and cannot be one file. */
  EPOCH_CROSSED(409),
  IDEMPOTENCY_CONFLICT(409),
  /** The workspace has as much as this node lets it have; the message names the number. */
  LIMIT_REACHED(409),
  /** Somebody else changed it since it was read; the message names the present revision. */
  EDIT_CONFLICT(412),
  /** The request's own condition does not hold. */
  PRECONDITION_FAILED(412),
  PAYLOAD_TOO_LARGE(413),
  RANGE_NOT_SATISFIABLE(416),
  /** The file is not complete yet; come back after {@code Retry-After}. */
  NOT_READY(425),
  RATE_LIMITED(429),
  INTERNAL(500),
  OVERLOADED(503),
  DATABASE_UNAVAILABLE(503),
  /** A file is kept by a store on another machine, which does not answer just now. */
  STORE_UNAVAILABLE(503),
  /** No room for a ring or a file; the message says what is missing and what to free. */
  INSUFFICIENT_STORAGE(507),

  /** A publisher's key is not that of any stream. */
  UNKNOWN_STREAM_KEY(404),
  /** A peer broke its protocol; the connection is closed. */
  PROTOCOL_VIOLATION(400),
  /** Coded media cannot be parsed or decoded. */
  CORRUPT_MEDIA(422),
  /** The codec or feature is known but not supported here. */
  UNSUPPORTED_MEDIA(415),
  /** The media lasts longer than is taken; the message names both lengths. */
  MEDIA_TOO_LONG(422),
  /** The file has more bytes than are taken. */
  MEDIA_TOO_LARGE(413),
  /** The pictures are larger than are taken. */
  PICTURE_TOO_LARGE(422),
  /** The media has more bits a second than are taken. */
  BITRATE_TOO_HIGH(422),
  /** There is neither a picture nor a sound in the file. */
  NO_MEDIA(422),
  /** An address that is not to be connected to; the message says why. */
  SOURCE_REFUSED(422),
  /**
   * A source brings too little, or not all of it in its time; asking by itself again helps nobody.
   */
  SOURCE_TOO_SLOW(504),
  /** Somebody stopped the work before it was done. */
  CANCELLED(409),
  /** The work was not done by its deadline. */
  TIMED_OUT(504),
  /** The process that reads a foreign file died over it, or had to be ended. */
  DECODER_CRASHED(422),
  /** What is asked for needs a model that is not here, or not usable; the message says which. */
  MODEL_UNAVAILABLE(503),
  /** Reading reached the end of the media. */
  END_OF_STREAM(422),
  /** Nothing to read or no room to write just now. */
  WOULD_BLOCK(503),
  /** A peer went away or cannot be reached. */
  NETWORK_LOST(502),
  /** A ring file is damaged, foreign, or of an unknown version. */
  RING_CORRUPT(500),
  /** The reader was overtaken by the writer: the records are gone. */
  RING_OVERRUN(409),
  /** A recorded file is damaged where it was read. */
  RECORDING_CORRUPT(500),
  IO_FAILED(500);

  private final int httpStatus;

  ErrorCode(int httpStatus) {
    this.httpStatus = httpStatus;
  }

  public int httpStatus() {
    return httpStatus;
  }
}

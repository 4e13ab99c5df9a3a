package dev.halcyon.verticles.blob;

import java.io.IOException;

/** A store did not do what it was asked for. The message is for the operator. */
public final class StoreFault extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is wrong, and so who can mend it. */
  public enum Kind {
    /** It cannot be reached, or it is overloaded: it will pass. */
    AWAY,
    /** It does not accept who we are. */
    REFUSED,
    NO_BUCKET,
    /** The bucket is in another region than the configuration says. */
    WRONG_REGION,
    /** Only what was asked about one file failed. */
    FILE
  }

  private final Kind kind;

  public StoreFault(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether everything else that it is asked for fails as well. */
  public boolean isOfWholeStore() {
    return kind != Kind.FILE;
  }
}

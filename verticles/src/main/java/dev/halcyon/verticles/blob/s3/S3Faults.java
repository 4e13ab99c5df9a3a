package dev.halcyon.verticles.blob.s3;

import dev.halcyon.verticles.blob.StoreFault;
import dev.halcyon.verticles.blob.StoreFault.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the SDK throws, in the words of a store. No state. */
final class S3Faults {
  private static final Set<String> ABSENT = Set.of("NoSuchKey", "NoSuchUpload", "NotFound");
  private static final Set<String> ELSEWHERE =
      Set.of(
          "AuthorizationHeaderMalformed",
          "PermanentRedirect",
          "IllegalLocationConstraintException");
  private static final Set<String> UNKNOWN_CALLER =
      Set.of("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken");
  private static final Set<String> PASSING =
      Set.of(
          "SlowDown", "RequestTimeout", "OperationAborted", "InternalError", "ServiceUnavailable");

  private static final int NOT_IMPLEMENTED = 501;

  private S3Faults() {}

  /**
   * Asks the store.
   *
   * @param name what it is asked about
   * @throws NoSuchFileException when it has no such thing
   * @throws StoreFault when it does not do it
   */
  static <T> T ask(String name, Supplier<T> request) throws IOException {
    try {
      return request.get();
    } catch (SdkException failure) {
      throw of(name, failure);
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
  }

  private static IOException of(String name, SdkException failure) {
    if (failure instanceof AbortedException || Thread.currentThread().isInterrupted()) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted at " + name);
      interrupted.initCause(failure);
      return interrupted;
    }
    if (failure instanceof AwsServiceException answer) {
      return ofAnswer(name, answer);
    }
    String message = String.valueOf(failure.getMessage());
    boolean isUnknown = message.contains("credentials");
    return new StoreFault(isUnknown ? Kind.REFUSED : Kind.AWAY, message, failure);
  }

  private static IOException ofAnswer(String name, AwsServiceException answer) {
    String code = answer.awsErrorDetails() == null ? "" : answer.awsErrorDetails().errorCode();
    int status = answer.statusCode();
    if (code.equals("NoSuchBucket")) {
      return new StoreFault(Kind.NO_BUCKET, "there is no such bucket", answer);
    }
    if (ABSENT.contains(code) || status == 404) {
      NoSuchFileException absent = new NoSuchFileException(name);
      absent.initCause(answer);
      return absent;
    }
    return new StoreFault(kind(code, status), answer.getMessage(), answer);
  }

  private static Kind kind(String code, int status) {
    if (PASSING.contains(code) || (status >= 500 && status != NOT_IMPLEMENTED) || status == 429) {
      return Kind.AWAY;
    }
    if (ELSEWHERE.contains(code) || status == 301 || status == 307) {
      return Kind.WRONG_REGION;
    }
    return UNKNOWN_CALLER.contains(code) || status == 401 || status == 403
        ? Kind.REFUSED
        : Kind.FILE;
  }
}

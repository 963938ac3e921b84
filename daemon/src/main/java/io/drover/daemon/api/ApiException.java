package io.drover.daemon.api;

/**
 * A request that is answered with an error: an HTTP status, what is wrong, and what to do about it.
 */
public final class ApiException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int UNAVAILABLE = 503;

  private final int status;
  private final String remedy;

  private ApiException(int status, String error, String remedy) {
    super(error);
    this.status = status;
    this.remedy = remedy;
  }

  /** The request makes no sense; repeating it will not help. */
  public static ApiException badRequest(String error, String remedy) {
    return new ApiException(BAD_REQUEST, error, remedy);
  }

  /** It names something that does not exist. */
  public static ApiException notFound(String error, String remedy) {
    return new ApiException(NOT_FOUND, error, remedy);
  }

  /** It cannot be done in the present state. */
  public static ApiException conflict(String error, String remedy) {
    return new ApiException(CONFLICT, error, remedy);
  }

  /** Some part of the cluster does not answer now. */
  public static ApiException unavailable(String error, String remedy) {
    return new ApiException(UNAVAILABLE, error, remedy);
  }

  /** An error that another node answered with. */
  public static ApiException passedOn(int status, String error, String remedy) {
    return new ApiException(status, error, remedy);
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** What the operator can do. */
  public String remedy() {
    return remedy;
  }
}

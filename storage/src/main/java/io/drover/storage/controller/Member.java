package io.drover.storage.controller;

import io.drover.storage.replica.ReplicaService;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One replica of a container as its controller sees it. Not thread-safe: the log's lock guards it.
 *
 * <pre>
 * DOWN --brought up to date, feed begins--> LIVE --failed, or did not answer--> DOWN
 * </pre>
 */
final class Member {
  /** Whether it receives new records. */
  enum Phase {
    LIVE,
    DOWN
  }

  /** A record that was sent and when. */
  record Sent(long sequence, long atNanos) {}

  final String nodeId;

  Phase phase = Phase.DOWN;

  /** Whether the metadata lists it as in sync, as far as this controller knows. */
  boolean inSync;

  /**
   * Has answered to all that it was sent when its feed began, and must answer new writes before
   * they count, but may not serve yet.
   */
  boolean joining;

  /**
   * It serves no read before it has answered up to here: until then it may lack what others have.
   */
  long servesFrom;

  /** Its removal is being written, so it must join anew even when it is back before. */
  boolean leaving;

  /**
   * Its joining is being written to the metadata: until the outcome is known it counts, whatever
   * becomes of it, since a next holder may find it listed.
   */
  boolean entering;

  /** A thread is bringing it up to date. */
  boolean syncing;

  /** A thread is flushing it. */
  boolean flushing;

  /** Raised at each change of phase; what belongs to an earlier one is not heard. */
  int session;

  @Nullable ReplicaService service;
  String bootId = "";
  long appended;
  long durable;

  /** Not before this moment is it tried again. */
  long retryAtNanos = System.nanoTime();

  /** How often in a row it answered and could not be brought back all the same. */
  int refusals;

  String lastFailure = "";
  final ArrayDeque<Sent> unanswered = new ArrayDeque<>();

  Member(String nodeId) {
    this.nodeId = nodeId;
  }

  /** Whether writes wait for its answers. */
  boolean counts() {
    return inSync || joining || entering;
  }

  /** Whether it has answered to what it was sent when its feed began. */
  boolean caughtUp() {
    return phase == Phase.LIVE && appended >= servesFrom;
  }

  /** Whether it may answer reads. */
  boolean readable() {
    return caughtUp() && inSync && !leaving;
  }

  AckRule.Progress progress() {
    return new AckRule.Progress(inSync, appended, durable);
  }

  /**
   * Its feed begins.
   *
   * @param last where its log ends
   * @param end where the others' logs end, to which it is fed at once
   */
  void begin(ReplicaService newService, String newBootId, long last, long newDurable, long end) {
    phase = Phase.LIVE;
    joining = false;
    servesFrom = end;
    session++;
    service = newService;
    bootId = newBootId;
    appended = last;
    durable = newDurable;
    flushing = false;
    unanswered.clear();
    lastFailure = "";
  }

  void end(String why) {
    phase = Phase.DOWN;
    session++;
    flushing = false;
    unanswered.clear();
    lastFailure = why;
  }
}

package io.drover.storage.replica;

import java.nio.ByteBuffer;
import java.time.Duration;

/** The first exchange on a connection: who wants to talk to whom, and in which version. */
final class Hello {
  static final int VERSION = 1;

  private Hello() {}

  /**
   * What the client says.
   *
   * @param lowest protocol version that it speaks
   * @param nodeId of the node it wants: an address may have passed to another one
   */
  record Wanted(int lowest, int highest, String nodeId) {
    ByteBuffer encode() {
      return new Fields().add(lowest).add(highest).add(nodeId).done();
    }

    static Wanted decode(ByteBuffer s) {
      return new Wanted(s.getInt(), s.getInt(), Fields.text(s));
    }
  }

  /**
   * What the server answers.
   *
   * @param idleTimeout after which it closes a connection on which nothing comes in
   */
  record Agreed(int version, String nodeId, Duration idleTimeout) {
    ByteBuffer encode() {
      return new Fields().add(version).add(nodeId).add(idleTimeout.toMillis()).done();
    }

    static Agreed decode(ByteBuffer s) {
      return new Agreed(s.getInt(), Fields.text(s), Duration.ofMillis(s.getLong()));
    }
  }

  /**
   * The server's part.
   *
   * @throws ReplicaException.Invalid with the reason why the two cannot talk
   */
  static Agreed answer(Wanted wanted, String nodeId, Duration idleTimeout)
      throws ReplicaException.Invalid {
    if (wanted.lowest > VERSION || wanted.highest < VERSION) {
      throw new ReplicaException.Invalid(
          "replica protocol "
              + wanted.lowest
              + " to "
              + wanted.highest
              + " is wanted, node "
              + nodeId
              + " speaks "
              + VERSION);
    }
    if (!wanted.nodeId.equals(nodeId)) {
      throw new ReplicaException.Invalid(
          "node " + wanted.nodeId + " is wanted, this is node " + nodeId);
    }
    return new Agreed(VERSION, nodeId, idleTimeout);
  }
}

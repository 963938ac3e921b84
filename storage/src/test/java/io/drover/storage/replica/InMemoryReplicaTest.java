package io.drover.storage.replica;

/** The fake keeps the contract that the real ones keep. */
class InMemoryReplicaTest extends ReplicaContract {
  private final InMemoryReplica replica = new InMemoryReplica("node-1");

  @Override
  protected ReplicaService replica() {
    return replica;
  }

  @Override
  protected void corrupt(ContainerId id, int block) {
    replica.corrupt(id, block);
  }
}

package io.drover.hostagent.agent;

/**
 * Where in ZooKeeper, below the client's chroot, the scheduler's authority and intents are kept.
 */
public final class CoordinationPaths {
  /** Decimal number, raised by every scheduler that takes over. */
  public static final String SCHEDULER_EPOCH = "/scheduler/epoch";

  /** One JSON object per open intent, with its {@code stage}. */
  public static final String INTENTS = "/intents";

  /** One node per machine that an open intent is about, so that there can be only one. */
  public static final String VM_INTENTS = "/vm-intents";

  private CoordinationPaths() {}

  /** The node of one intent. */
  public static String intent(String id) {
    return INTENTS + "/" + id;
  }

  /** The node that says which intent a machine is part of. */
  public static String vmIntent(String vm) {
    return VM_INTENTS + "/" + vm;
  }
}

package io.drover.hostagent.agent;

/**
 * Marks what agents and schedulers send to each other; bound to the Jackson CBOR serializer in this
 * module's {@code reference.conf}.
 */
public interface AgentMessage {}

package io.drover.hostagent.agent;

/** How the copy of a virtual machine on one host is. */
public enum CopyState {
  RUNNING,
  /**
   * Stopped, with its memory whole; an incoming copy is this once its stream is whole, a source
   * while it waits for that to be confirmed.
   */
  PAUSED,
  /** Stopped by the hypervisor because a disk answered with an error. */
  IO_ERROR,
  /** Waits for a stream, or has a part of it. */
  INCOMING,
  /** Source, standing still for good: the destination has confirmed that it has everything. */
  POST_MIGRATE,
  /** Its process ended though nobody asked. */
  EXITED,
  /** The guest powered itself off. */
  POWERED_OFF,
  ABSENT,
  /** Its process lives and does not say how it is; nothing may be done to it on that ground. */
  UNKNOWN
}

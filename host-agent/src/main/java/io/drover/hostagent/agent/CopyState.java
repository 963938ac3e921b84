package io.drover.hostagent.agent;

/** How the copy of a virtual machine on one host is. */
public enum CopyState {
  RUNNING,
  /** Stopped, with its memory whole; an incoming copy is this once its stream is whole. */
  PAUSED,
  /** Stopped by the hypervisor because a disk answered with an error. */
  IO_ERROR,
  /** Waits for a stream, or has a part of it. */
  INCOMING,
  /** Source, standing still at the switch-over or after it. */
  POST_MIGRATE,
  /** Its process ended though nobody asked. */
  EXITED,
  /** The guest powered itself off. */
  POWERED_OFF,
  ABSENT
}

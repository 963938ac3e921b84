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
  /** Source, stopped between pre-copy and the end of the switch-over. */
  SWITCHING,
  /** Source, stopped, its whole memory sent. */
  POST_MIGRATE,
  EXITED,
  ABSENT
}

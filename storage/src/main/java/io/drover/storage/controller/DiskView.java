package io.drover.storage.controller;

import java.util.concurrent.locks.Lock;

/** What a container must know of its disk at each request; the versions change with a snapshot. */
interface DiskView {
  /** The versions that a read looks through. */
  int[] path();

  /** The version that a write carries; stable while {@link #writing()} is held. */
  int version();

  /** Held, shared, while a write gets its version and its place in the log. */
  Lock writing();

  /** Where blocks come from that this disk never wrote. */
  OriginReader origin();
}

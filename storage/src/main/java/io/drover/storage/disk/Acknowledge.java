package io.drover.storage.disk;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When a write may be acknowledged to the guest. */
public enum Acknowledge {
  /**
   * Every in-sync replica has the write in its operating system's page cache: no crash of a process
   * loses it, and a FLUSH makes it durable. With one in-sync replica left the controller behaves as
   * {@link #DURABLE}.
   */
  @JsonProperty("page-cache")
  PAGE_CACHE,
  /** Every in-sync replica has the write on its medium. */
  @JsonProperty("durable")
  DURABLE
}

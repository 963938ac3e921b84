package io.drover.storage.attach;

import java.util.Optional;

/**
 * What an operator or the agent must know about an attachment now.
 *
 * @param serving whether I/O is answered, rather than held for lease or replicas
 * @param waitingIo requests that are held now
 * @param containers containers of the disk
 * @param degradedContainers containers with fewer in-sync replicas than the policy's replica count
 * @param belowMinimumContainers containers whose writes wait for replicas
 * @param lastError last failure answered to the guest or met in the background, empty if none
 */
public record AttachHealth(
    boolean serving,
    int waitingIo,
    int containers,
    int degradedContainers,
    int belowMinimumContainers,
    Optional<String> lastError) {

  /** Whether a VM that was paused by an I/O error can go on. */
  public boolean healthy() {
    return serving && belowMinimumContainers == 0;
  }
}

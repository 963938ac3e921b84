package io.drover.storage.disk;

/**
 * By what right a lease is taken, so that one who acts on an old decision cannot take it from one
 * who acts on a newer.
 *
 * @param claimant whose decisions are compared, such as a virtual machine; of another claimant
 *     nothing is known, and he is let through
 * @param number rises with every decision
 */
public record LeaseClaim(String claimant, long number) {

  /** Whether this right is older than the one that was recorded. */
  public boolean outdatedBy(LeaseClaim recorded) {
    return claimant.equals(recorded.claimant()) && number < recorded.number();
  }

  @Override
  public String toString() {
    return claimant + "#" + number;
  }
}

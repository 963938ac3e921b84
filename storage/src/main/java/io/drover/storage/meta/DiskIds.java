package io.drover.storage.meta;

import io.drover.storage.disk.DiskId;
import java.security.SecureRandom;

/** Draws identities that nobody has drawn before, by length rather than by asking. */
public final class DiskIds {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** No vowels and no look-alikes: ids are read aloud and must not spell words. */
  private static final String ALPHABET = "23456789bcdfghjkmnpqrstvwxz";

  private DiskIds() {}

  static DiskId fresh() {
    return new DiskId("d" + draw(12));
  }

  /** Marks one taking of a lease. */
  public static String token() {
    return draw(20);
  }

  private static String draw(int length) {
    StringBuilder drawn = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      drawn.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return drawn.toString();
  }
}

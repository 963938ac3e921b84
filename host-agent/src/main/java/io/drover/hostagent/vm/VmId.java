package io.drover.hostagent.vm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Identity of a VM for its whole life; never reused.
 *
 * @param value lower-case letters, digits and hyphens, at most 63 characters, so that it can name a
 *     directory, a znode and a cgroup
 */
public record VmId(@JsonValue String value) implements Comparable<VmId> {
  private static final Pattern ACCEPTED = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public VmId {
    if (!accepts(value)) {
      throw new IllegalArgumentException("VM id '" + value + "' must match " + ACCEPTED);
    }
  }

  /** Whether a text can be an identity. */
  public static boolean accepts(String value) {
    return ACCEPTED.matcher(value).matches();
  }

  /** A fresh identity, unique across clusters. */
  public static VmId random() {
    return new VmId(UUID.randomUUID().toString());
  }

  /**
   * The UUID the guest sees: the id itself when it is one, otherwise derived from it; the same on
   * every host.
   */
  public UUID uuid() {
    return UUID_FORM.matcher(value).matches()
        ? UUID.fromString(value)
        : UUID.nameUUIDFromBytes(value.getBytes(UTF_8));
  }

  @Override
  public int compareTo(VmId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}

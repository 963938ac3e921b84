package io.drover.storage.disk;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * Identity of a disk, unique over all cells and never reused; the name may change, this may not.
 *
 * <p>It becomes part of file, socket and znode names, which is why the alphabet is narrow.
 */
public record DiskId(@JsonValue String value) implements Comparable<DiskId> {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public DiskId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "disk id '" + value + "': want 1 to 63 of a-z, 0-9 and '-', not starting with '-'");
    }
  }

  @Override
  public int compareTo(DiskId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}

package io.drover.storage.disk;

import java.util.regex.Pattern;

/** The one rule for names of disks and snapshots; they appear in command lines and NBD exports. */
public final class DiskNames {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  private DiskNames() {}

  /** Returns the name, or throws {@link IllegalArgumentException} saying what is accepted. */
  public static String check(String what, String name) {
    if (!FORM.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what
              + " '"
              + name
              + "': want 1 to 63 letters, digits, '.', '_' or '-', starting with a letter or digit");
    }
    return name;
  }
}

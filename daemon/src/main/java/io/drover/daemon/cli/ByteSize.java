package io.drover.daemon.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A size on the command line: {@code 512M}, {@code 10G}, {@code 1.5T}; powers of two. */
final class ByteSize implements ITypeConverter<Long> {
  private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([kmgt]?)(?:i?b)?");
  private static final String UNITS = "kmgt";

  @Override
  public Long convert(String value) {
    Matcher matcher = FORM.matcher(value.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new TypeConversionException("'" + value + "' is not a size; write 512M, 10G or 1T");
    }
    String unit = matcher.group(2);
    int shift = unit.isEmpty() ? 0 : 10 * (UNITS.indexOf(unit) + 1);
    double bytes = Double.parseDouble(matcher.group(1)) * (1L << shift);
    if (bytes < 0 || bytes > Long.MAX_VALUE / 2.0 || bytes != Math.rint(bytes)) {
      throw new TypeConversionException(
          "'" + value + "' is not a whole number of bytes that a disk can have");
    }
    return (long) bytes;
  }
}

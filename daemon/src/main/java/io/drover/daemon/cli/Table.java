package io.drover.daemon.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows under headings, in columns as wide as needed; headings that start with {@code >} are aligned
 * to the right.
 */
final class Table {
  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... headings) {
    this.headings = List.of(headings);
  }

  Table row(String... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(cells.length + " cells, want " + headings.size());
    }
    rows.add(List.of(cells));
    return this;
  }

  void print(PrintWriter out, String whenEmpty) {
    if (rows.isEmpty()) {
      out.println(whenEmpty);
      return;
    }
    int[] widths = new int[headings.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          Math.max(
              title(i).length(),
              rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }
    line(out, widths, headings.stream().map(h -> h.startsWith(">") ? h.substring(1) : h).toList());
    rows.forEach(row -> line(out, widths, row));
  }

  private String title(int column) {
    String heading = headings.get(column);
    return heading.startsWith(">") ? heading.substring(1) : heading;
  }

  private void line(PrintWriter out, int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String padding = " ".repeat(widths[i] - cells.get(i).length());
      line.append(headings.get(i).startsWith(">") ? padding + cells.get(i) : cells.get(i) + padding)
          .append("  ");
    }
    out.println(line.toString().stripTrailing());
  }
}

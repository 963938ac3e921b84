package io.drover.daemon.trace;

import io.drover.predictor.backtest.SeriesChart;
import java.util.List;
import java.util.Locale;

/** Draws the worst, the median and the best series of a backtest as one SVG picture. */
public final class BacktestChart {
  private static final int WIDTH = 1160;
  private static final int LEFT = 60;
  private static final int PLOT = 1080;
  private static final int PANEL = 260;
  private static final int HEIGHT = 190;

  private BacktestChart() {}

  /** The picture, without anything that it would have to load. */
  public static String svg(List<SeriesChart> charts) {
    StringBuilder out = new StringBuilder(1 << 16);
    out.append(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"13\">\n")
            .formatted(WIDTH, 30 + PANEL * charts.size()));
    out.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    legend(out);
    for (int i = 0; i < charts.size(); i++) {
      panel(out, charts.get(i), 30 + i * PANEL);
    }
    return out.append("</svg>\n").toString();
  }

  /** The picture as a page. */
  public static String html(List<SeriesChart> charts) {
    return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<title>Drover backtest</title></head>\n<body>\n"
        + svg(charts)
        + "</body></html>\n";
  }

  private static void legend(StringBuilder out) {
    String[][] entries = {
      {"#9aa5b1", "demand (range where several samples share a column)"},
      {"#1769aa", "forecast, middle"},
      {"#d1495b", "forecast, 0.95"}
    };
    int x = LEFT;
    for (String[] entry : entries) {
      out.append(
          "<rect x=\"%d\" y=\"10\" width=\"18\" height=\"4\" fill=\"%s\"/><text x=\"%d\" y=\"17\">%s</text>\n"
              .formatted(x, entry[0], x + 24, entry[1]));
      x += 40 + 7 * entry[1].length();
    }
  }

  private static void panel(StringBuilder out, SeriesChart chart, int top) {
    float[] came = chart.came();
    float most = 1e-6f;
    for (float value : came) {
      most = Float.isNaN(value) ? most : Math.max(most, value);
    }
    out.append(
        "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s: %s</text>"
            .formatted(LEFT, top + 14, chart.place(), escape(chart.name())));
    out.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#555\">%s</text>\n"
            .formatted(
                LEFT + PLOT,
                top + 14,
                "%d interval(s) ahead, scaled error %.2f, %d intervals"
                    .formatted(chart.horizon(), chart.error(), came.length)));
    int base = top + 24 + HEIGHT;
    for (int tick = 0; tick <= 2; tick++) {
      int y = base - tick * HEIGHT / 2;
      out.append(
          "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#ddd\"/>"
              .formatted(LEFT, LEFT + PLOT, y, y));
      out.append(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#555\">%s</text>\n"
              .formatted(LEFT - 6, y + 4, number(most * tick / 2)));
    }
    Scale scale = new Scale(came.length, most, base);
    range(out, came, scale);
    line(out, chart.high(), scale, "#d1495b");
    line(out, chart.middle(), scale, "#1769aa");
  }

  private record Scale(int count, float most, int base) {
    int columns() {
      return Math.min(count, PLOT);
    }

    int from(int column) {
      return (int) ((long) column * count / columns());
    }

    double x(int column) {
      return LEFT + (column + 0.5) * PLOT / columns();
    }

    double y(double value) {
      return base - HEIGHT * Math.clamp(value / most, 0, 1.05);
    }
  }

  /** One upright stroke for each column, from its least to its most, joined to the one before. */
  private static void range(StringBuilder out, float[] values, Scale scale) {
    out.append("<path fill=\"none\" stroke=\"#9aa5b1\" d=\"");
    boolean pen = false;
    for (int c = 0; c < scale.columns(); c++) {
      float least = Float.POSITIVE_INFINITY;
      float most = Float.NEGATIVE_INFINITY;
      for (int i = scale.from(c); i < scale.from(c + 1); i++) {
        if (!Float.isNaN(values[i])) {
          least = Math.min(least, values[i]);
          most = Math.max(most, values[i]);
        }
      }
      if (most < least) {
        pen = false;
        continue;
      }
      point(out, pen, scale.x(c), scale.y(least));
      point(out, true, scale.x(c), scale.y(most));
      pen = true;
    }
    out.append("\"/>\n");
  }

  private static void line(StringBuilder out, float[] values, Scale scale, String colour) {
    out.append("<path fill=\"none\" stroke-width=\"1.2\" stroke=\"").append(colour);
    out.append("\" d=\"");
    boolean pen = false;
    for (int c = 0; c < scale.columns(); c++) {
      double sum = 0;
      int n = 0;
      for (int i = scale.from(c); i < scale.from(c + 1); i++) {
        if (!Float.isNaN(values[i])) {
          sum += values[i];
          n++;
        }
      }
      if (n > 0) {
        point(out, pen, scale.x(c), scale.y(sum / n));
      }
      pen = n > 0;
    }
    out.append("\"/>\n");
  }

  private static void point(StringBuilder out, boolean pen, double x, double y) {
    out.append(pen ? 'L' : 'M').append(String.format(Locale.ROOT, "%.1f %.1f", x, y));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value >= 10 ? "%.0f" : "%.2g", value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}

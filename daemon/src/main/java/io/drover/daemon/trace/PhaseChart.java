package io.drover.daemon.trace;

import io.drover.predictor.glitch.Phases;
import io.drover.predictor.glitch.Span;
import io.drover.predictor.glitch.StablePeriod;
import io.drover.predictor.glitch.UnstableGroup;
import java.util.Locale;

/** Draws a history with its stable periods, and what lies between them, as one SVG picture. */
public final class PhaseChart {
  private static final int WIDTH = 1160;
  private static final int HEIGHT = 320;
  private static final int LEFT = 60;
  private static final int TOP = 50;
  private static final int PLOT_WIDTH = 1080;
  private static final int PLOT_HEIGHT = 230;

  private PhaseChart() {}

  /** The picture, without anything that it would have to load. */
  public static String svg(String name, double[] values, Phases phases) {
    double most = 1e-6;
    for (double value : values) {
      most = Math.max(most, value);
    }
    StringBuilder out = new StringBuilder(1 << 14);
    out.append(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"13\">\n")
            .formatted(WIDTH, HEIGHT));
    out.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    out.append(
        "<text x=\"%d\" y=\"18\" font-weight=\"bold\">%s</text>\n"
            .formatted(LEFT, name.replace("&", "&amp;").replace("<", "&lt;")));
    legend(out);
    for (UnstableGroup group : phases.groups()) {
      band(out, group, values.length);
    }
    axis(out, most);
    line(out, values, most);
    for (StablePeriod period : phases.periods()) {
      level(out, period, values.length, most);
    }
    return out.append("</svg>\n").toString();
  }

  private static void legend(StringBuilder out) {
    int x = LEFT;
    for (UnstableGroup.Verdict verdict : UnstableGroup.Verdict.values()) {
      out.append(
          "<rect x=\"%d\" y=\"28\" width=\"14\" height=\"10\" fill=\"%s\"/><text x=\"%d\" y=\"38\">%s</text>\n"
              .formatted(x, colour(verdict), x + 20, label(verdict)));
      x += 50 + 7 * label(verdict).length();
    }
    out.append(
        "<rect x=\"%d\" y=\"31\" width=\"18\" height=\"4\" fill=\"#1769aa\"/><text x=\"%d\" y=\"38\">level of a stable period</text>\n"
            .formatted(x, x + 24));
  }

  private static String label(UnstableGroup.Verdict verdict) {
    return switch (verdict) {
      case GLITCH -> "glitch: taken out";
      case PHASE_CHANGE -> "phase change: kept";
      case LEADING -> "before the first level";
      case UNDECIDED -> "undecided";
    };
  }

  private static String colour(UnstableGroup.Verdict verdict) {
    return switch (verdict) {
      case GLITCH -> "#f6c1c7";
      case PHASE_CHANGE -> "#cfe6cf";
      case LEADING -> "#eeeeee";
      case UNDECIDED -> "#fbe7b8";
    };
  }

  private static void band(StringBuilder out, UnstableGroup group, int count) {
    Span span = group.span();
    double from = x(span.from() - 0.5, count);
    out.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
            from,
            TOP,
            Math.max(2, x(span.to() - 0.5, count) - from),
            PLOT_HEIGHT,
            colour(group.verdict())));
  }

  private static void axis(StringBuilder out, double most) {
    for (int tick = 0; tick <= 2; tick++) {
      double value = most * tick / 2;
      out.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%.3g</text>\n",
              LEFT,
              LEFT + PLOT_WIDTH,
              y(value, most),
              y(value, most),
              LEFT - 6,
              y(value, most) + 4,
              value));
    }
  }

  private static void line(StringBuilder out, double[] values, double most) {
    out.append("<path fill=\"none\" stroke=\"#777\" d=\"");
    for (int i = 0; i < values.length; i++) {
      out.append(
          String.format(
              Locale.ROOT,
              "%s%.1f %.1f",
              i == 0 ? "M" : "L",
              x(i, values.length),
              y(values[i], most)));
    }
    out.append("\"/>\n");
  }

  private static void level(StringBuilder out, StablePeriod period, int count, double most) {
    out.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#1769aa\" stroke-width=\"3\"/>\n",
            x(period.from() - 0.5, count),
            x(period.to() - 0.5, count),
            y(period.baseline(), most),
            y(period.baseline(), most)));
  }

  private static double x(double index, int count) {
    return LEFT + Math.clamp((index + 0.5) / count, 0, 1) * PLOT_WIDTH;
  }

  private static double y(double value, double most) {
    return TOP + PLOT_HEIGHT - PLOT_HEIGHT * value / most;
  }
}

package io.drover.daemon.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** The page at {@code /metrics}. */
public final class MetricsPage {
  private MetricsPage() {}

  /** All metrics of this process in Prometheus' text format. */
  public static String text() {
    StringWriter text = new StringWriter(16_384);
    try {
      TextFormat.write004(text, CollectorRegistry.defaultRegistry.metricFamilySamples());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }
}

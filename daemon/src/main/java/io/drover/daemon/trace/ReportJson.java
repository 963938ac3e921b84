package io.drover.daemon.trace;

import io.drover.predictor.backtest.BacktestReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A backtest's report as it is written to a file. */
public final class ReportJson {
  private ReportJson() {}

  /** The report as maps and lists. */
  public static Map<String, Object> of(BacktestReport report, double seconds) {
    List<Map<String, Object>> results = new ArrayList<>();
    for (BacktestReport.Result result : report.results()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("horizon", result.horizon());
      one.put("model", result.model());
      one.put("mae", result.mae());
      one.put("rmse", result.rmse());
      one.put("mase", result.mase());
      one.put("pinball", result.pinball());
      one.put("coverage", result.coverage());
      results.add(one);
    }
    List<Map<String, Object>> sums = new ArrayList<>();
    for (BacktestReport.Sum sum : report.sums()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("size", sum.size());
      one.put("sets", sum.sets());
      one.put("coverage", sum.coverage());
      one.put("coverageByHorizon", sum.coverageByHorizon());
      sums.add(one);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("results", results);
    all.put("sums", sums);
    all.put("series", report.series());
    all.put("forecasts", report.forecasts());
    all.put("seconds", seconds);
    return all;
  }
}

package io.drover.daemon.demo.record;

import java.util.LinkedHashMap;
import java.util.Map;

/** The four events that the demo is about. */
public record Judgement(
    Finding overloadRelieved, Finding glitchIgnored, Finding standby, Finding wokenInTime) {

  /** All of them. */
  public boolean allHappened() {
    return overloadRelieved.happened()
        && glitchIgnored.happened()
        && standby.happened()
        && wokenInTime.happened();
  }

  /** By the name that they have in the JSON summary. */
  public Map<String, Finding> byName() {
    Map<String, Finding> all = new LinkedHashMap<>();
    all.put("overloadRelieved", overloadRelieved);
    all.put("glitchIgnored", glitchIgnored);
    all.put("standby", standby);
    all.put("wokenInTime", wokenInTime);
    return all;
  }
}

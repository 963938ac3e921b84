package io.drover.hostagent.agent;

import java.time.Duration;

/**
 * How often an agent looks and how much it remembers.
 *
 * @param sampleInterval between reports to the scheduler, each with one demand sample per machine
 * @param checkInterval between checks of every machine
 * @param historySamples demand samples remembered per machine
 */
public record SupervisionSettings(
    Duration sampleInterval, Duration checkInterval, int historySamples) {}

package io.drover.scheduler.forecast;

import io.drover.predictor.fleet.Explained;
import io.drover.predictor.fleet.FleetPredictor;
import io.drover.predictor.fleet.FleetShape;
import io.drover.predictor.forecast.Forecaster;
import io.drover.predictor.forecast.LearnedRange;
import io.drover.predictor.history.Samples;
import io.drover.predictor.history.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The fleet's predictor, fed from the samples of the scheduler.
 *
 * <p>{@link #advance} closes the slots whose time is over: it averages their samples, has the
 * predictor learn from them and forecast anew. {@link #range} only reads what was worked out then,
 * and what it returns may be handed to other threads.
 *
 * <p>Every machine has its own next slot, and the earliest of all is always closed first. So what a
 * new scheduler is sent by the agents is learned in the order of its time, and a fleet that has
 * much to catch up with does so over several calls: one does {@link #WORK} at most.
 *
 * <p>Not thread-safe.
 */
public final class FleetForecasts {
  /** What one call does at most, in slots of single machines: about a tenth of a second. */
  static final int WORK = 10_000;

  /** So many samples to read, or machines to pass by, are as much work as a slot is to learn. */
  private static final int SMALL_STEPS = 64;

  /** Slots before the one that is closed, whose samples show what in it is a glitch. */
  private static final int CONTEXT = 3;

  /** Where glitches make up more of a machine's samples than this, they are how it works. */
  private static final double HABIT = 0.05;

  private static final double HABIT_STEP = 0.02;

  /** A range that rests on older slots would not count. */
  private static final int WORTH_SHOWING = 4;

  private static final int FAR_AHEAD = 60;

  private final LearningSettings settings;
  private final Forecaster forecaster;
  private final Consumer<Verdict> judge;
  private final FleetShape shape;
  private final FleetPredictor predictor;
  private final long intervalMillis;
  private final TreeMap<String, Series> byVm = new TreeMap<>();
  private final ArrayDeque<Integer> free = new ArrayDeque<>();

  /** What is kept of one machine beside its place in the predictor. */
  private final class Series {
    final int number;
    final List<Promises> promises;
    final Surprise surprise = new Surprise();
    long newest;
    long next;
    int slots;
    double glitches;
    SlotMeans means = SlotMeans.none();
    Optional<LearnedRange> range = Optional.empty();

    Series(int number) {
      this.number = number;
      promises =
          List.of(
              new Promises(Verdict.Reach.NEAR, 0, 1),
              new Promises(Verdict.Reach.FAR, shape.horizons().indexOf(FAR_AHEAD), FAR_AHEAD));
    }

    void beginAt(long slot) {
      newest = slot - 1;
      next = slot;
      slots = 0;
      glitches = 0;
      means = SlotMeans.none();
      range = Optional.empty();
      promises.forEach(Promises::forget);
      surprise.forget();
    }
  }

  /**
   * @param forecaster tells glitches from levels
   * @param judge told what came of each forecast that was made while what was learned counted:
   *     enough slots were seen, and no surprise lasted. Held against it is what is learned of its
   *     slot, so glitches are left out of both
   */
  public FleetForecasts(LearningSettings settings, Forecaster forecaster, Consumer<Verdict> judge) {
    this.settings = settings;
    this.forecaster = forecaster;
    this.judge = judge;
    shape = settings.shape();
    predictor = new FleetPredictor(shape);
    intervalMillis = settings.interval().toMillis();
  }

  /** Closes the slots that are over; machines that are not among those given are forgotten. */
  public void advance(Instant now, Set<String> vms, DemandSource source) {
    forget(vms);
    long closed = slotOf(now.minus(settings.lateness()).toEpochMilli()) - 1;
    for (String vm : vms) {
      if (!byVm.containsKey(vm)) {
        begin(vm, source.since(vm, Long.MIN_VALUE));
      }
    }
    byVm.values().forEach(series -> followClock(series, closed));
    int work = WORK;
    while (work > 0) {
      long earliest = closed + 1;
      for (Series series : byVm.values()) {
        earliest = Math.min(earliest, series.next);
      }
      if (earliest > closed) {
        return;
      }
      for (Map.Entry<String, Series> entry : byVm.entrySet()) {
        if (work > 0 && entry.getValue().next == earliest) {
          work -= close(entry.getKey(), entry.getValue(), closed, source);
        }
      }
      work -= byVm.size() / SMALL_STEPS;
    }
  }

  /** A clock that was wrong for a moment must not cost slots, nor make a look go on for years. */
  private void followClock(Series series, long closed) {
    series.next = Math.max(series.next, closed - shape.history().fineSlots());
    // A machine's first sample may be of the slot after the one that is under way.
    if (series.next > closed + 2) {
      series.next = Math.max(series.newest, closed) + 1;
      series.means = SlotMeans.none();
    }
  }

  private void forget(Set<String> vms) {
    byVm.entrySet()
        .removeIf(entry -> {
          boolean gone = !vms.contains(entry.getKey());
          if (gone) {
            predictor.clear(entry.getValue().number);
            free.addLast(entry.getValue().number);
          }
          return gone;
        });
  }

  private void begin(String vm, Samples samples) {
    if (!samples.isEmpty()) {
      Series series = new Series(free.isEmpty() ? predictor.add() : free.removeFirst());
      series.beginAt(slotOf(samples.epochMillisAt(0)));
      byVm.put(vm, series);
    }
  }

  /**
   * Samples of the machine have become known that an agent remembers. Where they, with those that
   * were known, are of more slots than were learned, it is learned anew from the oldest on; what is
   * forgotten by that is in them. An agent that comes back and tells what is known takes nothing
   * away. What is remembered comes in portions, one right after the other, so a machine is learned
   * anew for as many of them only as have a look in between.
   */
  public void merged(String vm, DemandSource source) {
    Series series = byVm.get(vm);
    Samples samples = source.since(vm, Long.MIN_VALUE);
    if (series != null && !samples.isEmpty()) {
      // A catch-up that is under way has not seen them.
      series.means = SlotMeans.none();
      if (slotsBefore(series.next, samples) > series.slots) {
        predictor.clear(series.number);
        series.beginAt(slotOf(samples.epochMillisAt(0)));
      }
    }
  }

  /** How many slots have samples, of those that are over and could be learned. */
  private int slotsBefore(long next, Samples samples) {
    long before = next - shape.history().fineSlots() - 1;
    int slots = 0;
    for (int i = 0; i < samples.size(); i++) {
      long slot = slotOf(samples.epochMillisAt(i));
      if (slot > before && slot < next) {
        slots++;
        before = slot;
      }
    }
    return slots;
  }

  /** Closes the machine's next slot; how much work that was. */
  private int close(String vm, Series series, long closed, DemandSource source) {
    long slot = series.next++;
    int work = 1;
    if (!series.means.has(slot)) {
      Samples samples = source.since(vm, (slot - CONTEXT) * intervalMillis);
      series.means = means(samples, slot, closed);
      work += samples.size() / SMALL_STEPS;
    }
    learn(series, slot, slot == closed, slot > closed - WORTH_SHOWING);
    return work;
  }

  private void learn(Series series, long slot, boolean live, boolean shown) {
    double came = series.means.raw(slot);
    if (Double.isNaN(came)) {
      return;
    }
    series.glitches += HABIT_STEP * (series.means.leftOut(slot) - series.glitches);
    double demand = series.glitches > HABIT ? came : series.means.clean(slot);
    if (series.slots > 0) {
      float middle = predictor.quantile(series.number, 0, 0);
      float ninety = predictor.quantile(series.number, 0, 1);
      float ahead = predictor.quantile(series.number, 1, 0);
      series.surprise.closed(demand, middle, ninety, ahead, series.means.threshold());
    }
    long at = slot * intervalMillis + intervalMillis / 2;
    if (predictor.observe(series.number, at, demand) != Taken.NEW_SLOT) {
      return;
    }
    series.slots++;
    series.newest = slot;
    predictor.forecast(series.number);
    for (Promises promises : series.promises) {
      // What was before this scheduler is not judged: the one before it has done so.
      if (live && promises.due(slot)) {
        judge.accept(promises.judge(slot, demand));
      }
      if (trust(series) > 0) {
        promises.make(predictor, series.number, slot);
      }
    }
    if (shown) {
      series.range = Optional.of(read(series, slot));
    }
  }

  private SlotMeans means(Samples samples, long slot, long closed) {
    return SlotMeans.of(
        samples,
        forecaster.phases(samples),
        forecaster.settings().minStableSamples(),
        slot,
        (int) (closed - slot + 1),
        intervalMillis);
  }

  private LearnedRange read(Series series, long slot) {
    List<Integer> horizons = shape.horizons();
    double[][] values = new double[horizons.size()][FleetShape.QUANTILES.size()];
    for (int h = 0; h < values.length; h++) {
      for (int q = 0; q < values[h].length; q++) {
        values[h][q] = predictor.quantile(series.number, h, q);
      }
    }
    return new LearnedRange(
        Instant.ofEpochMilli((slot + 1) * intervalMillis),
        settings.interval(),
        series.slots,
        trust(series),
        horizons,
        FleetShape.QUANTILES,
        values);
  }

  private double trust(Series series) {
    return series.surprise.lasts() ? 0 : settings.trust(series.slots);
  }

  /** What was learned of a machine; empty while no slot of it has closed. */
  public Optional<LearnedRange> range(String vm) {
    return Optional.ofNullable(byVm.get(vm)).flatMap(series -> series.range);
  }

  /** Why the forecast of a machine is what it is; empty while no slot of it has closed. */
  public Optional<Learned> explain(String vm) {
    Series series = byVm.get(vm);
    if (series == null || series.slots == 0) {
      return Optional.empty();
    }
    List<Explained> horizons = new ArrayList<>();
    for (int h = 0; h < shape.horizons().size(); h++) {
      horizons.add(predictor.explain(series.number, h));
    }
    return Optional.of(new Learned(series.slots, trust(series), settings.interval(), horizons));
  }

  /**
   * What the predictor says of a machine.
   *
   * @param slots with samples that it rests on
   * @param trust how far that many are enough, 0 to 1; 0 also while demand has left what was
   *     learned
   * @param interval width of a slot
   * @param horizons from the nearest to the farthest
   */
  public record Learned(int slots, double trust, Duration interval, List<Explained> horizons) {
    public Learned {
      horizons = List.copyOf(horizons);
    }
  }

  /** How many machines something is known of. */
  int size() {
    return byVm.size();
  }

  /** How many series the predictor has room for: the most machines there were at one time. */
  int room() {
    return predictor.size();
  }

  private long slotOf(long epochMillis) {
    return Math.floorDiv(epochMillis, intervalMillis);
  }
}

package io.drover.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LaneTest {
  @Test
  void tasksRunInOrderAlsoBehindOneThatFails() {
    Lane lane = new Lane("test");
    List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
    lane.run(() -> ran.add(1));
    lane.run(() -> {
      throw new IllegalStateException("fault in a task");
    });
    lane.run(() -> ran.add(2));
    lane.awaitIdle();
    assertThat(ran).containsExactly(1, 2);
    lane.run(() -> ran.add(3));
    lane.awaitIdle();
    assertThat(ran).containsExactly(1, 2, 3);
  }
}

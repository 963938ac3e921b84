package io.drover.storage.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.disk.DiskId;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every failure arrives as what it was. */
class FailuresTest {
  private static final ContainerId ID = new ContainerId(new DiskId("disk-1"), 0);
  private static final LogPosition LAST = new LogPosition(3, 9);

  static List<ReplicaException> failures() {
    return List.of(
        new ReplicaException.Fenced(ID, 1, 2),
        new ReplicaException.Gap(ID, new LogPosition(3, 12), LAST),
        new ReplicaException.Behind(ID, 12, LAST),
        new ReplicaException.Diverged(ID, new LogPosition(2, 9), LAST),
        new ReplicaException.Absent(ID),
        new ReplicaException.BadBlock(
            ID, List.of(new BlockReference(1, 2, 3), new BlockReference(4, 5, 6))),
        new ReplicaException.Damaged(ID, 7),
        new ReplicaException.Superseded("superseded"),
        new ReplicaException.NoSpace("full"),
        new ReplicaException.StoreFailed("failed \u00e9", null),
        new ReplicaException.Unreachable("unreachable", null),
        new ReplicaException.Invalid("x".repeat(10_000)));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failureTravels(ReplicaException failure) throws Exception {
    ReplicaException arrived = Failures.decode(Failures.encode(failure));
    assertThat(arrived).hasSameClassAs(failure);
    String message = String.valueOf(failure.getMessage());
    assertThat(arrived).hasMessage(message.substring(0, Math.min(4096, message.length())));
    assertThat(Failures.encode(arrived)).isEqualTo(Failures.encode(failure));
  }
}

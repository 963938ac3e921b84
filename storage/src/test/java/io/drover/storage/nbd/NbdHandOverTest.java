package io.drover.storage.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.block.MemoryBlockDevice;
import io.drover.storage.nbd.LeasedDevice.Standing;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that goes from one host to another while both have it open for writing. */
@Timeout(30)
final class NbdHandOverTest {
  private static final int FLUSH = 3;
  private static final int EPERM = 1;
  private static final byte[] NOTHING = new byte[0];

  @TempDir Path directory;
  private final MemoryBlockDevice disk = new MemoryBlockDevice(8 << 20);
  private final LeasedDevice atSource = new LeasedDevice(disk, Standing.HOLDER);
  private final LeasedDevice atDestination = new LeasedDevice(disk, Standing.OBSERVER);
  private NbdServer server;
  private NbdTestClient source;
  private NbdTestClient destination;

  @BeforeEach
  void open() throws IOException {
    server = NbdServer.open(NbdSettings.defaults(), new NbdMetrics(new CollectorRegistry()));
    source =
        NbdTestClient.open(
            server.serveUnix(directory.resolve("source"), "disk", atSource).socket(), "disk");
    destination =
        NbdTestClient.open(
            server.serveUnix(directory.resolve("destination"), "disk", atDestination).socket(),
            "disk");
  }

  @AfterEach
  void close() throws IOException {
    source.close();
    destination.close();
    server.close();
  }

  @Test
  void secondWritableConnectionReadsCurrentDataWhileTheSourceWrites() throws IOException {
    byte[] sector = new byte[512];
    for (byte round = 1; round < 20; round++) {
      sector[0] = round;
      source.write(0, sector, 0);
      assertThat(destination.read(0, 512)[0]).isEqualTo(round);
    }
  }

  @Test
  void sourceFlushesTwiceAndLeavesAfterTheDestinationOwnsTheDisk() throws IOException {
    source.write(0, new byte[] {1, 2, 3}, 0);
    atSource.become(Standing.RELEASED);
    atDestination.become(Standing.HOLDER);
    assertThat(destination.write(0, new byte[] {4}, 0).error()).isZero();

    assertThat(source.call(FLUSH, 0, 0, 0).error()).isZero();
    assertThat(source.call(FLUSH, 0, 0, 0).error()).isZero();
    assertThat(source.write(0, new byte[] {9}, 0).error()).isEqualTo(EPERM);
    source.request(2, 0, 0, 0, NOTHING);

    assertThat(source.ended()).isTrue();
    assertThat(destination.read(0, 3)).containsExactly(4, 2, 3);
  }

  @Test
  void writeOfTheDestinationWaitsForTheLeaseAndReadsOvertakeIt() throws IOException {
    long early = destination.request(1, 0, 0, 3, new byte[] {7, 7, 7});
    assertThat(destination.read(0, 3)).containsOnly(0);
    atSource.become(Standing.RELEASED);
    atDestination.become(Standing.HOLDER);

    assertThat(destination.reply(0).cookie()).isEqualTo(early);
    assertThat(destination.read(0, 3)).containsOnly(7);
  }

  @Test
  void handOverThatFailsGivesTheDiskBackToTheSameConnection() throws IOException {
    atSource.become(Standing.RELEASED);
    assertThat(source.write(0, new byte[] {1}, 0).error()).isEqualTo(EPERM);
    atSource.become(Standing.HOLDER);

    assertThat(source.write(0, new byte[] {1}, 0).error()).isZero();
    assertThat(destination.read(0, 1)).containsOnly(1);
  }

  @Test
  void sourceThatWasFencedLosesItsConnectionAndChangesNothing() throws IOException {
    atSource.become(Standing.FENCED);
    atDestination.become(Standing.HOLDER);
    source.request(1, 0, 0, 1, new byte[] {9});

    assertThat(source.ended()).isTrue();
    assertThat(destination.read(0, 1)).containsOnly(0);
  }
}

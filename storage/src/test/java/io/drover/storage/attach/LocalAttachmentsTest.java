package io.drover.storage.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.controller.TestCluster;
import io.drover.storage.disk.LeaseClaim;
import io.drover.storage.nbd.NbdMetrics;
import io.drover.storage.nbd.NbdServer;
import io.drover.storage.nbd.NbdSettings;
import io.drover.storage.nbd.NbdTestClient;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LocalAttachmentsTest {
  /** By which agents take disks, and nobody else. */
  private static final LeaseClaim VM = new LeaseClaim("vm-1", 1);

  private static final int GO = 7;
  private static final int INFO = 3;

  @TempDir Path directory;
  private final TestCluster cluster = new TestCluster();
  private NbdServer nbd;
  private LocalAttachments attachments;

  @BeforeEach
  void start() throws IOException {
    nbd =
        NbdServer.open(
            NbdSettings.defaults()
                .withTcpAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            new NbdMetrics(new CollectorRegistry()));
    attachments =
        new LocalAttachments(
            cluster.context("h1"),
            nbd,
            directory,
            (disk, added) -> {
              throw new AssertionError("nothing grows here");
            });
  }

  @AfterEach
  void stop() {
    attachments.close();
    nbd.close();
    cluster.close();
  }

  private boolean opensByTcp() throws IOException {
    try (NbdTestClient client = NbdTestClient.connect(nbd.tcpAddress().orElseThrow()).greet(INFO)) {
      return client.option(GO, NbdTestClient.info(cluster.disk.name())).getLast().type() == 1;
    }
  }

  @Test
  void diskOfAVmIsNotOfferedByTcp() throws Exception {
    AttachedDisk attached = attachments.attach(cluster.disk.id(), AttachMode.OBSERVER);
    attached.seizeLease(VM);
    NbdTestClient.open(attached.nbdSocket(), attached.exportName()).close();
    assertThat(opensByTcp()).isFalse();
  }

  @Test
  void operatorsAttachmentIsOfferedUntilAVmTakesTheDisk() throws Exception {
    AttachedDisk attached = attachments.attach(cluster.disk.id(), AttachMode.HOLDER);
    attached.offerByTcp();
    assertThat(opensByTcp()).isTrue();
    assertThat(attachments.attach(cluster.disk.id(), AttachMode.OBSERVER)).isSameAs(attached);
    attached.seizeLease(VM);
    assertThat(opensByTcp()).isFalse();
    assertThat(attached.state()).isEqualTo(AttachState.HOLDER);
  }
}

package io.drover.hostagent.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.hostagent.hypervisor.NetCounters;
import io.drover.hostagent.settings.NetworkSettings;
import io.drover.hostagent.settings.NetworkSettings.Mode;
import io.drover.hostagent.vm.VmId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostNetworkTest {
  private static final VmId VM = new VmId("vm1");

  @TempDir private Path folder;

  @Test
  void scriptMovesTheTapIntoTheNamespaceAndOntoTheBridge() {
    assertThat(HostNetwork.upScript(new NetworkSettings(Mode.BRIDGE, "br7", Optional.of("guests"))))
        .startsWith("#!/bin/sh\n")
        .endsWith(
            """
            ip link set dev "$1" netns guests
            address=fe$(printf '%s' "${1#dr}" | sed 's/\\(..\\)/:\\1/g' | cut -c1-15)
            ip -netns guests link set dev "$1" address "$address" master br7
            ip -netns guests link set dev "$1" up
            """);
    assertThat(HostNetwork.upScript(new NetworkSettings(Mode.BRIDGE, "br7", Optional.empty())))
        .endsWith(
            """
            address=fe$(printf '%s' "${1#dr}" | sed 's/\\(..\\)/:\\1/g' | cut -c1-15)
            ip link set dev "$1" address "$address" master br7
            ip link set dev "$1" up
            """);
  }

  @Test
  void tapIsNamedForHostMachineAndEpochWithinTheKernelsLimit() {
    String name = HostNetwork.deviceName("host1", VM, 3);
    assertThat(name).matches("dr[0-9a-f]{12}").isEqualTo(HostNetwork.deviceName("host1", VM, 3));
    assertThat(HostNetwork.deviceName("host2", VM, 3)).isNotEqualTo(name);
    assertThat(HostNetwork.deviceName("host1", VM, 4)).isNotEqualTo(name);
  }

  @Test
  void whatTheTapTransmitsTheGuestReceives() throws IOException {
    assertThat(
            HostNetwork.parseCounters(
                new ObjectMapper()
                    .readTree(
                        """
                        [{"ifname":"lo","stats64":{"rx":{"bytes":1},"tx":{"bytes":2}}},
                         {"ifname":"dr0","stats64":{"rx":{"bytes":30},"tx":{"bytes":40}}}]
                        """)))
        .isEqualTo(Map.of("lo", new NetCounters(2, 1), "dr0", new NetCounters(40, 30)));
  }

  @Test
  void missingBridgeIsAFailureOnlyWhereABridgeIsDemanded() throws IOException {
    NetworkSettings demanded = new NetworkSettings(Mode.BRIDGE, "nosuchbridge0", Optional.empty());
    assertThatThrownBy(() -> HostNetwork.open(demanded, "h", folder).linkFor(VM, 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nosuchbridge0");
    NetworkSettings wished = new NetworkSettings(Mode.AUTO, "nosuchbridge0", Optional.empty());
    assertThat(HostNetwork.open(wished, "h", folder).linkFor(VM, 1))
        .isEqualTo(new GuestLink.UserMode());
  }

  @Test
  void rightsAreReadFromTheProcessStatus() {
    assertThat(TapRights.missing("Name:\tx\nCapEff:\t0000000000000000\n", false))
        .hasValueSatisfying(why -> assertThat(why).contains("CAP_NET_ADMIN"));
    assertThat(TapRights.missing("CapEff:\t0000000000001000\n", false)).isEmpty();
    assertThat(TapRights.missing("CapEff:\t0000000000001000\n", true))
        .hasValueSatisfying(why -> assertThat(why).contains("CAP_SYS_ADMIN"));
    assertThat(TapRights.missing("CapEff:\t000001ffffffffff\n", true)).isEmpty();
  }
}

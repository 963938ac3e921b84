package io.drover.storage.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.drover.config.ConfigException;
import io.drover.config.ConfigReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NbdSettingsTest {

  private static NbdSettings read(String own, String nodeAddress) throws Exception {
    return ConfigReader.read(
        ConfigFactory.parseString(own).withFallback(ConfigFactory.defaultReference()).resolve(),
        root -> {
          root.leave("drover.storage.store");
          root.leave("drover.storage.replica");
          return NbdSettings.read(root.section("drover.storage.nbd"), nodeAddress);
        });
  }

  private static InetSocketAddress at(String address) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(address), 7421);
  }

  @Test
  void defaultsAreThoseOfTheReference() throws Exception {
    NbdSettings settings = read("", "127.0.0.1");

    assertThat(settings).isEqualTo(NbdSettings.defaults().withTcpAddress(at("127.0.0.1")));
  }

  @Test
  void onlyThisMachineReachesTheDefaultAddress() throws Exception {
    assertThat(read("", "127.0.0.3").tcpAddress()).contains(at("127.0.0.3"));
    assertThat(read("", "192.0.2.7").tcpAddress()).contains(at("127.0.0.1"));
    assertThat(read("drover.storage.nbd.tcp-address = 192.0.2.7", "192.0.2.7").tcpAddress())
        .contains(at("192.0.2.7"));
    assertThat(read("drover.storage.nbd.tcp = off", "127.0.0.1").tcpAddress()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "max-request = 1 KiB, max-request",
    "max-request = 16 MiB, max-in-flight",
    "max-held = 1 MiB, max-held",
    "tcp-port = 70000, tcp-port",
    "tcp-address = no such address, tcp-address",
    "message-timeout = 5, message-timeout",
    "max-conections = 3, max-conections",
  })
  void wrongSettingIsNamed(String line, String key) {
    assertThatThrownBy(() -> read("drover.storage.nbd." + line, "127.0.0.1"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("drover.storage.nbd." + key);
  }
}

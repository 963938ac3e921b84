package io.drover.hostagent.host;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/** Keeps host records as JSON in {@code hosts/<node>}, below the client's chroot. */
public final class ZooKeeperHostCatalog implements HostCatalog {
  private static final String ROOT = "/hosts";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CuratorFramework client;

  public ZooKeeperHostCatalog(CuratorFramework client) {
    this.client = client;
  }

  /** What is stored; unknown fields are kept out so that older nodes can read newer records. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Stored(
      HostPower power,
      boolean thenStandby,
      long sinceEpochMillis,
      long bootMillis,
      HostTraits traits) {}

  @Override
  public List<HostRecord> list() throws HostCatalogException {
    List<HostRecord> hosts = new ArrayList<>();
    for (String host : names()) {
      find(host).ifPresent(hosts::add);
    }
    return List.copyOf(hosts);
  }

  private List<String> names() throws HostCatalogException {
    try {
      return client.getChildren().forPath(ROOT).stream().sorted().toList();
    } catch (KeeperException.NoNodeException none) {
      return List.of();
    } catch (Exception e) {
      throw unavailable("cannot list the hosts", e);
    }
  }

  @Override
  public Optional<HostRecord> find(String host) throws HostCatalogException {
    Stat stat = new Stat();
    try {
      byte[] data = client.getData().storingStatIn(stat).forPath(path(host));
      return Optional.of(decode(host, data, stat.getVersion()));
    } catch (KeeperException.NoNodeException none) {
      return Optional.empty();
    } catch (Exception e) {
      throw unavailable("cannot read the record of host " + host, e);
    }
  }

  @Override
  public HostRecord change(HostRecord next) throws HostCatalogException {
    try {
      byte[] data =
          JSON.writeValueAsBytes(
              new Stored(
                  next.power(),
                  next.thenStandby(),
                  next.since().toEpochMilli(),
                  next.bootDuration().toMillis(),
                  next.traits()));
      int revision = 0;
      if (next.revision() < 0) {
        client.create().creatingParentsIfNeeded().forPath(path(next.host()), data);
      } else {
        revision =
            client
                .setData()
                .withVersion(next.revision())
                .forPath(path(next.host()), data)
                .getVersion();
      }
      return new HostRecord(
          next.host(),
          next.power(),
          next.thenStandby(),
          next.since(),
          next.bootDuration(),
          next.traits(),
          revision);
    } catch (KeeperException.BadVersionException
        | KeeperException.NodeExistsException
        | KeeperException.NoNodeException e) {
      throw new HostCatalogException.Conflict(
          "the record of host " + next.host() + " was changed by someone else");
    } catch (Exception e) {
      throw unavailable("cannot change the record of host " + next.host(), e);
    }
  }

  private static HostRecord decode(String host, byte[] data, int revision) throws IOException {
    Stored stored = JSON.readValue(data, Stored.class);
    return new HostRecord(
        host,
        stored.power(),
        stored.thenStandby(),
        Instant.ofEpochMilli(stored.sinceEpochMillis()),
        Duration.ofMillis(stored.bootMillis()),
        stored.traits(),
        revision);
  }

  private static String path(String host) {
    return ROOT + "/" + host;
  }

  private static HostCatalogException.Unavailable unavailable(String what, Exception cause) {
    if (cause instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return new HostCatalogException.Unavailable(what + ": " + cause, cause);
  }
}

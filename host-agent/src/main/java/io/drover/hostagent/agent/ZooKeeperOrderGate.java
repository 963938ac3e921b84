package io.drover.hostagent.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.storage.meta.ZooKeeperSync;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;

/**
 * Asks ZooKeeper, after a {@code sync}, for the scheduler epoch and the stage of the intent.
 *
 * <p>The {@code sync} matters: without it the server this host talks to may be behind, and an order
 * of a scheduler that was replaced would be let through.
 */
public final class ZooKeeperOrderGate implements OrderGate {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CuratorFramework client;

  public ZooKeeperOrderGate(CuratorFramework client) {
    this.client = client;
  }

  @Override
  public void admit(Order order) throws OrderRefusedException {
    long newest = newestEpoch();
    if (order.schedulerEpoch() != newest) {
      throw new OrderRefusedException(
          "order "
              + order.intentId()
              + "/"
              + order.step()
              + " has scheduler epoch "
              + order.schedulerEpoch()
              + " but the newest is "
              + newest);
    }
    if (order.recordedStage().isPresent()) {
      requireStage(order, order.recordedStage().get());
    }
  }

  @Override
  public boolean intentOpen(String vm) throws OrderRefusedException {
    try {
      sync();
      return client.checkExists().forPath(CoordinationPaths.vmIntent(vm)) != null;
    } catch (Exception e) {
      throw cannotAsk(e);
    }
  }

  private long newestEpoch() throws OrderRefusedException {
    try {
      sync();
      return Long.parseLong(
          new String(client.getData().forPath(CoordinationPaths.SCHEDULER_EPOCH), US_ASCII));
    } catch (KeeperException.NoNodeException none) {
      throw new OrderRefusedException("no scheduler ever took over this cluster", none);
    } catch (Exception e) {
      throw cannotAsk(e);
    }
  }

  private void requireStage(Order order, String stage) throws OrderRefusedException {
    String recorded;
    try {
      recorded =
          JSON.readTree(client.getData().forPath(CoordinationPaths.intent(order.intentId())))
              .path("stage")
              .asText();
    } catch (KeeperException.NoNodeException none) {
      throw new OrderRefusedException("intent " + order.intentId() + " is not open any more", none);
    } catch (Exception e) {
      throw cannotAsk(e);
    }
    if (!recorded.equals(stage)) {
      throw new OrderRefusedException(
          "intent "
              + order.intentId()
              + " is in stage "
              + recorded
              + ", the order is for stage "
              + stage);
    }
  }

  private void sync() throws Exception {
    ZooKeeperSync.await(client);
  }

  private static OrderRefusedException cannotAsk(Exception cause) {
    if (cause instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return new OrderRefusedException("ZooKeeper cannot be asked: " + cause, cause);
  }
}

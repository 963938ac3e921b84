package io.drover.daemon.node;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's membership in the cluster, for as long as the node runs.
 *
 * <p>The actor system may end before the node does: the split-brain resolver takes down the smaller
 * part of a divided cluster. Then a new system is started, which joins again as soon as ZooKeeper
 * answers. Nothing that a running VM needs lives in the actor system.
 *
 * <p>Joining goes by {@link MemberDirectory}: whoever is registered there is joined; if nobody is,
 * the one node that gets the right to founds the cluster and names its incarnation. A member whose
 * incarnation is not the registered one (it was cut off, and the others have founded anew) ends its
 * system and joins again.
 */
final class ClusterRuntime implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClusterRuntime.class);
  private static final Duration ATTEMPT = Duration.ofSeconds(2);
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);

  private final NodeSettings node;
  private final ClusterSettings settings;
  private final Config config;
  private final MemberDirectory directory;
  private final ExecutorService executor;
  private final Consumer<ActorContext<Void>> parts;
  private final CountDownLatch firstUp = new CountDownLatch(1);
  private volatile boolean stopping;
  private volatile boolean mayFound;
  private volatile @Nullable ActorSystem<Void> system;
  private volatile @Nullable EphemeralRecord registration;
  private volatile String incarnation = "";

  ClusterRuntime(
      NodeSettings node,
      ClusterSettings settings,
      Config resolved,
      MemberDirectory directory,
      ExecutorService executor,
      Consumer<ActorContext<Void>> parts) {
    this.node = node;
    this.settings = settings;
    this.config = ClusterConfig.of(node, settings, resolved);
    this.directory = directory;
    this.executor = executor;
    this.parts = parts;
  }

  /** Starts the actor system and joins in the background. */
  void start() {
    ActorSystem<Void> started =
        ActorSystem.create(
            Behaviors.setup(context -> {
              parts.accept(context);
              return Behaviors.empty();
            }),
            ClusterConfig.SYSTEM,
            config);
    system = started;
    started.getWhenTerminated().whenCompleteAsync((done, failure) -> ended(), executor);
    executor.execute(() -> join(started));
  }

  /** Waits until this node was a member for the first time. */
  boolean awaitUp(Duration limit) throws InterruptedException {
    return firstUp.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The actor system of now; empty between the end of one and the start of the next. */
  Optional<ActorSystem<Void>> system() {
    ActorSystem<Void> current = system;
    return current == null || current.whenTerminated().isCompleted()
        ? Optional.empty()
        : Optional.of(current);
  }

  /** What this node takes to be the members. */
  List<ClusterMember> members() {
    return system()
        .map(s -> {
          List<ClusterMember> members = new java.util.ArrayList<>();
          var state = Cluster.get(s).state();
          for (Member m : state.getMembers()) {
            members.add(
                new ClusterMember(
                    m.address().toString(),
                    m.status().toString(),
                    !state.getUnreachable().contains(m),
                    m.getRoles()));
          }
          return List.copyOf(members);
        })
        .orElse(List.of());
  }

  /** The registered incarnation may have changed while ZooKeeper was out of reach. */
  void checkIncarnation() {
    ActorSystem<Void> current = system;
    if (current == null || stopping || incarnation.isEmpty()) {
      return;
    }
    try {
      Optional<String> valid = directory.incarnation();
      if (valid.isPresent() && !valid.get().equals(incarnation)) {
        log.atWarn()
            .addKeyValue("own", incarnation)
            .addKeyValue("valid", valid.get())
            .log("the others have founded the cluster anew; joining it");
        current.terminate();
      }
    } catch (Exception unknown) {
      log.atWarn()
          .setCause(unknown)
          .log(
              "could not compare the cluster's incarnation; it is tried again at the next reconnection");
    }
  }

  private void join(ActorSystem<Void> joining) {
    Cluster cluster = Cluster.get(joining);
    CountDownLatch up = new CountDownLatch(1);
    org.apache.pekko.cluster.Cluster.get(joining).registerOnMemberUp(up::countDown);
    Address self = cluster.selfMember().address();
    boolean founding = false;
    try {
      do {
        founding = founding || attempt(cluster, self);
      } while (!up.await(ATTEMPT.toMillis(), TimeUnit.MILLISECONDS)
          && !stopping
          && !joining.whenTerminated().isCompleted());
      if (up.getCount() == 0 && !stopping) {
        registration =
            directory.register(new MemberDirectory.Member(node.id(), self.toString(), incarnation));
        log.atInfo()
            .addKeyValue("node", node.id())
            .addKeyValue("address", self)
            .addKeyValue("incarnation", incarnation)
            .log("joined the cluster");
        firstUp.countDown();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (Exception failed) {
      log.error("could not register as a member; starting over", failed);
      joining.terminate();
    } finally {
      if (mayFound) {
        releaseFounding();
      }
    }
  }

  /** One attempt to join or found; true when this node founded. */
  private boolean attempt(Cluster cluster, Address self) {
    try {
      List<MemberDirectory.Member> others = others(self);
      // Also when the attempt fails later on: the right to found must not outlive it.
      mayFound = mayFound || others.isEmpty();
      if (others.isEmpty() && directory.tryFounding(node.id())) {
        others = others(self);
        if (others.isEmpty()) {
          incarnation = UUID.randomUUID().toString().substring(0, 8);
          directory.setIncarnation(incarnation);
          cluster.manager().tell(Join.create(self));
          return true;
        }
        directory.releaseFounding();
      }
      if (!others.isEmpty()) {
        incarnation = directory.incarnation().orElse("");
        cluster
            .manager()
            .tell(
                new JoinSeedNodes(
                    others.stream().map(m -> AddressFromURIString.parse(m.address())).toList()));
      }
    } catch (Exception outOfReach) {
      log.atDebug().setCause(outOfReach).log("coordination out of reach while joining");
    }
    return false;
  }

  private List<MemberDirectory.Member> others(Address self) throws Exception {
    return directory.members().stream().filter(m -> !m.address().equals(self.toString())).toList();
  }

  private void releaseFounding() {
    try {
      directory.releaseFounding();
      mayFound = false;
    } catch (Exception failed) {
      log.atWarn()
          .setCause(failed)
          .log("could not give the right to found back; it ends with the session");
    }
  }

  private void ended() {
    withdraw();
    if (stopping) {
      return;
    }
    log.warn(
        "this node is no longer a member of the cluster; disks are served on, and it joins again");
    startAgainLater();
  }

  /** The address has to be free again first; a start that fails is tried until one succeeds. */
  private void startAgainLater() {
    CompletableFuture.delayedExecutor(RESTART_PAUSE.toMillis(), TimeUnit.MILLISECONDS, executor)
        .execute(() -> {
          try {
            if (!stopping) {
              start();
            }
          } catch (RuntimeException failed) {
            log.atWarn().setCause(failed).log("the actor system did not start; trying again");
            startAgainLater();
          }
        });
  }

  private void withdraw() {
    EphemeralRecord current = registration;
    registration = null;
    if (current != null) {
      current.close();
    }
  }

  /** Leaves the cluster, so that the others need not wait for a timeout. */
  @Override
  public void close() {
    stopping = true;
    withdraw();
    ActorSystem<Void> current = system;
    if (current == null) {
      return;
    }
    var left = CoordinatedShutdown.get(current).runAll(Stopping.INSTANCE).toCompletableFuture();
    try {
      Done done =
          left.orTimeout(settings.shutdownTimeout().toMillis(), TimeUnit.MILLISECONDS).join();
      log.debug("left the cluster: {}", done);
    } catch (CompletionException late) {
      if (!(late.getCause() instanceof TimeoutException)) {
        throw late;
      }
      log.warn("actors did not stop within {}; going on without them", settings.shutdownTimeout());
    }
  }

  private enum Stopping implements CoordinatedShutdown.Reason {
    INSTANCE
  }
}

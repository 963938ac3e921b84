package io.drover.daemon.cluster;

import io.drover.daemon.demo.site.RunFolder;
import io.drover.daemon.node.Role;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One node of a cluster under test: its settings, and its process while it has one. */
final class TestNode {
  private static final int SHOWN_LINES = 40;

  private final String id;
  private final String address;
  private final Set<Role> roles;
  private final String api;
  private final RunFolder folder;
  private final List<String> command;
  private @Nullable Process process;

  TestNode(
      String id,
      String address,
      Set<Role> roles,
      String api,
      RunFolder folder,
      List<String> command) {
    this.id = id;
    this.address = address;
    this.roles = Set.copyOf(roles);
    this.api = api;
    this.folder = folder;
    this.command = List.copyOf(command);
  }

  String id() {
    return id;
  }

  String address() {
    return address;
  }

  String api() {
    return api;
  }

  boolean has(Role role) {
    return roles.contains(role);
  }

  Path dataDir() {
    return folder.dataDir(id);
  }

  Path log() {
    return folder.log(id);
  }

  /** Starts a process; {@link #ready} tells when it has become a node. */
  void start() throws IOException {
    if (running()) {
      throw new IllegalStateException("node " + id + " runs already");
    }
    Files.deleteIfExists(folder.readyFile(id));
    process =
        new ProcessBuilder(command)
            .directory(folder.root().toFile())
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log().toFile()))
            .start();
  }

  boolean running() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /** Whether it has said that everything in it runs; fails when its process has ended. */
  boolean ready() {
    if (!running()) {
      throw new IllegalStateException("node " + id + " ended\n" + tail());
    }
    return Files.exists(folder.readyFile(id));
  }

  long pid() {
    Process current = process;
    if (current == null) {
      throw new IllegalStateException("node " + id + " was not started");
    }
    return current.pid();
  }

  /** SIGKILL: no part of the node gets to say anything. */
  void kill() {
    end(true);
  }

  /** SIGTERM, as at an upgrade. */
  void stop() {
    end(false);
  }

  private void end(boolean forcibly) {
    Process current = process;
    if (current == null) {
      return;
    }
    ProcessHandle handle = current.toHandle();
    boolean asked = forcibly ? handle.destroyForcibly() : handle.destroy();
    try {
      if (!current.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("node " + id + " does not end (asked: " + asked + ")\n" + tail());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while node " + id + " ended", interrupted);
    }
  }

  /** Stops the process without ending it, as if the machine were frozen. */
  void freeze() {
    if (!Signals.stop(pid())) {
      throw new AssertionError("node " + id + " cannot be frozen: it is gone");
    }
  }

  /** Lets a frozen process go on; one that was killed meanwhile stays dead. */
  void thaw() {
    if (!Signals.cont(pid()) && running()) {
      throw new AssertionError("node " + id + " runs, but cannot be told to go on");
    }
  }

  /** Waits for the ready file. */
  void awaitReady(Duration limit) {
    Await.until(
        "node " + id + " ready",
        limit,
        this::tail,
        () -> {
          if (!running()) {
            throw new AssertionError("node " + id + " ended while starting\n" + tail());
          }
          return Files.exists(folder.readyFile(id));
        });
  }

  /** The end of its log. */
  String tail() {
    try {
      List<String> lines = Files.readAllLines(log(), StandardCharsets.UTF_8);
      return "--- "
          + id
          + "\n"
          + String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    } catch (IOException unreadable) {
      return "--- " + id + ": " + unreadable;
    }
  }

  @Override
  public String toString() {
    return id;
  }
}

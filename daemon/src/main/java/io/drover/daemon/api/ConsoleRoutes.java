package io.drover.daemon.api;

import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** What guests write to their serial consoles, from the host where they run. */
public final class ConsoleRoutes {
  private static final long MOST_BYTES = 1 << 20;
  private static final long USUAL_BYTES = 16 << 10;

  private final VmCatalog vms;
  private final Optional<Function<VmId, Path>> logs;
  private final PassOn passOn;

  private ConsoleRoutes(VmCatalog vms, Optional<Function<VmId, Path>> logs, PassOn passOn) {
    this.vms = vms;
    this.logs = logs;
    this.passOn = passOn;
  }

  /**
   * Adds the route.
   *
   * @param logs where this node keeps a VM's console, when it has the role agent
   */
  public static void register(
      ApiRouter router, VmCatalog vms, Optional<Function<VmId, Path>> logs, PassOn passOn) {
    router.on("GET", "/v1/vms/{vm}/console", new ConsoleRoutes(vms, logs, passOn)::read);
  }

  /**
   * A piece of a console.
   *
   * @param host that wrote it
   * @param end where the next piece begins
   */
  record Piece(String vm, String host, long end, String text) {}

  private Object read(ApiCall call) throws Exception {
    VmRecord vm = vms.get(call.name("vm"));
    String host =
        vm.placement()
            .host()
            .orElseThrow(() ->
                ApiException.conflict(
                    "VM " + vm.spec().name() + " is not on any host now",
                    "start it by `drover vm start " + vm.spec().name() + "`"));
    if (!passOn.isOwn(host)) {
      return passOn.to(host, call);
    }
    long tail = Queries.number(call, "tail", 1, MOST_BYTES, USUAL_BYTES);
    long from = Queries.number(call, "from", 0, Long.MAX_VALUE, -1);
    if (from >= 0 && !host.equals(call.query().getOrDefault("host", host))) {
      // It has moved since the piece before: here its console begins with the move.
      from = 0;
    }
    Path log = logs.orElseThrow().apply(vm.spec().id());
    return piece(vm.spec().name(), host, log, tail, from);
  }

  private static Piece piece(String vm, String host, Path log, long tail, long from)
      throws IOException {
    try (SeekableByteChannel file = Files.newByteChannel(log)) {
      long size = file.size();
      long begin = from < 0 ? Math.max(0, size - tail) : Math.min(from, size);
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MOST_BYTES, size - begin));
      file.position(begin);
      int more = 0;
      while (bytes.hasRemaining() && more >= 0) {
        more = file.read(bytes);
      }
      int read = bytes.position();
      return new Piece(
          vm, host, begin + read, new String(bytes.array(), 0, read, StandardCharsets.UTF_8));
    } catch (NoSuchFileException nothingYet) {
      return new Piece(vm, host, 0, "");
    }
  }
}

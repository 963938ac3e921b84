package io.drover.hostagent.qemu;

import io.drover.hostagent.hypervisor.DiskAttachment;
import io.drover.hostagent.hypervisor.VmLaunch;
import io.drover.hostagent.network.GuestLink;
import io.drover.hostagent.settings.HypervisorSettings;
import io.drover.hostagent.vm.Accelerator;
import io.drover.hostagent.vm.BootSource;
import io.drover.hostagent.vm.VmSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a VM's description into the words of a QEMU command.
 *
 * <p>What the guest sees (machine, CPU, memory, devices and their order) follows from the
 * description alone: source and destination of a migration must come out the same. Only what lies
 * behind the devices (sockets, taps, logs) differs by host. Every machine starts stopped.
 */
final class QemuCommandLine {
  /**
   * Memory for translated code under TCG, per machine. QEMU's own default is a gibibyte, which
   * would make the memory that a small machine takes of its host impossible to foretell.
   */
  private static final int TRANSLATED_CODE_MEBIBYTES = 128;

  /**
   * Added to a machine's memory under TCG. Before release 9.0 QEMU may not see what an emulated CPU
   * writes while memory is copied, if the memory is a whole multiple of 256 KiB: the destination
   * goes on with stale pages (docs/adr/0015). QEMU itself rounds to 8 KiB.
   */
  private static final int TCG_EXTRA_KIBIBYTES = 8;

  private QemuCommandLine() {}

  /**
   * The command.
   *
   * @param incoming waits for {@code migrate-incoming}
   */
  static List<String> build(
      HypervisorSettings settings,
      VmLaunch launch,
      VmFiles files,
      GuestLink link,
      boolean incoming) {
    VmSpec spec = launch.spec();
    List<String> words = new ArrayList<>();
    add(words, settings.binary());
    add(words, "-name", "guest=" + escape(spec.name()) + ",debug-threads=on");
    add(words, "-uuid", spec.id().uuid().toString());
    add(words, "-nodefaults", "-no-user-config", "-display", "none");
    add(words, "-machine", spec.platform().machineType());
    add(words, "-accel", accelerator(launch.accelerator()));
    add(words, "-cpu", spec.platform().cpuModel());
    add(words, "-smp", String.valueOf(spec.vcpus()));
    add(words, "-m", "size=" + memory(spec.memoryMebibytes(), launch.accelerator()));
    add(words, "-rtc", "base=utc");
    add(words, "-msg", "timestamp=on");
    add(words, "-pidfile", files.pidFile().toString());
    add(words, "-S");
    if (incoming) {
      add(words, "-incoming", "defer");
    }
    monitor(words, files);
    console(words, files);
    boot(words, spec.boot());
    for (int i = 0; i < launch.disks().size(); i++) {
      disk(words, i, launch.disks().get(i), settings, spec.boot());
    }
    network(words, spec, link);
    return List.copyOf(words);
  }

  private static String accelerator(Accelerator accelerator) {
    return switch (accelerator) {
      case KVM -> "kvm";
      case TCG -> "tcg,thread=multi,tb-size=" + TRANSLATED_CODE_MEBIBYTES;
    };
  }

  private static String memory(int mebibytes, Accelerator accelerator) {
    return switch (accelerator) {
      case KVM -> mebibytes + "M";
      case TCG -> mebibytes * 1024L + TCG_EXTRA_KIBIBYTES + "K";
    };
  }

  private static void monitor(List<String> words, VmFiles files) {
    add(
        words,
        "-chardev",
        "socket,id=qmp,server=on,wait=off,path=" + escape(files.qmpSocket().toString()));
    add(words, "-mon", "chardev=qmp,mode=control");
  }

  private static void console(List<String> words, VmFiles files) {
    add(
        words,
        "-chardev",
        "socket,id=console,server=on,wait=off,logappend=on,path="
            + escape(files.consoleSocket().toString())
            + ",logfile="
            + escape(files.consoleLog().toString()));
    add(words, "-serial", "chardev:console");
  }

  private static void boot(List<String> words, BootSource boot) {
    switch (boot) {
      case BootSource.Kernel kernel -> {
        add(words, "-kernel", kernel.kernelPath());
        kernel.initrdPath().ifPresent(initrd -> add(words, "-initrd", initrd));
        add(words, "-append", kernel.append());
      }
      case BootSource.FirstDisk ignored -> {
        // The first disk's bootindex says it.
      }
    }
  }

  private static void disk(
      List<String> words,
      int index,
      DiskAttachment disk,
      HypervisorSettings settings,
      BootSource boot) {
    // The export is the raw disk, so no format layer is put on it: nothing is ever guessed from
    // what a guest wrote. A failed request stops the machine; the guest never sees the error.
    add(
        words,
        "-blockdev",
        "driver=nbd,node-name=disk"
            + index
            + ",server.type=unix,server.path="
            + escape(disk.nbdSocket().toString())
            + ",export="
            + escape(disk.exportName())
            + ",reconnect-delay="
            + settings.diskReconnectDelay().toSeconds()
            + ",cache.direct=on,discard=unmap");
    add(
        words,
        "-device",
        "virtio-blk-pci,id=virtio-disk"
            + index
            + ",drive=disk"
            + index
            + ",werror=stop,rerror=stop,write-cache=on,serial="
            + serial(disk)
            + (index == 0 && boot instanceof BootSource.FirstDisk ? ",bootindex=0" : ""));
  }

  /** Guests see at most 20 characters. */
  private static String serial(DiskAttachment disk) {
    String id = disk.disk().value();
    return escape(id.length() <= 20 ? id : id.substring(0, 20));
  }

  private static void network(List<String> words, VmSpec spec, GuestLink link) {
    switch (link) {
      case GuestLink.Tap tap ->
          add(
              words,
              "-netdev",
              "tap,id=net0,downscript=no,vhost=off,ifname="
                  + tap.device()
                  + ",script="
                  + escape(tap.upScript().toString()));
      case GuestLink.UserMode ignored -> add(words, "-netdev", "user,id=net0");
      case GuestLink.Unplugged ignored -> {
        // The card stays: a guest must find the same hardware on every host.
      }
    }
    String peer = link instanceof GuestLink.Unplugged ? "" : ",netdev=net0";
    add(words, "-device", "virtio-net-pci,id=nic0,romfile=,mac=" + spec.mac() + peer);
  }

  /** In QEMU's option lists a comma is written twice. */
  private static String escape(String value) {
    return value.replace(",", ",,");
  }

  private static void add(List<String> words, String... more) {
    words.addAll(List.of(more));
  }
}

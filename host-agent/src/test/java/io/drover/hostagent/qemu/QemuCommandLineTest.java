package io.drover.hostagent.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.hypervisor.DiskAttachment;
import io.drover.hostagent.hypervisor.VmLaunch;
import io.drover.hostagent.network.GuestLink;
import io.drover.hostagent.settings.HypervisorSettings;
import io.drover.hostagent.vm.Accelerator;
import io.drover.hostagent.vm.BootSource;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmMode;
import io.drover.hostagent.vm.VmPlatform;
import io.drover.hostagent.vm.VmRequirements;
import io.drover.hostagent.vm.VmSpec;
import io.drover.storage.disk.DiskId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QemuCommandLineTest {
  private static final VmId VM = new VmId("0f5b1a46-8f6e-4a39-9d65-2f4b8ce0d7aa");
  private static final DiskAttachment FIRST =
      new DiskAttachment(new DiskId("root-disk"), Path.of("/run/d/a,b"), "root-disk");
  private static final DiskAttachment SECOND =
      new DiskAttachment(new DiskId("data-disk"), Path.of("/run/d/data"), "data-disk");
  private static final BootSource KERNEL =
      new BootSource.Kernel("/k/vmlinuz", Optional.of("/k/initrd"), "console=ttyS0 x=1,2");
  private static final VmFiles FILES =
      new VmFiles(Path.of("/data/vms/vm1"), Path.of("/run/vm/vm1"));

  private HypervisorSettings settings;

  @BeforeEach
  void defaults() throws Exception {
    settings = TestHost.settings("").hypervisor();
  }

  @Test
  void whatTheGuestSeesIsPinned() {
    List<String> words = build(KERNEL, new GuestLink.UserMode(), false, FIRST);
    assertThat(words.getFirst()).isEqualTo("qemu-system-x86_64");
    assertThat(after(words, "-machine")).containsExactly("pc-i440fx-7.2");
    assertThat(after(words, "-cpu")).containsExactly("qemu64");
    assertThat(after(words, "-smp")).containsExactly("2");
    assertThat(after(words, "-m")).containsExactly("size=131080K");
    assertThat(after(words, "-uuid")).containsExactly(VM.value());
    assertThat(after(words, "-accel")).containsExactly("tcg,thread=multi,tb-size=128");
    assertThat(words).contains("-nodefaults", "-no-user-config", "-S").doesNotContain("-incoming");
  }

  @Test
  void onlyAnEmulatedMachineGetsALittleMoreMemory() {
    VmSpec spec = spec(KERNEL, Accelerator.KVM);
    List<String> words =
        QemuCommandLine.build(
            settings, VmLaunch.of(spec, 1, List.of()), FILES, new GuestLink.Unplugged(), false);
    assertThat(after(words, "-m")).containsExactly("size=128M");
  }

  @Test
  void kernelIsBootedWithItsCommandLine() {
    List<String> words = build(KERNEL, new GuestLink.Unplugged(), false);
    assertThat(after(words, "-kernel")).containsExactly("/k/vmlinuz");
    assertThat(after(words, "-initrd")).containsExactly("/k/initrd");
    assertThat(after(words, "-append")).containsExactly("console=ttyS0 x=1,2");
  }

  @Test
  void disksKeepTheirOrderAndStopTheMachineOnErrors() {
    List<String> words =
        build(new BootSource.FirstDisk(), new GuestLink.Unplugged(), false, FIRST, SECOND);
    assertThat(after(words, "-blockdev"))
        .containsExactly(
            "driver=nbd,node-name=disk0,server.type=unix,server.path=/run/d/a,,b,export=root-disk,"
                + "reconnect-delay=30,cache.direct=on,discard=unmap",
            "driver=nbd,node-name=disk1,server.type=unix,server.path=/run/d/data,export=data-disk,"
                + "reconnect-delay=30,cache.direct=on,discard=unmap");
    assertThat(after(words, "-device"))
        .startsWith(
            "virtio-blk-pci,id=virtio-disk0,drive=disk0,werror=stop,rerror=stop,write-cache=on,"
                + "serial=root-disk,bootindex=0",
            "virtio-blk-pci,id=virtio-disk1,drive=disk1,werror=stop,rerror=stop,write-cache=on,"
                + "serial=data-disk");
    assertThat(words).doesNotContain("-kernel");
  }

  @Test
  void networkCardIsTheSameWhateverItIsPluggedInto() {
    GuestLink tap = new GuestLink.Tap("dr0011aabbccdd", Path.of("/data/tap-up"));
    List<String> onTap = build(KERNEL, tap, false);
    assertThat(after(onTap, "-netdev"))
        .containsExactly(
            "tap,id=net0,downscript=no,vhost=off,ifname=dr0011aabbccdd,script=/data/tap-up");
    String card = "virtio-net-pci,id=nic0,romfile=,mac=" + VmSpec.macFor(VM);
    assertThat(after(onTap, "-device")).containsExactly(card + ",netdev=net0");
    assertThat(after(build(KERNEL, new GuestLink.UserMode(), false), "-device"))
        .containsExactly(card + ",netdev=net0");
    List<String> unplugged = build(KERNEL, new GuestLink.Unplugged(), false);
    assertThat(after(unplugged, "-device")).containsExactly(card);
    assertThat(unplugged).doesNotContain("-netdev");
  }

  @Test
  void incomingMachineDiffersOnlyByWaiting() {
    List<String> words = new ArrayList<>(build(KERNEL, new GuestLink.UserMode(), true, FIRST));
    assertThat(after(words, "-incoming")).containsExactly("defer");
    words.removeAll(List.of("-incoming", "defer"));
    assertThat(words).isEqualTo(build(KERNEL, new GuestLink.UserMode(), false, FIRST));
  }

  @Test
  void filesAndSocketsAreThoseOfTheMachine() {
    List<String> words = build(KERNEL, new GuestLink.UserMode(), false);
    assertThat(after(words, "-pidfile")).containsExactly("/data/vms/vm1/pid");
    assertThat(after(words, "-chardev"))
        .containsExactly(
            "socket,id=qmp,server=on,wait=off,path=/run/vm/vm1/qmp",
            "socket,id=console,server=on,wait=off,logappend=on,path=/run/vm/vm1/tty,"
                + "logfile=/data/vms/vm1/console.log");
  }

  private List<String> build(
      BootSource boot, GuestLink link, boolean incoming, DiskAttachment... disks) {
    VmSpec spec = spec(boot, Accelerator.TCG, disks);
    return QemuCommandLine.build(
        settings, VmLaunch.of(spec, 1, List.of(disks)), FILES, link, incoming);
  }

  private static VmSpec spec(BootSource boot, Accelerator accelerator, DiskAttachment... disks) {
    return new VmSpec(
        VM,
        "web",
        2,
        128,
        boot,
        List.of(disks).stream().map(DiskAttachment::disk).toList(),
        VmSpec.macFor(VM),
        new VmPlatform("pc-i440fx-7.2", "qemu64", accelerator),
        VmMode.AUTOMATIC,
        VmRequirements.NONE);
  }

  private static List<String> after(List<String> words, String option) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i + 1 < words.size(); i++) {
      if (words.get(i).equals(option)) {
        values.add(words.get(i + 1));
      }
    }
    return values;
  }
}

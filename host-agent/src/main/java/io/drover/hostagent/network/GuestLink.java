package io.drover.hostagent.network;

import java.nio.file.Path;

/** What a guest's network card is plugged into. */
public sealed interface GuestLink {

  /**
   * A tap on a bridge.
   *
   * @param device made by the hypervisor, gone with it
   * @param upScript run by the hypervisor with the device as its argument; puts it on the bridge
   */
  record Tap(String device, Path upScript) implements GuestLink {}

  /** The hypervisor's own address translation: out only, no announcements, no counters. */
  record UserMode() implements GuestLink {}

  /** Nothing. */
  record Unplugged() implements GuestLink {}
}

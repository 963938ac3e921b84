package io.drover.daemon.node;

import io.drover.config.ConfigReader;
import io.drover.storage.controller.ControllerSettings;
import io.drover.storage.nbd.NbdSettings;
import io.drover.storage.replica.ReplicaSettings;
import io.drover.storage.store.StoreSettings;

/** Everything under {@code drover.storage}; the keys are explained in {@code reference.conf}. */
public record StorageSettings(
    StoreSettings store, ReplicaSettings replica, ControllerSettings controller, NbdSettings nbd) {

  static StorageSettings read(ConfigReader root, NodeSettings node) {
    ConfigReader r = root.section("drover").section("storage");
    return new StorageSettings(
        StoreSettings.read(r.section("store")),
        ReplicaSettings.read(r.section("replica")),
        ControllerSettings.read(r.section("controller")),
        NbdSettings.read(r.section("nbd"), node.address()));
  }
}

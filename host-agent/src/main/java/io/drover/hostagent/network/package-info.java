/**
 * What a guest's network card is plugged into on this host.
 *
 * <p>Uses {@code ip} (iproute2), {@code /sys/class/net} and {@code /proc}. Makes no bridge and no
 * namespace: those are the operator's. The invariant it guards: a tap is named for one process of
 * one VM, so that source and destination of a migration can stand on the same bridge, and it
 * vanishes with that process.
 */
@NullMarked
package io.drover.hostagent.network;

import org.jspecify.annotations.NullMarked;

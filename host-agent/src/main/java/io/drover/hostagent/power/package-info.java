/**
 * Switching hosts on and off.
 *
 * <p>The interface fits machine management (IPMI, Redfish, Wake-on-LAN); the implementation here
 * stops and starts a node's process, which is how several hosts share a machine. It decides
 * nothing: whether a host may sleep is settled before. The invariant it guards: "off" is only
 * reported when the host was seen gone.
 */
@NullMarked
package io.drover.hostagent.power;

import org.jspecify.annotations.NullMarked;

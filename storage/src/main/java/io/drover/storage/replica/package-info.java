/**
 * One replica of a container as its controller sees it: the calls, their failures, and the TCP
 * protocol that carries them to another node.
 *
 * <p>May use the JDK, {@code io.drover.config} and {@code io.drover.storage.disk}; knows neither
 * ZooKeeper nor Pekko. Guards: every call carries the caller's epoch, and a replica never does
 * anything for an epoch lower than one it has answered to.
 */
@NullMarked
package io.drover.storage.replica;

import org.jspecify.annotations.NullMarked;

/**
 * Disks as users have them: ZooKeeper, storage nodes that are processes of their own, hosts that
 * attach, and the real tools in front.
 */
@NullMarked
package io.drover.storage.cluster;

import org.jspecify.annotations.NullMarked;

/** Tests of intents on a real ZooKeeper server. */
@NullMarked
package io.drover.scheduler.intent;

import org.jspecify.annotations.NullMarked;

/**
 * The small Linux guest of the demo as seen from outside: where its kernel and initramfs are, and
 * the lines it sends.
 *
 * <p>May use the JDK and the project's {@code scripts/guest-image}. The guest's side of the
 * protocol is {@code scripts/guest/talk}. The invariant it guards: a line that is not understood is
 * reported, never guessed at.
 */
@NullMarked
package io.drover.daemon.demo.guest;

import org.jspecify.annotations.NullMarked;

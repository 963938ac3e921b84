/** Tests of the demo's package of the same name. */
@NullMarked
package io.drover.daemon.demo.load;

import org.jspecify.annotations.NullMarked;

/** The HTTP interface without a cluster. */
@NullMarked
package io.drover.daemon.api;

import org.jspecify.annotations.NullMarked;

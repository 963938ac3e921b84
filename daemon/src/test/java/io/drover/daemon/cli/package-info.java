/** The command line against routes whose catalogues are kept in memory. */
@NullMarked
package io.drover.daemon.cli;

import org.jspecify.annotations.NullMarked;

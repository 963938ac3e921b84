/**
 * The command line. Each command is a picocli class that asks a node's HTTP interface and shows the
 * answer, as a table or, with {@code --json}, as it came. Start at {@link
 * io.drover.daemon.cli.DroverCommand}.
 *
 * <p>May use the HTTP interface and {@code node} (to start one); never ZooKeeper or the other
 * modules' insides. Invariant: exit code 2 means that nothing was changed and the input has to be;
 * a message names cause and remedy.
 */
@NullMarked
package io.drover.daemon.cli;

import org.jspecify.annotations.NullMarked;

/** What the agent does with its machines, on a hypervisor, disks and a catalogue of memory. */
@NullMarked
package io.drover.hostagent.agent;

import org.jspecify.annotations.NullMarked;

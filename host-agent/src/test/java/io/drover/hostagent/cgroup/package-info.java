@NullMarked
package io.drover.hostagent.cgroup;

import org.jspecify.annotations.NullMarked;

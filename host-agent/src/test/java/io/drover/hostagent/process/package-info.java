@NullMarked
package io.drover.hostagent.process;

import org.jspecify.annotations.NullMarked;

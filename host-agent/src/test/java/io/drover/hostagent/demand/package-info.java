@NullMarked
package io.drover.hostagent.demand;

import org.jspecify.annotations.NullMarked;

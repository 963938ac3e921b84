@NullMarked
package io.drover.hostagent.power;

import org.jspecify.annotations.NullMarked;

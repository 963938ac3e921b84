@NullMarked
package io.drover.hostagent.vm;

import org.jspecify.annotations.NullMarked;

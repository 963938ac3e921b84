@NullMarked
package io.drover.hostagent.settings;

import org.jspecify.annotations.NullMarked;

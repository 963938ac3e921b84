@NullMarked
package io.drover.hostagent.network;

import org.jspecify.annotations.NullMarked;

/**
 * What tests on real parts share: the guest image, plain disk servers, hosts in temporary folders.
 */
@NullMarked
package io.drover.hostagent.testing;

import org.jspecify.annotations.NullMarked;

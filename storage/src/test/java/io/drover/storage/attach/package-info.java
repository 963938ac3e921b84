/** Tests of attachments over replicas and metadata in memory, with a real NBD server. */
@NullMarked
package io.drover.storage.attach;

import org.jspecify.annotations.NullMarked;

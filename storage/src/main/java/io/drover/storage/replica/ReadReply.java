package io.drover.storage.replica;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Blocks that were read; bit and block {@code i} belong to {@code firstBlock + i} of the request.
 *
 * @param present blocks that the log has on the path; the others were never written there (a clone
 *     asks its origin)
 * @param data all blocks of the request; absent ones and zero ones read as zero
 * @param zero those of the present blocks whose newest record made them zero
 */
public record ReadReply(BitSet present, ByteBuffer data, BitSet zero) {}

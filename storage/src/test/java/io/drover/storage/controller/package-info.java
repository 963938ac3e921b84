/**
 * Tests of the disk controller: its rules as tables, its behaviour over replicas in memory that
 * fail on demand, and a seeded random test against a model of a disk.
 */
@NullMarked
package io.drover.storage.controller;

import org.jspecify.annotations.NullMarked;

package io.drover.storage.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A disk that fails, fills up, or takes its time, on demand. */
final class FaultyMedium extends Medium {
  volatile Predicate<Path> failReads = FaultyMedium::none;
  volatile Predicate<Path> failWrites = FaultyMedium::none;
  volatile Predicate<Path> failForces = FaultyMedium::none;
  volatile long usableBytes = Long.MAX_VALUE / 2;
  final AtomicInteger forces = new AtomicInteger();

  /** Each fsync of a segment takes a permit. */
  final Semaphore forcesAllowed = new Semaphore(Integer.MAX_VALUE / 2);

  final Semaphore forcesBegun = new Semaphore(0);

  static boolean none(Path path) {
    return false;
  }

  @Override
  long usableBytes(FileStore volume) {
    return usableBytes;
  }

  static boolean isSegment(Path path) {
    return path.toString().endsWith(".log");
  }

  @Override
  StoreFile file(Path path) {
    return new StoreFile(path) {
      @Override
      void read(ByteBuffer target, long position) throws IOException {
        failIf(failReads);
        super.read(target, position);
      }

      @Override
      void write(ByteBuffer source, long position) throws IOException {
        if (failWrites.test(path())) {
          super.write(source.slice(source.position(), source.remaining() / 2), position);
        }
        failIf(failWrites);
        super.write(source, position);
      }

      @Override
      void force() throws IOException {
        failIf(failForces);
        if (isSegment(path())) {
          forces.incrementAndGet();
          forcesBegun.release();
          forcesAllowed.acquireUninterruptibly();
        }
        super.force();
      }

      private void failIf(Predicate<Path> fault) throws IOException {
        if (fault.test(path())) {
          throw new IOException("Input/output error");
        }
      }
    };
  }
}

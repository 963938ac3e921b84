package io.drover.daemon.demo.screen;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/**
 * Writes to the terminal: frames that replace each other, or plain lines where there is no
 * terminal. Thread-safe.
 */
public final class Screen {
  private static final int DEFAULT_WIDTH = 100;
  private static final int MIN_WIDTH = 60;
  private static final int MAX_WIDTH = 140;
  private static final long PLAIN_FRAME_SECONDS = 15;

  private final PrintStream out;
  private final boolean terminal;
  private final int width;
  private int shown;
  private long nextPlainFrame;

  private Screen(PrintStream out, boolean terminal, int width) {
    this.out = out;
    this.terminal = terminal;
    this.width = width;
  }

  /** Finds out whether there is a terminal, and how wide it is. */
  public static Screen open(PrintStream out) {
    // Depending on the JDK there is no console, or one that is no terminal.
    boolean terminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return new Screen(out, terminal, terminal ? terminalWidth() : DEFAULT_WIDTH);
  }

  private static int terminalWidth() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String[] size =
          new String(stty.getInputStream().readAllBytes(), US_ASCII).strip().split(" ", -1);
      return size.length == 2
          ? Math.clamp(Long.parseLong(size[1]) - 1, MIN_WIDTH, MAX_WIDTH)
          : DEFAULT_WIDTH;
    } catch (IOException | NumberFormatException unknown) {
      return DEFAULT_WIDTH;
    }
  }

  /** A line that stays. */
  public synchronized void say(String line) {
    erase();
    out.println(line);
  }

  /** An event: on a terminal it shows in the next frame, elsewhere it is a line. */
  public synchronized void event(Event event) {
    if (!terminal) {
      out.println(event.line());
    }
  }

  /** The picture of now. */
  public synchronized void show(Frame frame) {
    if (terminal) {
      List<String> lines = frame.lines(width);
      StringBuilder text = new StringBuilder();
      if (shown > 0) {
        text.append("\u001b[").append(shown).append("A\r");
      }
      // Each line is cleared to its end as it is written anew, so that nothing flickers.
      lines.forEach(line -> text.append(line).append("\u001b[K\n"));
      text.append("\u001b[J");
      out.print(text);
      out.flush();
      shown = lines.size();
    } else if (frame.secondsIn() >= nextPlainFrame) {
      nextPlainFrame = frame.secondsIn() + PLAIN_FRAME_SECONDS;
      frame.withoutEvents().lines(width).forEach(out::println);
    }
  }

  /** Leaves the last frame standing; what is said next comes below it. */
  public synchronized void keepFrame() {
    shown = 0;
  }

  private void erase() {
    if (shown > 0) {
      out.print("\u001b[" + shown + "A\r\u001b[J");
      shown = 0;
    }
  }
}

package io.drover.daemon.demo;

import io.drover.daemon.demo.collector.Collector;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The demo's part inside the guests' network; started by the demo, of no use to people. */
@Command(
    name = "demo-collector",
    hidden = true,
    description = "Listens to the demo's guests; started by 'drover demo'.")
public final class CollectorCommand implements Callable<Integer> {
  @Option(names = "--address", required = true, description = "Address to listen at.")
  private String address = "";

  @Option(names = "--port", description = "Port to listen at; 0 picks a free one.")
  private int port;

  @Option(
      names = "--run",
      required = true,
      description = "Folder of the run, by which the process can be found.")
  private String run = "";

  @Override
  public Integer call() throws IOException, InterruptedException {
    LoggerFactory.getLogger(CollectorCommand.class).info("collector of {}", run);
    PrintStream toDemo = System.out;
    try (Collector collector = Collector.open(address, port, toDemo::println)) {
      collector.serve(System.in);
    }
    return 0;
  }
}

package io.drover.hostagent.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A monitor that answers what a test says: it takes one connection after the other, sends the
 * greeting and, for each line, what the script makes of it; nothing for an empty string, and it
 * hangs up for {@link #HANG_UP}.
 */
final class FakeQmpServer {
  static final String HANG_UP = "hang up";
  static final String GREETING =
      "{\"QMP\":{\"version\":{\"qemu\":{\"major\":7,\"minor\":2,\"micro\":22}},\"capabilities\":[]}}\n";

  private final ServerSocketChannel channel;
  private final String greeting;
  private final UnaryOperator<String> script;

  /** For the debugger: why connections ended. */
  private final List<IOException> ends = new CopyOnWriteArrayList<>();

  FakeQmpServer(Path socket, String greeting, UnaryOperator<String> script) throws IOException {
    Files.deleteIfExists(socket);
    channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(socket));
    this.greeting = greeting;
    this.script = script;
    Thread.ofVirtual().start(this::serve);
  }

  /** An answer with the id of the question. */
  static String answer(String question, String body) {
    String id = question.replaceAll(".*\"id\":(\\d+).*", "$1");
    return "{" + body + ",\"id\":" + id + "}\n";
  }

  static String empty(String question) {
    return answer(question, "\"return\":{}");
  }

  private void serve() {
    while (channel.isOpen()) {
      try (SocketChannel client = channel.accept()) {
        send(client, greeting);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(Channels.newInputStream(client), UTF_8));
        String line = lines.readLine();
        while (line != null && talk(client, script.apply(line))) {
          line = lines.readLine();
        }
      } catch (IOException closed) {
        // The client left, or the test is over; the loop's condition tells which.
        ends.add(closed);
      }
    }
  }

  private static boolean talk(SocketChannel client, String text) throws IOException {
    if (text.equals(HANG_UP)) {
      return false;
    }
    send(client, text);
    return true;
  }

  private static void send(SocketChannel client, String text) throws IOException {
    ByteBuffer bytes = UTF_8.encode(text);
    while (bytes.hasRemaining()) {
      client.write(bytes);
    }
  }

  void close() throws IOException {
    channel.close();
  }
}

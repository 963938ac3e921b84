package io.drover.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiRouterTest {
  private final ApiRouter router =
      new ApiRouter()
          .on("GET", "/v1/vms/{vm}/console", call -> List.of(call.name("vm"), call.query()))
          .on("POST", "/v1/vms", ApiCall::pathAndQuery);

  private Object answer(String method, String path, String query) throws Exception {
    return router.answer(method, path, query, MissingNode.getInstance(), false);
  }

  @Test
  void namesAndParametersAreDecoded() throws Exception {
    assertThat(answer("GET", "/v1/vms/a%2Fb%20c/console", "from=1&host=h%26x"))
        .isEqualTo(List.of("a/b c", Map.of("from", "1", "host", "h&x")));
  }

  @Test
  void pathIsKeptAsItCameForPassingOn() throws Exception {
    assertThat(answer("POST", "/v1/vms", "a=%20")).isEqualTo("/v1/vms?a=%20");
  }

  @Test
  void unknownPathIsNotFound() {
    ApiException refused =
        catchThrowableOfType(ApiException.class, () -> answer("GET", "/v1/nothing", ""));

    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused).hasMessageContaining("/v1/nothing");
  }

  @Test
  void otherMethodIsToldWhichOnesThereAre() {
    ApiException refused =
        catchThrowableOfType(ApiException.class, () -> answer("DELETE", "/v1/vms", ""));

    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.remedy()).isEqualTo("use POST");
  }
}

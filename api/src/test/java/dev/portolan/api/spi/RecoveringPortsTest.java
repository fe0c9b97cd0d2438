package dev.portolan.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.ModelId;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RecoveringPortsTest {
    private static final ChatRequest REQUEST =
            ChatRequest.builder("one/m").user("hi").build();

    private static final class Down implements ChatPort {
        @Override
        public ChatResponse complete(ChatRequest request) {
            throw new ProviderUnavailableException("Down.", ErrorDetails.NONE.withModel(request.model()));
        }

        @Override
        public ChatStream stream(ChatRequest request) {
            return ReplayedStream.of(new ChatAssembler());
        }
    }

    private static Recovery.Plan<ChatRequest> again(int attempts, Duration delay) {
        return asked -> {
            AtomicInteger made = new AtomicInteger();
            return (failed, failure) -> {
                if (made.incrementAndGet() == attempts) {
                    throw failure;
                }
                return new Recovery.Next<>(failed, delay);
            };
        };
    }

    private static Recovery.Plan<ChatRequest> thenTo(String model) {
        return asked -> (failed, failure) -> {
            if (failed.model().toString().equals(model)) {
                throw failure;
            }
            return new Recovery.Next<>(failed.withModel(ModelId.parse(model)), Duration.ZERO);
        };
    }

    @Test
    void the_number_of_attempts_is_told_once_when_recoveries_stand_around_each_other() {
        ChatPort retried = RecoveringPorts.chat(new Down(), again(2, Duration.ofSeconds(1)));
        ChatPort both = RecoveringPorts.chat(retried, thenTo("two/m"));
        ChatPort needless = RecoveringPorts.chat(both, again(1, Duration.ZERO));

        assertThatExceptionOfType(PortolanException.class)
                .isThrownBy(() -> needless.complete(REQUEST))
                .withMessage("Down. This was attempt 4.")
                .satisfies(e -> assertThat(e.attempts())
                        .extracting(attempt -> attempt.model() + " after " + attempt.delay())
                        .containsExactly(
                                "one/m after PT0S", "one/m after PT1S", "two/m after PT0S", "two/m after PT1S"));
    }
}

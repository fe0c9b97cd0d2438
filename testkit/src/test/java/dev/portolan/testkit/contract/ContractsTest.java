package dev.portolan.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.portolan.api.ModelId;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.api.spi.ReplayedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** A contract passes ports that behave, fails those that do not, and says what it could not test. */
class ContractsTest {
    @Test
    void a_port_needs_two_methods_and_what_they_do_not_bring_about_is_reported_as_aborted() {
        Events tests = run(EchoContract.class);

        assertThat(tests.failed().count()).isZero();
        assertThat(tests.succeeded().count()).isGreaterThanOrEqualTo(18);
        assertThat(tests.aborted().count()).isGreaterThanOrEqualTo(15);
        assertThat(reasons(tests))
                .contains("Not tested: portIn(SILENT_STREAM) is empty: this test does not bring that situation about")
                .hasSize(Situation.values().length - 1); // all but BATCH_FAILS, which is for embeddings
    }

    @Test
    void a_model_that_never_answers_twice_alike_is_not_held_to_it() {
        Events tests = run(MoodyContract.class);

        assertThat(tests.failed().count()).isZero();
        assertThat(reasons(tests)).contains("Not tested: the model answers a question differently each time");
    }

    @Test
    void a_stream_that_says_something_else_than_the_blocking_call_fails() {
        assertThat(failed(OtherStreamContract.class))
                .contains("a_stream_that_has_ended_gives_the_reply_of_a_blocking_call");
    }

    @Test
    void a_port_that_mixes_up_answers_fails() {
        assertThat(failed(MixingContract.class)).contains("answers_of_calls_at_once_are_not_mixed_up");
    }

    @Test
    void a_port_that_is_silent_about_what_it_ignored_fails() {
        assertThat(failed(DeafContract.class))
                .containsExactly("options_of_another_provider_are_answered_with_a_warning");
    }

    @Test
    void a_key_in_a_message_fails() {
        assertThat(failed(TalkativeContract.class))
                .containsExactly("a_wrong_key_is_an_authentication_exception_that_does_not_show_it");
    }

    @Test
    void a_cost_of_zero_that_nobody_told_fails() {
        assertThat(failed(GenerousContract.class)).containsExactly("what_nobody_told_is_unknown_and_not_zero");
    }

    @Test
    void a_sink_that_keeps_everything_passes() {
        Events tests = run(ListContract.class);

        assertThat(tests.failed().count()).isZero();
        assertThat(tests.aborted().count()).isEqualTo(2);
    }

    @Test
    void a_sink_that_records_twice_or_takes_unknown_for_zero_fails() {
        assertThat(failed(CarelessContract.class))
                .contains(
                        "a_call_that_is_told_again_changes_nothing",
                        "an_unknown_cost_stays_unknown_and_is_not_zero",
                        "one_call_that_many_threads_tell_is_recorded_once");
    }

    private static Events run(Class<?> contract) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.conditions.deactivate", "*")
                .selectors(selectClass(contract))
                .execute()
                .testEvents();
    }

    private static Set<String> failed(Class<?> contract) {
        Set<String> names = new TreeSet<>();
        run(contract).failed().stream()
                .forEach(event ->
                        names.add(event.getTestDescriptor().getDisplayName().replace("()", "")));
        return names;
    }

    private static Set<String> reasons(Events tests) {
        Set<String> reasons = new TreeSet<>();
        tests.aborted().stream()
                .forEach(event -> event.getPayload(org.junit.platform.engine.TestExecutionResult.class)
                        .flatMap(org.junit.platform.engine.TestExecutionResult::getThrowable)
                        .ifPresent(why -> reasons.add(why.getMessage().replace("Assumption failed: ", ""))));
        return reasons;
    }

    /** Answers with what it was asked. */
    private static class Echo implements ChatPort {
        @Override
        public ChatResponse complete(ChatRequest request) {
            return answer(request).finish();
        }

        @Override
        public ChatStream stream(ChatRequest request) {
            return ReplayedStream.of(answer(request));
        }

        ChatAssembler answer(ChatRequest request) {
            ChatAssembler reply = new ChatAssembler();
            reply.id("echo-1");
            reply.model(request.model().name());
            request.options().forEach(options -> warn(reply, options.provider()));
            reply.text(0, text(request));
            reply.finishReason(0, "stop");
            reply.usage(Usage.of(1, 1), Cost.UNKNOWN);
            return reply;
        }

        void warn(ChatAssembler reply, String provider) {
            reply.warning(new dev.portolan.api.Warning(provider, "Its options were ignored"));
        }

        String text(ChatRequest request) {
            return request.messages().get(request.messages().size() - 1).text();
        }
    }

    static class EchoContract extends ChatPortContract {
        @Override
        protected ChatPort port() {
            return new Echo();
        }

        @Override
        protected ModelId model() {
            return ModelId.parse("echo/any");
        }
    }

    static class MoodyContract extends EchoContract {
        private int moods;

        @Override
        protected ChatPort port() {
            return new Echo() {
                @Override
                String text(ChatRequest request) {
                    return "Mood " + moods++;
                }
            };
        }
    }

    static class OtherStreamContract extends EchoContract {
        @Override
        protected ChatPort port() {
            return new Echo() {
                @Override
                public ChatStream stream(ChatRequest request) {
                    ChatAssembler answer = answer(request);
                    answer.text(0, "!");
                    return ReplayedStream.of(answer);
                }
            };
        }
    }

    static class MixingContract extends EchoContract {
        private volatile String last = "";
        private volatile int calls;

        @Override
        protected ChatPort port() {
            return new Echo() {
                @Override
                @SuppressWarnings("NonAtomicOperationOnVolatileField") // what this port does wrong
                String text(ChatRequest request) {
                    String before = last;
                    last = super.text(request);
                    return ++calls > 10 ? before : last;
                }
            };
        }
    }

    static class DeafContract extends EchoContract {
        @Override
        protected ChatPort port() {
            return new Echo() {
                @Override
                void warn(ChatAssembler reply, String provider) {}
            };
        }
    }

    static class TalkativeContract extends EchoContract {
        @Override
        protected Optional<ChatPort> portIn(Situation situation) {
            return situation != Situation.WRONG_KEY
                    ? Optional.empty()
                    : Optional.of(new Echo() {
                        @Override
                        ChatAssembler answer(ChatRequest request) {
                            throw new AuthenticationException(
                                    "Wrong: " + Situation.KEY_THAT_IS_WRONG, ErrorDetails.NONE);
                        }
                    });
        }
    }

    static class GenerousContract extends EchoContract {
        @Override
        protected Optional<ChatPort> portIn(Situation situation) {
            return situation != Situation.NO_USAGE
                    ? Optional.empty()
                    : Optional.of(new Echo() {
                        @Override
                        ChatAssembler answer(ChatRequest request) {
                            ChatAssembler answer = super.answer(request);
                            answer.usage(Usage.NOT_REPORTED, Cost.NONE);
                            return answer;
                        }
                    });
        }
    }

    static class ListContract extends CostSinkContract {
        final List<CostEvent> events = new ArrayList<>();

        @Override
        protected CostSink sink() {
            return event -> {
                synchronized (events) {
                    events.add(event);
                }
            };
        }

        @Override
        protected List<CostEvent> recorded() {
            return events;
        }

        @Override
        protected boolean knowsCallsById() {
            return false;
        }
    }

    static class CarelessContract extends ListContract {
        @Override
        protected CostSink sink() {
            return event -> super.sink().record(event.cost().isKnown() ? event : event.withCost(Cost.NONE));
        }

        @Override
        protected boolean knowsCallsById() {
            return true;
        }
    }
}

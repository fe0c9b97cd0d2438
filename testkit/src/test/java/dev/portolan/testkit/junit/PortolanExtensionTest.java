package dev.portolan.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.testkit.fake.FakeBilling;
import dev.portolan.testkit.fake.FakeCatalog;
import dev.portolan.testkit.fake.FakeChat;
import dev.portolan.testkit.fake.FakeEmbeddings;
import dev.portolan.testkit.fake.FakeGuard;
import dev.portolan.testkit.fake.FakeImages;
import dev.portolan.testkit.fake.FakeProvider;
import dev.portolan.testkit.fake.FakeReply;
import dev.portolan.testkit.fake.RecordingCostSink;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The extension on little classes; the providers on the class path of this module are none, so toys are added where need be. */
class PortolanExtensionTest {
    private static final ChatRequest HELLO =
            ChatRequest.builder("openrouter/openai/gpt-4o-mini").user("Hello").build();

    private static final ModelId ACME = ModelId.parse("acme/small");

    /** What the little classes were given, and what they have to end after they were looked at. */
    private static final List<Object> SEEN = new ArrayList<>();

    private static final CountDownLatch NEVER = new CountDownLatch(1);
    private static final List<AutoCloseable> LEFT = new ArrayList<>();

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    @AfterEach
    void end_what_was_left() throws Exception {
        for (AutoCloseable left : LEFT) {
            left.close();
        }
        LEFT.clear();
    }

    @Test
    void a_test_gets_everything_as_parameters_and_each_test_its_own() {
        assertPasses(EachItsOwn.class, 3);

        assertThat(new HashSet<>(SEEN)).hasSize(3);
    }

    @Test
    void the_tests_of_a_class_may_share() {
        assertPasses(Sharing.class, 4);

        assertThat(new HashSet<>(SEEN)).hasSize(1);
    }

    @Test
    void fakes_stand_for_providers() {
        assertPasses(OnFakes.class, 3);
    }

    @Test
    void the_sink_and_the_guard_are_there_with_the_simulator_too() {
        assertPasses(BooksWithSimulator.class, 1);
    }

    @Test
    void an_extension_in_a_field_has_its_own_settings_simulator_and_parts() {
        assertPasses(InAField.class, 1);
    }

    @Test
    void a_constructor_gets_what_the_test_gets() {
        assertPasses(ByConstructor.class, 2);
    }

    @Test
    void the_settings_of_the_machine_do_not_show_through() {
        System.setProperty("PORTOLAN_TEST_SETTING", "of the machine");
        try {
            assertPasses(Settled.class, 1);
        } finally {
            System.clearProperty("PORTOLAN_TEST_SETTING");
        }
    }

    @Test
    void a_class_has_no_parameters_unless_its_tests_share() {
        EngineExecutionResults results = run(OfTheClass.class);

        assertThat(failures(results).get(0)).hasMessageContaining("share it: @PortolanTest(shared = true)");
    }

    @Test
    void fakes_are_not_beside_the_simulator() {
        assertThat(failures(run(FakeWithoutAName.class)).get(0))
                .hasMessageContaining("There is no FakeChat unless you say which providers the fakes stand for");
        assertThat(failures(run(SimulatorBesideFakes.class)).get(0))
                .hasMessageContaining("There is no simulator where there are fakes");
    }

    @Test
    void a_stream_that_was_left_open_fails_the_test_and_shows_where_it_was_opened() {
        Throwable failure = onlyFailure(LeavesAStream.class);

        assertThat(failure)
                .isInstanceOf(AssertionError.class)
                .hasMessage("The test leaves_a_stream(ChatPort, FakeChat) leaks:\n"
                        + "- the stream of a chat request to openrouter/openai/gpt-4o-mini was neither read to its end"
                        + " nor closed; use try-with-resources");
        assertThat(failure.getCause()).hasMessage("the stream was opened here");
        assertThat(failure.getCause().getStackTrace()[0].getMethodName()).isEqualTo("leaves_a_stream");
    }

    @Test
    void a_stream_of_images_and_one_of_the_fake_itself_are_looked_for_too() {
        List<Throwable> failures = failures(run(LeavesOtherStreams.class));

        assertThat(failures)
                .extracting(Throwable::getMessage)
                .satisfiesExactlyInAnyOrder(
                        message -> assertThat(message).contains("the stream of an image request to openrouter/painter"),
                        message -> assertThat(message).contains("a stream of the FakeChat was neither read"));
    }

    @Test
    void where_tests_share_the_one_that_left_the_stream_fails() {
        EngineExecutionResults results = run(SharingAndLeaving.class);

        assertThat(results.testEvents().failed().stream().map(PortolanExtensionTest::name))
                .containsExactly("leaves(ChatPort, FakeChat)");
        assertThat(results.testEvents().succeeded().count()).isEqualTo(1);
    }

    @Test
    void where_tests_share_a_stream_that_was_left_at_the_fake_itself_fails_one_test_only() {
        EngineExecutionResults results = run(SharingAndLeavingAtTheFake.class);

        assertThat(failures(results))
                .singleElement()
                .satisfies(leak -> assertThat(leak)
                        .hasMessageContaining("The test leaves(FakeChat) leaks:\n- a stream of the FakeChat"));
    }

    @Test
    void where_tests_share_each_finds_fakes_as_if_they_were_new() {
        assertPasses(SharingFakes.class, 2);
    }

    @Test
    void where_tests_share_each_finds_the_simulator_as_if_it_were_new() {
        assertPasses(SharingTheSimulator.class, 2);
    }

    @Test
    void where_tests_share_a_constructor_may_script_for_its_test() {
        assertPasses(SharingByConstructor.class, 2);
    }

    @Test
    void a_test_whose_constructor_throws_leaves_nothing_open() {
        assertThat(onlyFailure(ThrowingConstructor.class)).hasMessage("in the constructor");

        OpenRouterSimulator simulator = (OpenRouterSimulator) SEEN.get(0);
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), simulator.port()).close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void where_tests_share_and_run_in_parallel_none_closes_the_streams_of_another() {
        EngineExecutionResults results = inParallel(SharingInParallel.class);

        assertThat(failures(results)).isEmpty();
        assertThat(results.testEvents().succeeded().count()).isEqualTo(2);
    }

    @Test
    void where_tests_share_and_run_in_parallel_a_stream_that_was_left_fails_the_class() {
        EngineExecutionResults results = inParallel(SharingAndLeaving.class);

        assertThat(failures(results))
                .singleElement()
                .satisfies(leak -> assertThat(leak)
                        .hasMessageContaining("One of the tests of PortolanExtensionTest$SharingAndLeaving leaks")
                        .hasMessageContaining("the stream of a chat request to openrouter/openai/gpt-4o-mini"));
    }

    @Test
    void a_thread_that_does_not_end_fails_the_test_and_shows_where_it_is() {
        Throwable failure = onlyFailure(LeavesAThread.class);

        assertThat(failure)
                .hasMessageContaining("the thread 'left-behind' was started during the test and is still alive");
        assertThat(failure.getCause().getStackTrace())
                .extracting(StackTraceElement::getMethodName)
                .contains("await");
    }

    @Test
    void a_thread_that_is_about_to_end_and_one_that_is_allowed_do_not() {
        assertPasses(EndsItsThreads.class, 2);
    }

    @Test
    void a_connection_that_is_still_open_at_the_simulator_fails_the_test() {
        assertThat(onlyFailure(LeavesAConnection.class))
                .hasMessageContaining("1 connection(s) to the simulator were still open after the Portolan was closed");
    }

    @Test
    void what_is_allowed_is_not_looked_for() {
        assertPasses(AllowedToLeave.class, 2);
    }

    @Test
    void a_test_that_fails_keeps_its_own_failure() {
        Throwable failure = onlyFailure(FailsAndLeaks.class);

        assertThat(failure).hasMessage("its own");
        assertThat(failure.getSuppressed())
                .singleElement()
                .satisfies(leak -> assertThat(leak).hasMessageContaining("the stream of a chat request to"));
    }

    @Test
    void nested_classes_have_what_their_outer_class_has() {
        assertPasses(Outer.class, 1);
    }

    private static void assertPasses(Class<?> type, int tests) {
        EngineExecutionResults results = run(type);
        assertThat(failures(results)).isEmpty();
        assertThat(results.testEvents().succeeded().count()).isEqualTo(tests);
    }

    private static EngineExecutionResults run(Class<?> type) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(type))
                .execute();
    }

    private static EngineExecutionResults inParallel(Class<?> type) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
                .selectors(selectClass(type))
                .execute();
    }

    private static Throwable onlyFailure(Class<?> type) {
        List<Throwable> failures = failures(run(type));
        assertThat(failures).hasSize(1);
        return failures.get(0);
    }

    private static List<Throwable> failures(EngineExecutionResults results) {
        return results.allEvents().failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class)
                        .getThrowable()
                        .orElseThrow())
                .toList();
    }

    private static String name(Event event) {
        return event.getTestDescriptor().getDisplayName();
    }

    @PortolanTest
    static class EachItsOwn {
        private final Set<Object> here = new HashSet<>();

        @BeforeEach
        void begin(Portolan portolan) {
            here.add(portolan);
        }

        @Test
        void one(
                Portolan portolan,
                ChatPort chat,
                EmbeddingPort embeddings,
                ImagePort images,
                ModelCatalogPort catalog) {
            SEEN.add(portolan);
            assertThat(here).containsExactly(portolan);
            assertThat(chat).isSameAs(portolan.chat());
            assertThat(embeddings).isSameAs(portolan.embeddings());
            assertThat(images).isSameAs(portolan.images());
            assertThat(catalog).isSameAs(portolan.catalog());
        }

        @Test
        void two(Portolan portolan, OpenRouterSimulator simulator) {
            SEEN.add(portolan);
            assertThat(simulator.requests()).isEmpty();
        }

        @Test
        void three(Portolan portolan) {
            SEEN.add(portolan);
        }
    }

    @PortolanTest(shared = true)
    static class Sharing {
        @BeforeAll
        static void begin(Portolan portolan) {
            SEEN.add(portolan);
        }

        @Test
        void one(Portolan portolan) {
            SEEN.add(portolan);
        }

        @Test
        void two(Portolan portolan) {
            SEEN.add(portolan);
        }

        @Test
        void three() {}

        @Nested
        class Inner {
            @Test
            void four(Portolan portolan) {
                SEEN.add(portolan);
            }
        }
    }

    @PortolanTest(fakes = {"openrouter", "acme"})
    static class OnFakes {
        @Test
        void answers(ChatPort port, FakeChat chat, FakeEmbeddings embeddings, FakeImages images, Portolan portolan) {
            chat.next("Ahoy");
            assertThat(port.complete(HELLO).text()).isEqualTo("Ahoy");
            portolan.embeddings()
                    .embed(EmbeddingRequest.builder("openrouter/e").text("x").build());
            portolan.images()
                    .generate(ImageRequest.builder("openrouter/i").prompt("x").build());
            assertThat(chat.requests()).hasSize(1);
            assertThat(embeddings.requests()).hasSize(1);
            assertThat(images.requests()).hasSize(1);
        }

        @Test
        void is_fresh(FakeChat chat) {
            assertThat(chat.requests()).isEmpty();
        }

        @Test
        void has_a_catalogue_and_books(
                Portolan portolan,
                FakeCatalog catalog,
                FakeBilling billing,
                FakeChat chat,
                RecordingCostSink sink,
                FakeGuard guard) {
            catalog.add("openrouter/openai/gpt-4o-mini", "acme/small");
            billing.bill("gen-1", "0.5");
            chat.next(FakeReply.text("Ahoy").withCost("0.1"));
            guard.refuseWhen(request -> request.model().name().equals("dear"));

            portolan.chat().complete(HELLO);

            assertThat(portolan.catalog().models(ModelQuery.ALL))
                    .extracting(ModelInfo::id)
                    .containsExactly(HELLO.model(), ACME);
            assertThat(portolan.billing().find(HELLO.model(), "gen-1")).isPresent();
            assertThat(sink.total()).hasToString("$0.1");
            assertThatThrownBy(() -> portolan.chat().complete(HELLO.withModel(ModelId.parse("openrouter/dear"))))
                    .isInstanceOf(BudgetExceededException.class);
            assertThat(guard.asked()).hasSize(2);
        }
    }

    static class InAField {
        private final List<String> models = new ArrayList<>();

        @RegisterExtension
        final PortolanExtension portolan = PortolanExtension.builder()
                .fakes("acme")
                .setting("ACME_MODE", "quiet")
                .portolan(more -> more.sink(call -> models.add(call.model().name())))
                .build();

        @Test
        void has_its_parts(ChatPort chat, FakeChat fake) {
            fake.always("Ahoy");
            chat.complete(HELLO.withModel(ACME));
            assertThat(models).containsExactly("small");
        }
    }

    static class BooksWithSimulator {
        @RegisterExtension
        final PortolanExtension portolan = PortolanExtension.builder()
                .portolan(more -> more.provider("acme", FakeProvider.of(FakeChat.answering("Ahoy"))))
                .build();

        @Test
        void are_told(ChatPort chat, OpenRouterSimulator simulator, RecordingCostSink sink, FakeGuard guard) {
            chat.complete(HELLO.withModel(ACME));
            assertThat(sink.events()).hasSize(1);
            assertThat(guard.open()).isEmpty();
            assertThat(simulator.requests()).isEmpty();
        }
    }

    @PortolanTest
    static class ByConstructor {
        private final OpenRouterSimulator simulator;

        ByConstructor(OpenRouterSimulator simulator) {
            this.simulator = simulator;
        }

        @Test
        void gets_the_same(OpenRouterSimulator same) {
            SEEN.add(same);
            assertThat(simulator).isSameAs(same);
        }

        @Test
        void gets_another() {
            assertThat(SEEN).doesNotContain(simulator);
        }
    }

    static class Settled {
        private static final List<Settings> GIVEN = new ArrayList<>();

        @RegisterExtension
        final PortolanExtension portolan = PortolanExtension.builder()
                .setting("MINE", "given")
                .simulator(simulator -> simulator.apiKey("sk-of-the-test"))
                .portolan(more -> more.sinkFactory(new dev.portolan.api.spi.CostSinkFactory() {
                    @Override
                    public String name() {
                        return "look";
                    }

                    @Override
                    public java.util.Optional<dev.portolan.api.cost.CostSink> create(
                            Settings settings, Sources sources) {
                        GIVEN.add(settings);
                        return java.util.Optional.empty();
                    }
                }))
                .build();

        @Test
        void sees_its_own(Portolan made, OpenRouterSimulator simulator) {
            Settings settings = GIVEN.get(0);
            assertThat(settings.get("OPENROUTER_API_KEY")).contains("sk-of-the-test");
            assertThat(settings.get("OPENROUTER_API_BASE")).contains(simulator.baseUrl());
            assertThat(settings.get("MINE")).contains("given");
            assertThat(settings.get("PORTOLAN_TEST_SETTING")).isEmpty();
            assertThat(made).isNotNull();
        }
    }

    @PortolanTest
    static class OfTheClass {
        @BeforeAll
        static void begin(Portolan portolan) {
            SEEN.add(portolan);
        }

        @Test
        void nothing() {}
    }

    @PortolanTest
    static class FakeWithoutAName {
        @Test
        void wants(FakeChat chat) {
            SEEN.add(chat);
        }
    }

    @PortolanTest(fakes = "openrouter")
    static class SimulatorBesideFakes {
        @Test
        void wants(OpenRouterSimulator simulator) {
            SEEN.add(simulator);
        }
    }

    @PortolanTest(fakes = "openrouter")
    static class LeavesAStream {
        @Test
        void leaves_a_stream(ChatPort chat, FakeChat fake) {
            fake.always("Ahoy there");
            try (ChatStream closed = chat.stream(HELLO)) {
                closed.next();
            }
            chat.stream(HELLO).response();
            chat.stream(HELLO).next();
        }
    }

    @PortolanTest(fakes = "openrouter")
    static class LeavesOtherStreams {
        @Test
        void of_images(ImagePort images) {
            images.stream(ImageRequest.builder("openrouter/painter").prompt("x").build());
        }

        @Test
        void of_the_fake(FakeChat fake) {
            fake.always("Ahoy there").stream(HELLO).next();
        }
    }

    @PortolanTest(fakes = "openrouter", shared = true)
    static class SharingAndLeaving {
        @Test
        void leaves(ChatPort chat, FakeChat fake) {
            fake.always("Ahoy there");
            chat.stream(HELLO).next();
        }

        @Test
        void leaves_nothing(ChatPort chat, FakeChat fake) {
            fake.always("Ahoy there");
            chat.complete(HELLO);
        }
    }

    @PortolanTest(fakes = "openrouter", shared = true)
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class SharingAndLeavingAtTheFake {
        @Test
        void leaves(FakeChat fake) {
            fake.always("Ahoy there").stream(HELLO).next();
        }

        @Test
        void nothing() {}
    }

    @PortolanTest(
            fakes = {"openrouter", "acme"},
            shared = true)
    static class SharingFakes {
        @Test
        void one(Portolan portolan, FakeChat chat, FakeCatalog catalog, RecordingCostSink sink, FakeGuard guard) {
            asks(portolan, chat, catalog, sink, guard);
        }

        @Test
        void two(Portolan portolan, FakeChat chat, FakeCatalog catalog, RecordingCostSink sink, FakeGuard guard) {
            asks(portolan, chat, catalog, sink, guard);
        }

        private static void asks(
                Portolan portolan, FakeChat chat, FakeCatalog catalog, RecordingCostSink sink, FakeGuard guard) {
            assertThat(chat.requests()).isEmpty();
            assertThat(catalog.models(ModelQuery.ALL)).isEmpty();
            assertThat(sink.events()).isEmpty();
            assertThat(guard.asked()).isEmpty();
            catalog.add("openrouter/a/b");
            chat.next("Ahoy", "There");
            assertThat(portolan.chat().complete(HELLO).text()).isEqualTo("Ahoy");
            guard.refuseNext();
        }
    }

    @PortolanTest(shared = true)
    static class SharingTheSimulator {
        @Test
        void one(OpenRouterSimulator simulator) {
            breaks(simulator);
        }

        @Test
        void two(OpenRouterSimulator simulator) {
            breaks(simulator);
        }

        private static void breaks(OpenRouterSimulator simulator) {
            assertThat(simulator.faults().scripted()).isEmpty();
            simulator.faults().always(Fault.status(500));
        }
    }

    @PortolanTest(fakes = "openrouter", shared = true)
    static class SharingByConstructor {
        SharingByConstructor(FakeChat chat) {
            chat.next("Ahoy");
        }

        @Test
        void one(ChatPort chat, FakeChat fake) {
            chat.complete(HELLO);
            fake.verifyAllUsed();
        }

        @Test
        void two(ChatPort chat, FakeChat fake) {
            one(chat, fake);
        }
    }

    @PortolanTest
    static class ThrowingConstructor {
        ThrowingConstructor(Portolan portolan, OpenRouterSimulator simulator) {
            SEEN.add(simulator);
            throw new IllegalStateException("in the constructor");
        }

        @Test
        void nothing() {}
    }

    /** One test reads its stream to the end after the other has ended. */
    @PortolanTest(fakes = "openrouter", shared = true)
    static class SharingInParallel {
        private static final CountDownLatch OPENED = new CountDownLatch(1);
        private static final CountDownLatch ENDED = new CountDownLatch(1);

        /** Told once the extension has looked at what the test left. */
        @RegisterExtension
        static final TestWatcher WATCHER = new TestWatcher() {
            @Override
            public void testSuccessful(ExtensionContext context) {
                ENDED.countDown();
            }
        };

        @Test
        void reads_on(ChatPort chat, FakeChat fake) throws InterruptedException {
            fake.always("Ahoy there");
            try (ChatStream stream = chat.stream(HELLO)) {
                stream.next();
                OPENED.countDown();
                assertThat(ENDED.await(10, TimeUnit.SECONDS)).isTrue();
                assertThat(stream.response().text()).isEqualTo("Ahoy there");
            }
        }

        @Test
        void ends_first() throws InterruptedException {
            assertThat(OPENED.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @PortolanTest
    static class LeavesAThread {
        @Test
        void leaves_a_thread() {
            start("left-behind", LeavesAThread::waitForEver);
        }

        private static void waitForEver() {
            try {
                NEVER.await();
            } catch (InterruptedException ended) {
                return;
            }
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        LEFT.add(thread::interrupt);
        thread.start();
    }

    @PortolanTest(allowedThreads = "kept-\\d")
    static class EndsItsThreads {
        private final ExecutorService threads = Executors.newFixedThreadPool(2);

        @AfterEach
        void end() {
            threads.shutdownNow();
        }

        @Test
        void is_ending_them() {
            threads.execute(LeavesAThread::waitForEver);
            threads.execute(LeavesAThread::waitForEver);
        }

        @Test
        void may_keep_one() {
            start("kept-1", LeavesAThread::waitForEver);
        }
    }

    @PortolanTest
    static class LeavesAConnection {
        @Test
        void leaves_a_connection(OpenRouterSimulator simulator) throws IOException {
            connect(simulator);
        }
    }

    private static void connect(OpenRouterSimulator simulator) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), simulator.port());
        LEFT.add(socket);
        socket.getOutputStream().write("GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
        assertThat(socket.getInputStream().read()).isEqualTo('H'); // so that the simulator has it
    }

    @PortolanTest(allowed = {Leak.CONNECTION, Leak.THREAD, Leak.STREAM})
    static class AllowedToLeave {
        @Test
        void a_connection(OpenRouterSimulator simulator) throws IOException {
            connect(simulator);
        }

        @Test
        void a_thread() {
            start("left-behind-2", LeavesAThread::waitForEver);
        }
    }

    @PortolanTest(fakes = "openrouter")
    static class FailsAndLeaks {
        @Test
        void fails(ChatPort chat, FakeChat fake) {
            fake.always("Ahoy there");
            chat.stream(HELLO).next();
            throw new IllegalStateException("its own");
        }
    }

    @PortolanTest(fakes = "openrouter")
    static class Outer {
        @Nested
        class Inner {
            @Test
            void has_fakes(FakeChat chat) {
                assertThat(chat).isNotNull();
            }
        }
    }
}

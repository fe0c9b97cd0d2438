package dev.portolan.testkit.fake;

import dev.portolan.api.ModelId;
import dev.portolan.api.Request;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ContentPolicyException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.InsufficientCreditsException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.image.ImagePort;
import dev.portolan.testkit.contract.ChatPortContract;
import dev.portolan.testkit.contract.CostSinkContract;
import dev.portolan.testkit.contract.EmbeddingPortContract;
import dev.portolan.testkit.contract.ImagePortContract;
import dev.portolan.testkit.contract.Situation;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;

/** The fakes keep the contracts too, once they were told what to answer. */
class FakesKeepTheContractsTest {
    private static final ModelId MODEL = ModelId.parse("fake/any");

    /** The failure of a call in a situation in which nothing is answered; null in others. */
    private static Function<ErrorDetails, PortolanException> failure(Situation situation) {
        return switch (situation) {
            case WRONG_KEY -> details -> new AuthenticationException("The key is wrong", details);
            case RATE_LIMITED -> details -> new RateLimitedException("Busy", details.withRetryAfter(Situation.WAIT));
            case UNKNOWN_MODEL -> details -> new NotFoundException("No such model", details);
            case NO_CREDIT -> details -> new InsufficientCreditsException("Nothing is left", details);
            case PROMPT_TOO_LONG -> details -> new ContextTooLongException("The prompt is too long", details);
            case PROMPT_REFUSED -> details -> new ContentPolicyException("That is forbidden", details);
            case INVALID_REQUEST -> details -> new InvalidRequestException("That is not valid", details);
            case SERVER_FAILS -> details -> new ProviderUnavailableException("It failed", details);
            case SERVER_AWAY -> details -> new ConnectionException("Nobody is there", false, details, null);
            default -> null;
        };
    }

    private static boolean hasOptions(Request request) {
        return !request.options().isEmpty();
    }

    private static PortolanException failed(ErrorDetails details) {
        return new ProviderUnavailableException("It failed", details);
    }

    @Nested
    class Chat extends ChatPortContract {
        private final FakeChat chat = new FakeChat()
                .always(request -> FakeReply.text("You said: "
                        + request.messages().get(request.messages().size() - 1).text()));

        @Override
        protected ChatPort port() {
            chat.when(FakesKeepTheContractsTest::hasOptions)
                    .always(FakeReply.text("Hello").withWarning("somebody-else", "Its options were ignored"));
            return chat;
        }

        @Override
        protected ModelId model() {
            return MODEL;
        }

        @Override
        protected Optional<ChatPort> portIn(Situation situation) {
            FakeChat fake = new FakeChat();
            Function<ErrorDetails, PortolanException> failure = failure(situation);
            if (failure != null) {
                return Optional.of(fake.always(FakeReply.failing(failure)));
            }
            FakeReply reply = FakeReply.pieces("one ", "two ", "three");
            switch (situation) {
                case SILENT_ANSWER -> fake.always(FakeReply.hanging());
                case SILENT_STREAM ->
                    fake.always(FakeReply.pieces("one ", "two ").andHang());
                case STREAM_CUT -> fake.always(reply.brokenAfter(2));
                case STREAM_ERROR -> fake.always(reply.failingAfter(2, FakesKeepTheContractsTest::failed));
                case NO_USAGE -> fake.always(reply.withUsage(Usage.NOT_REPORTED).withCost(Cost.UNKNOWN));
                case TOOL_CALL ->
                    fake.next(FakeReply.toolCall("get_weather", "{\"city\":", "\"Zürich\"}"))
                            .always("21 degrees");
                default -> {
                    return Optional.empty();
                }
            }
            return Optional.of(fake);
        }
    }

    @Nested
    class Embeddings extends EmbeddingPortContract {
        private final FakeEmbeddings embeddings = new FakeEmbeddings();

        @Override
        protected EmbeddingPort port() {
            embeddings
                    .when(FakesKeepTheContractsTest::hasOptions)
                    .always(FakeVectors.ofContent().withWarning("somebody-else", "Its options were ignored"));
            return embeddings;
        }

        @Override
        protected ModelId model() {
            return MODEL;
        }

        @Override
        protected Optional<EmbeddingPort> portIn(Situation situation) {
            FakeEmbeddings fake = new FakeEmbeddings();
            Function<ErrorDetails, PortolanException> failure = failure(situation);
            if (failure != null) {
                return Optional.of(fake.always(FakeVectors.failing(failure)));
            }
            switch (situation) {
                case SILENT_ANSWER -> fake.always(FakeVectors.hanging());
                case NO_USAGE ->
                    fake.always(FakeVectors.ofContent()
                            .withUsage(Usage.NOT_REPORTED)
                            .withCost(Cost.UNKNOWN));
                case BATCH_FAILS ->
                    fake.always(FakeVectors.ofContent().failingAfter(2, FakesKeepTheContractsTest::failed));
                default -> {
                    return Optional.empty();
                }
            }
            return Optional.of(fake);
        }
    }

    @Nested
    class Images extends ImagePortContract {
        private final FakeImages images = new FakeImages();

        @Override
        protected ImagePort port() {
            images.when(FakesKeepTheContractsTest::hasOptions)
                    .always(FakeDrawing.ofPrompt().withWarning("somebody-else", "Its options were ignored"));
            return images;
        }

        @Override
        protected ModelId model() {
            return MODEL;
        }

        @Override
        protected Optional<ImagePort> portIn(Situation situation) {
            FakeImages fake = new FakeImages();
            Function<ErrorDetails, PortolanException> failure = failure(situation);
            if (failure != null) {
                return Optional.of(fake.always(FakeDrawing.failing(failure)));
            }
            FakeDrawing drawing = FakeDrawing.ofPrompt().withText("A sea").withPreviews(2);
            switch (situation) {
                case SILENT_ANSWER -> fake.always(FakeDrawing.hanging());
                case SILENT_STREAM -> fake.always(drawing.hangingAfter(2));
                case STREAM_CUT -> fake.always(drawing.brokenAfter(2));
                case STREAM_ERROR -> fake.always(drawing.failingAfter(2, FakesKeepTheContractsTest::failed));
                case NO_USAGE ->
                    fake.always(drawing.withUsage(Usage.NOT_REPORTED).withCost(Cost.UNKNOWN));
                default -> {
                    return Optional.empty();
                }
            }
            return Optional.of(fake);
        }
    }

    @Nested
    class Sink extends CostSinkContract {
        private final RecordingCostSink sink = new RecordingCostSink();

        @Override
        protected CostSink sink() {
            return sink;
        }

        @Override
        protected List<CostEvent> recorded() {
            return sink.events();
        }

        @Override
        protected boolean knowsCallsById() {
            return false;
        }
    }
}

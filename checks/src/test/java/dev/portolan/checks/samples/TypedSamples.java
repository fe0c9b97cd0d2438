package dev.portolan.checks.samples;

import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.UnusableReplyException;
import dev.portolan.typed.Description;
import dev.portolan.typed.Name;
import dev.portolan.typed.ToolFunction;
import dev.portolan.typed.ToolLoop;
import dev.portolan.typed.ToolLoopAnswer;
import dev.portolan.typed.ToolLoopEvent;
import dev.portolan.typed.ToolLoopReply;
import dev.portolan.typed.ToolLoopStream;
import dev.portolan.typed.ToolRound;
import dev.portolan.typed.TypeSchema;
import dev.portolan.typed.TypedChat;
import dev.portolan.typed.TypedResponse;
import dev.portolan.typed.TypedStream;
import dev.portolan.typed.TypedTool;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** The samples of {@code docs/structured-output.md} and {@code docs/tools.md}, each between two marks. */
public final class TypedSamples {
    private TypedSamples() {}

    // sample: records
    @Description("A place where ships are safe")
    record Harbour(
            String city,
            @Description("in metres, at low tide") int depth,
            Sea sea,
            Optional<String> pilot,
            List<Berth> berths) {
        Harbour {
            if (depth < 0) {
                throw new IllegalArgumentException("depth must not be negative");
            }
        }
    }

    record Berth(int number, @Name("length_m") BigDecimal length) {}

    enum Sea {
        @Description("a child could swim in it")
        CALM,
        ROUGH
    }
    // end

    public static void structured(Portolan portolan) {
        // sample: structured
        TypedResponse<Harbour> reply = TypedChat.over(portolan.chat())
                .complete(
                        ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                                .user("How deep is the harbour of Genoa in a calm sea?")
                                .build(),
                        Harbour.class);
        System.out.println(reply.value().city() + ", " + reply.value().sea()); // Genoa, CALM
        System.out.println(reply.response().model() + ", " + reply.totalCost());
        // end
    }

    public static void lists(Portolan portolan, ChatRequest request) {
        // sample: lists
        TypedChat chat = TypedChat.over(portolan.chat());
        List<Harbour> harbours =
                chat.complete(request, TypeSchema.listOf(Harbour.class)).value();
        Sea sea = chat.complete(request, Sea.class).value();
        // end
        System.out.println(harbours.size() + " " + sea);
    }

    // sample: choices
    sealed interface Mark {
        record Buoy(String colour) implements Mark {}

        record Lighthouse(@Description("in metres") int height) implements Mark {}
    }
    // end

    public static void choosing(Portolan portolan, ChatRequest request) {
        Mark mark =
                TypedChat.over(portolan.chat()).complete(request, Mark.class).value();
        System.out.println(mark);
    }

    public static void misfits(Portolan portolan, ChatRequest request) {
        // sample: misfits
        try {
            Harbour harbour = TypedChat.over(portolan.chat())
                    .complete(request, Harbour.class)
                    .value();
            System.out.println(harbour.depth());
        } catch (UnusableReplyException e) {
            switch (e.reason()) {
                case REFUSED -> System.out.println("It will not say");
                case CUT -> System.out.println("More tokens, please");
                case MISFIT -> System.out.println(e.misfit().orElseThrow() + ", for " + e.totalCost());
                case TOOL_CALLS -> System.out.println("It wants tools");
            }
        }
        // end
    }

    public static void streamed(Portolan portolan, ChatRequest request) {
        // sample: streamed
        try (TypedStream<Harbour> stream = TypedChat.over(portolan.chat()).stream(request, Harbour.class)) {
            for (ChatEvent event : stream) {
                if (event instanceof ChatEvent.TextDelta delta) {
                    System.out.print(delta.text()); // JSON, as it is written
                }
            }
            System.out.println("\n" + stream.response().value().city());
        }
        // end
    }

    public static void schema(Portolan portolan) {
        // sample: schema
        TypeSchema<Berth> schema = TypeSchema.of(Berth.class);
        System.out.println(schema.json());
        ChatResponse reply = portolan.chat()
                .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user("The longest berth?")
                        .responseFormat(schema.responseFormat())
                        .build());
        Berth berth = schema.read(reply.text());
        // end
        System.out.println(berth);
    }

    // sample: typedtool
    record City(
            @Description("its name, without the country") String city, Optional<Integer> days) {}

    record Weather(int celsius, String sky) {}

    static final TypedTool WEATHER = TypedTool.of(
            "get_weather", "The weather in a city", City.class, city -> new Weather(21, "clear over " + city.city()));
    // end

    // sample: methods
    static final class Harbourmaster {
        @ToolFunction("Whether a berth is free")
        boolean isFree(@Name("harbour") String harbour, @Name("berth") int berth) {
            return berth > 3;
        }

        @ToolFunction(value = "Reserves a berth", name = "reserve_berth")
        String reserve(@Name("harbour") String harbour, @Name("berth") int berth) {
            return "Berth " + berth + " in " + harbour + " is yours";
        }
    }
    // end

    public static void loop(Portolan portolan) {
        // sample: loop
        ToolLoop loop = ToolLoop.builder(portolan.chat())
                .tool(WEATHER)
                .tools(TypedTool.methodsOf(new Harbourmaster()))
                .maxRounds(5)
                .maxCost(new BigDecimal("0.05"))
                .timeout(Duration.ofMinutes(2))
                .build();
        ToolLoopReply reply = loop.run(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("What is the weather in Genoa?")
                .build());
        System.out.println(reply.text() + " (" + reply.totalCost() + ")");
        for (ToolRound round : reply.rounds()) {
            round.results()
                    .forEach(result -> System.out.println(
                            round.number() + ": " + result.call().name() + " → " + result.content()));
        }
        // end
    }

    public static void events(ToolLoop loop, ChatRequest request) {
        // sample: events
        try (ToolLoopStream stream = loop.stream(request)) {
            for (ToolLoopEvent event : stream) {
                if (event instanceof ToolLoopEvent.ModelEvent model
                        && model.event() instanceof ChatEvent.TextDelta delta) {
                    System.out.print(delta.text());
                } else if (event instanceof ToolLoopEvent.ToolStarted tool) {
                    System.out.println(tool.call().name() + " …");
                } else if (event instanceof ToolLoopEvent.ToolFailed tool) {
                    System.out.println("failed: " + tool.result().content());
                }
            }
            System.out.println("\n" + stream.response().rounds().size() + " rounds");
        }
        // end
    }

    public static void limits(Portolan portolan, ChatRequest request, Executor executor) {
        // sample: limits
        ToolLoop loop = ToolLoop.builder(portolan.chat())
                .tool(WEATHER)
                .parallel(executor) // the calls of one round at the same time
                .maxCost(new BigDecimal("0.000001"))
                .build();
        try {
            System.out.println(loop.run(request).text());
        } catch (BudgetExceededException e) {
            ToolLoopReply soFar = e.partial(ToolLoopReply.class).orElseThrow();
            System.out.println(soFar.rounds().size() + " round, " + soFar.totalCost() + " is too much");
        }
        // end
    }

    public static void on(ToolLoop loop, ChatRequest request) {
        // sample: on
        ToolLoopReply first = loop.run(request);
        ToolLoopReply second = loop.run(request.toBuilder()
                .messages(first.messages())
                .user("And in Oslo?")
                .build());
        System.out.println(second.text());
        // end
    }

    public static void answer(ToolLoop loop, ChatRequest request) {
        // sample: answer
        ToolLoopAnswer<Weather> answer = loop.run(request, Weather.class);
        System.out.println(answer.value() + " after " + answer.reply().rounds().size() + " rounds");
        // end
    }
}

package dev.portolan.checks.samples;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.util.Modules;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.spi.PortDecorator;
import dev.portolan.resilience.Fallback;
import dev.portolan.testkit.fake.FakeChat;
import dev.portolan.testkit.fake.FakeProvider;
import dev.portolan.wiring.guice.PortolanLifecycle;
import dev.portolan.wiring.guice.PortolanModule;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** The samples of {@code docs/guice.md}, each between two marks. */
public final class GuiceSamples {
    private GuiceSamples() {}

    // sample: injected
    public static final class Greeter {
        private final ChatPort chat;

        @Inject
        Greeter(ChatPort chat) {
            this.chat = chat;
        }

        public String greet(String name) {
            return chat.complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .user("Greet " + name)
                            .build())
                    .text();
        }
    }
    // end

    public static void installed() {
        // sample: installed
        Injector injector = Guice.createInjector(new PortolanModule());
        try (PortolanLifecycle life = injector.getInstance(PortolanLifecycle.class)) {
            System.out.println(injector.getInstance(Greeter.class).greet("Ada"));
        }
        // end
    }

    /** Prints what a call cost. */
    public static final class PrintedCosts implements CostSink {
        @Override
        public void record(CostEvent event) {
            System.out.println(event.model() + ": " + event.cost());
        }
    }

    public static Module bound() {
        // sample: bound
        Module parts = binder -> {
            binder.bind(Settings.class).toInstance(Settings.fromEnvironment().with("PORTOLAN_MAX_ATTEMPTS", "5"));
            Multibinder.newSetBinder(binder, CostSink.class).addBinding().to(PrintedCosts.class); // a CostSink of yours
            Multibinder.newSetBinder(binder, PortDecorator.class)
                    .addBinding()
                    .toInstance(Fallback.builder()
                            .to("openrouter/anthropic/claude-sonnet-4.5")
                            .build());
            PortolanModule.provider(binder, "echo").to(EchoProviderFactory.class);
        };
        // end
        return parts;
    }

    // sample: byName
    public static final class EchoGreeter {
        private final ChatPort chat;

        @Inject
        EchoGreeter(@Named("echo") ChatPort chat) {
            this.chat = chat;
        }

        public String greet(String name) {
            return chat.complete(ChatRequest.builder("echo/any")
                            .user("Hello " + name)
                            .build())
                    .text();
        }
    }
    // end

    public static void overridden() {
        // sample: overridden
        FakeChat fake = FakeChat.answering("Hello, Ada.");
        Injector injector = Guice.createInjector(Modules.override(new PortolanModule())
                .with(binder -> binder.bind(ChatPort.class).toInstance(fake)));
        System.out.println(injector.getInstance(Greeter.class).greet("Ada")); // Hello, Ada.
        // end
    }

    public static void replaced() {
        // sample: replaced
        FakeChat fake = FakeChat.answering("Hello, Ada.");
        Portolan portolan =
                Portolan.builder().provider("openrouter", FakeProvider.of(fake)).build();
        Injector injector = Guice.createInjector(Modules.override(new PortolanModule())
                .with(binder -> binder.bind(Portolan.class).toInstance(portolan)));
        // end
        System.out.println(injector.getInstance(Greeter.class).greet("Ada"));
        portolan.close();
    }
}

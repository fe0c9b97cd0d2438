package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.error.PortolanException;
import dev.portolan.testkit.simulator.BillEntry;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many calls at once, of which many fail, are made again or are left: what the books hear of them, against the bill. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DisturbedCallsAreRecordedTest {
    private static final int CALLS = 300;
    private static final int THREADS = 16;

    private final Queue<CostEvent> told = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService closer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger made = new AtomicInteger();

    @Test
    void every_call_is_told_once_and_what_its_ids_were_billed_is_what_it_cost() throws Exception {
        List<BillEntry> bill;
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            try (Portolan portolan = portolan(simulator)) {
                disturb(simulator);
                makeCalls(portolan);
                assertThat(portolan.failedRecords()).isZero();
            }
            assertThat(simulator.awaitOpenConnections(0, Duration.ofSeconds(20)))
                    .isTrue();
            bill = simulator.bill().entries();
        }

        assertThat(told).hasSize(made.get());
        Map<String, BigDecimal> billed =
                bill.stream().collect(Collectors.toMap(BillEntry::generationId, BillEntry::cost));
        for (CostEvent event : told) {
            if (event.cost().isKnown()) {
                assertThat(event.answeredBy().generationIds().stream()
                                .map(id -> billed.getOrDefault(id, BigDecimal.ZERO))
                                .reduce(BigDecimal.ZERO, BigDecimal::add))
                        .as("%s", event)
                        .isEqualByComparingTo(event.cost().amount());
            }
        }
        checkThatNothingBilledIsMissing(billed.keySet());
    }

    /** What was billed is known by its id, unless its call has an unknown cost and owns up to not knowing an id. */
    private void checkThatNothingBilledIsMissing(Set<String> billed) {
        List<String> known = told.stream()
                .flatMap(event -> event.answeredBy().generationIds().stream())
                .toList();
        assertThat(known).doesNotHaveDuplicates();
        long missing = billed.stream().filter(id -> !known.contains(id)).count();
        long attemptsOfThoseWhoOwnUp = told.stream()
                .filter(event -> !event.cost().isKnown()
                        && event.answeredBy().generationIds().isEmpty())
                .mapToLong(event -> event.operation() == CostEvent.Operation.EMBEDDING
                        ? 6L * 3
                        : event.outcome().attempts())
                .sum();
        assertThat(missing).isLessThanOrEqualTo(attemptsOfThoseWhoOwnUp);
        assertThat(known).as("most are known").hasSizeGreaterThan(billed.size() / 2);
    }

    private Portolan portolan(OpenRouterSimulator simulator) {
        return Portolan.builder()
                .settings(Settings.of(Map.of(
                        "OPENROUTER_API_KEY", simulator.apiKey(),
                        "OPENROUTER_API_BASE", simulator.baseUrl())))
                .provider(new OpenRouterProviderFactory())
                .sink(told::add)
                .build();
    }

    private static void disturb(OpenRouterSimulator simulator) {
        for (String where : List.of(SoakCall.ANYWHERE, SoakCall.IN_ANSWER)) {
            simulator
                    .faults()
                    .on(request -> request.header(SoakCall.HANGS).equals(Optional.of(where)))
                    .seeded(1, 0.5, Fault.stallAtByte(100), Fault.stallAfterEvents(3));
        }
        simulator.faults().seeded(2, 0.3, Fault.everyKindThatEnds());
    }

    private void makeCalls(Portolan portolan) throws Exception {
        AtomicInteger next = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            running.add(callers.submit(() -> {
                for (int number = next.incrementAndGet(); number <= CALLS; number = next.incrementAndGet()) {
                    make(portolan, SoakCall.random(number));
                }
            }));
        }
        for (Future<?> each : running) {
            each.get();
        }
        callers.shutdown();
        closer.shutdownNow();
    }

    /** An interrupt is left out here: it needs somebody who aims well. */
    private void make(Portolan portolan, SoakCall call) {
        if (call.disturbance() == SoakCall.Disturbance.INTERRUPT) {
            return;
        }
        made.incrementAndGet();
        try {
            call.make(portolan, stream -> {
                if (call.disturbance() == SoakCall.Disturbance.CLOSE) {
                    closer.schedule(stream::close, call.random().nextInt(20_000), TimeUnit.MICROSECONDS);
                }
            });
        } catch (PortolanException e) {
            // The books tell of it.
        }
    }
}

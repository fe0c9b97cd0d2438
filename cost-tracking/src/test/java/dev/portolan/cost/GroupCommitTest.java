package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.cost.CostEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private final List<List<String>> transactions = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch firstIsBeingWritten = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private Consumer<List<CostEvent>> database = entries -> {};

    private final GroupCommit commits = new GroupCommit(entries -> {
        transactions.add(entries.stream().map(CostEvent::callId).toList());
        if (transactions.size() == 1) {
            firstIsBeingWritten.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        database.accept(entries);
    });

    private record Caller(Thread thread, FutureTask<Void> end) {
        void returns() throws Exception {
            end.get(10, TimeUnit.SECONDS);
        }
    }

    private Caller caller(String... ids) {
        List<CostEvent> entries = new ArrayList<>();
        for (String id : ids) {
            entries.add(call(id).build());
        }
        FutureTask<Void> task = new FutureTask<>(() -> commits.write(entries), null);
        Thread thread = new Thread(task);
        thread.start();
        return new Caller(thread, task);
    }

    /** One that is being written, and then those that wait, in this order. */
    private List<Caller> callers(String... ids) throws Exception {
        List<Caller> callers = new ArrayList<>();
        callers.add(caller("first"));
        assertThat(firstIsBeingWritten.await(10, TimeUnit.SECONDS)).isTrue();
        for (String id : ids) {
            Caller caller = caller(id);
            callers.add(caller);
            waitUntilItWaits(caller);
        }
        return callers;
    }

    private static void waitUntilItWaits(Caller caller) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (caller.thread().getState() != Thread.State.WAITING) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void what_comes_while_another_is_written_shares_the_next_transaction_in_the_order_of_coming() throws Exception {
        List<Caller> callers = callers("a", "b", "c");

        go.countDown();
        for (Caller caller : callers) {
            caller.returns();
        }

        assertThat(transactions).containsExactly(List.of("first"), List.of("a", "b", "c"));
    }

    @Test
    void nobody_returns_before_his_own_record_is_written() throws Exception {
        List<Caller> callers = callers("a");

        assertThat(callers).noneMatch(caller -> caller.end().isDone());

        go.countDown();
        callers.get(1).returns();
        assertThat(transactions).hasSize(2);
    }

    @Test
    void a_record_that_is_refused_takes_no_other_with_it() throws Exception {
        database = entries -> {
            if (entries.stream().anyMatch(entry -> entry.callId().equals("bad"))) {
                throw new LedgerException("no", null, true);
            }
        };
        List<Caller> callers = callers("a", "bad", "c");
        go.countDown();

        callers.get(1).returns();
        callers.get(3).returns();
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(callers.get(2)::returns)
                .havingCause()
                .isInstanceOf(LedgerException.class);
        assertThat(transactions)
                .containsExactly(
                        List.of("first"), List.of("a", "bad", "c"), List.of("a"), List.of("bad"), List.of("c"));
    }

    @Test
    void a_database_that_is_down_is_tried_once_for_all_who_wait() throws Exception {
        database = entries -> {
            throw new LedgerException("down", null);
        };
        List<Caller> callers = callers("a", "b");
        go.countDown();

        for (Caller caller : callers) {
            assertThatExceptionOfType(Exception.class)
                    .isThrownBy(caller::returns)
                    .havingCause()
                    .withMessage("down");
        }
        assertThat(transactions).hasSize(2);
    }

    @Test
    void an_error_is_a_failure_for_all_and_the_next_one_is_written() throws Exception {
        database = entries -> {
            if (entries.size() > 1) {
                throw new OutOfMemoryError("no room");
            }
        };
        List<Caller> callers = callers("a", "b");
        go.countDown();

        callers.get(0).returns();
        for (Caller caller : callers.subList(1, 3)) {
            assertThatExceptionOfType(Exception.class)
                    .isThrownBy(caller::returns)
                    .havingCause()
                    .isInstanceOf(LedgerException.class)
                    .withMessageContaining("no room");
        }
        caller("c").returns();
        assertThat(transactions).last().isEqualTo(List.of("c"));
    }

    @Test
    void an_interrupt_ends_no_wait() throws Exception {
        List<Caller> callers = callers("a");
        callers.get(1).thread().interrupt();
        go.countDown();

        callers.get(1).returns();

        assertThat(transactions).containsExactly(List.of("first"), List.of("a"));
    }

    @Test
    void more_than_a_transaction_takes_is_left_to_the_next_and_what_belongs_together_stays_together() throws Exception {
        List<Caller> callers = callers();
        String[] many = new String[300];
        Arrays.setAll(many, i -> "call-" + i);
        Caller one = caller(many);
        waitUntilItWaits(one);
        Caller two = caller(many);
        waitUntilItWaits(two);
        go.countDown();

        callers.get(0).returns();
        one.returns();
        two.returns();
        assertThat(transactions).extracting(List::size).containsExactly(1, 300, 300);
    }
}

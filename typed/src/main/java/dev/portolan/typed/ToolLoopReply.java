package dev.portolan.typed;

import dev.portolan.api.Attempt;
import dev.portolan.api.ChargedGenerations;
import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.RawJson;
import dev.portolan.api.Reply;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.Message;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a loop brought, round by round. If the loop failed, {@code exception.partial(ToolLoopReply.class)} has the rounds so far.
 *
 * @param rounds the rounds, in order; at least one. The last one may be unfinished if the loop failed
 * @param attempts the attempts of all rounds, failed ones included
 */
public record ToolLoopReply(List<ToolRound> rounds, List<Attempt> attempts) implements Reply {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is no round
     */
    public ToolLoopReply {
        rounds = List.copyOf(rounds);
        attempts = List.copyOf(attempts);
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("The reply of a loop needs at least one round");
        }
    }

    /** The last thing that the model said: its answer, if the loop came to its end. */
    public ChatResponse response() {
        return rounds.get(rounds.size() - 1).response();
    }

    /** The text of the answer; empty if there is none. */
    public String text() {
        return response().text();
    }

    /**
     * What the loop added to the conversation: calls, results and the answer, exactly as they came, reasoning details included. They
     * go behind the messages of the request that the loop was run with:
     *
     * <pre>{@code
     * loop.run(request.toBuilder().messages(reply.messages()).user("And in Oslo?").build());
     * }</pre>
     *
     * <p>If the loop failed, they end with the last round whose calls were all answered.
     */
    public List<Message> messages() {
        ToolRound last = rounds.get(rounds.size() - 1);
        List<Message> all = last.request().messages();
        int before = rounds.get(0).request().messages().size();
        List<Message> added = new ArrayList<>(all.subList(before, all.size()));
        added.addAll(last.messages());
        return List.copyOf(added);
    }

    /** The provider's name for the last generation; {@code null} if it gave none. */
    @Override
    public @Nullable String id() {
        return response().id();
    }

    /** The model that answered last, as the provider names it. */
    @Override
    public String model() {
        return response().model();
    }

    /** The tokens of all rounds together. */
    @Override
    public Usage usage() {
        Usage total = rounds.get(0).response().usage();
        for (ToolRound round : rounds.subList(1, rounds.size())) {
            total = total.plus(round.response().usage());
        }
        return total;
    }

    /** What the answers of all rounds cost together; unknown if that of any is, or their currencies differ. */
    @Override
    public Cost cost() {
        Cost total = rounds.get(0).response().cost();
        for (ToolRound round : rounds.subList(1, rounds.size())) {
            total = total.plus(round.response().cost());
        }
        return total;
    }

    @Override
    public Cost totalCost() {
        Cost total = cost();
        for (Attempt attempt : attempts) {
            total = attempt.failure() == null ? total : total.plus(attempt.costOfFailure());
        }
        return total;
    }

    @Override
    public List<String> generationIds() {
        ChargedGenerations charged = new ChargedGenerations();
        for (ToolRound round : rounds) {
            charged.add(round.response().generationIds());
        }
        return charged.addFailed(attempts).ids();
    }

    /** Always: one for each round. */
    @Override
    public boolean ofSeveralCalls() {
        return true;
    }

    /** What could not be honoured as asked, in any round. */
    @Override
    public List<Warning> warnings() {
        return rounds.stream()
                .flatMap(round -> round.response().warnings().stream())
                .distinct()
                .toList();
    }

    @Override
    public ToolLoopReply withAttempts(List<Attempt> newAttempts) {
        return new ToolLoopReply(rounds, newAttempts);
    }

    /** What only the provider tells, in the last round. */
    @Override
    public List<ProviderMetadata> metadata() {
        return response().metadata();
    }

    /** Further members of the last reply by their name on the wire. */
    @Override
    public Map<String, RawJson> extras() {
        return response().extras();
    }
}

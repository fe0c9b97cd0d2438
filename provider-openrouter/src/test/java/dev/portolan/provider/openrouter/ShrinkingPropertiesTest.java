package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.provider.openrouter.chat.InProcess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;

/** Properties of which the smallest counterexample tells most: where a stream is cut, which members a body has. */
@Tag("thorough")
class ShrinkingPropertiesTest {
    @Property(tries = 500)
    void where_a_stream_is_cut_changes_nothing(@ForAll("streams") String name, @ForAll("cuts") Set<Integer> cuts) {
        byte[] bytes = Fixtures.bytes(name);

        assertThat(events(pieces(bytes, cuts))).isEqualTo(events(List.of(bytes)));
    }

    @Property(tries = 500)
    void a_body_of_any_members_and_messages_goes_on_the_wire_as_it_was_written(
            @ForAll("members") List<String> members, @ForAll("messages") List<String> messages) {
        ChatRequestJsonTest.assertSame("{'model':'anthropic/claude-sonnet-4.5','messages':["
                + String.join(",", messages)
                + "]"
                + members.stream().map(","::concat).reduce("", String::concat)
                + "}");
    }

    @Provide
    Arbitrary<String> streams() {
        return Arbitraries.of(Fixtures.WHOLE_STREAMS);
    }

    @Provide
    Arbitrary<Set<Integer>> cuts() {
        return Arbitraries.integers().between(1, 3000).set().ofMaxSize(40);
    }

    @Provide
    Arbitrary<List<String>> members() {
        return Arbitraries.of(ChatRequestJsonTest.MEMBERS).list().uniqueElements(ChatRequestJsonTest::name);
    }

    @Provide
    Arbitrary<List<String>> messages() {
        return Arbitraries.of(ChatRequestJsonTest.EVERY_MESSAGE)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    private static List<ChatEvent> events(List<byte[]> pieces) {
        try (ChatStream stream = InProcess.stream(pieces)) {
            List<ChatEvent> events = new ArrayList<>();
            stream.forEach(events::add);
            return events;
        }
    }

    private static List<byte[]> pieces(byte[] bytes, Set<Integer> cuts) {
        List<byte[]> pieces = new ArrayList<>();
        int from = 0;
        for (int cut : new TreeSet<>(cuts)) {
            if (cut < bytes.length) {
                pieces.add(Arrays.copyOfRange(bytes, from, cut));
                from = cut;
            }
        }
        pieces.add(Arrays.copyOfRange(bytes, from, bytes.length));
        return pieces;
    }
}

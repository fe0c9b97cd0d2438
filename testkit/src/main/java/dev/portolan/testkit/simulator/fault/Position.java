package dev.portolan.testkit.simulator.fault;

import dev.portolan.testkit.simulator.http.Answer;

/** Where in an answer something happens. */
public sealed interface Position {
    /** After the request, before the status line. */
    record BeforeHeaders() implements Position {}

    /** After so many bytes of the body. */
    record AtByte(long count) implements Position {
        public AtByte {
            check(count);
        }
    }

    /** After so many events, comments not counted. */
    record AfterEvents(long count) implements Position {
        public AfterEvents {
            check(count);
        }

        /** In a blocking answer, which has no events: none of the body, or half of it. */
        Position in(Answer answer) {
            if (answer.isEventStream()) {
                return this;
            }
            return new AtByte(count == 0 ? 0 : length(answer) / 2);
        }

        private static long length(Answer answer) {
            if (answer.body() instanceof Answer.Streamed streamed) {
                Long length = streamed.length();
                return length == null ? 0 : length;
            }
            return ((Answer.Whole) answer.body()).bytes().size();
        }
    }

    private static void check(long count) {
        if (count < 0) {
            throw new IllegalArgumentException("a position in an answer must not be negative but is " + count);
        }
    }
}

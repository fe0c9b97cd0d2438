package dev.portolan.testkit.junit;

import dev.portolan.api.Reply;
import dev.portolan.api.ReplyStream;
import dev.portolan.api.Request;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.spi.CallDecorator;
import dev.portolan.api.spi.CallObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The streams that were opened and have neither ended nor been closed. Thread-safe. */
final class OpenStreams extends CallDecorator {
    private final Set<Opened> open = ConcurrentHashMap.newKeySet();

    /** Outermost, so that what it remembers is what the caller has in hand. */
    @Override
    public int order() {
        return Integer.MIN_VALUE;
    }

    @Override
    protected CallObserver begin(Request request) {
        return new Opening(request);
    }

    /** Takes out the open streams, and closes them, so that nothing waits for their ends. */
    List<Opened> closeAll() {
        List<Opened> left = new ArrayList<>(open);
        left.forEach(opened -> opened.stream().close());
        open.clear();
        return left;
    }

    /**
     * A stream that somebody opened.
     *
     * @param what what was asked, and which model
     * @param where has the stack of the call
     */
    record Opened(String what, ReplyStream<?, ?> stream, Throwable where) {}

    private final class Opening implements CallObserver {
        private final Request request;
        private volatile Runnable end = () -> {};

        Opening(Request request) {
            this.request = request;
        }

        @Override
        public void opened(ReplyStream<?, ?> stream) {
            String kind = request instanceof ChatRequest ? "a chat" : "an image";
            Opened opened = new Opened(kind + " request to " + request.model(), stream, calledFrom());
            open.add(opened);
            end = () -> open.remove(opened);
        }

        @Override
        public void finished(Reply reply) {
            end.run();
        }

        @Override
        public void failed(Throwable failure) {
            end.run();
        }

        @Override
        public void closed() {
            end.run();
        }
    }

    /** Begins where the library was called. */
    private static Throwable calledFrom() {
        Throwable where = new Throwable("the stream was opened here");
        StackTraceElement[] stack = where.getStackTrace();
        int first = 0;
        while (first < stack.length - 1 && isOurs(stack[first].getClassName())) {
            first++;
        }
        where.setStackTrace(Arrays.copyOfRange(stack, first, stack.length));
        return where;
    }

    private static boolean isOurs(String className) {
        return className.startsWith("dev.portolan.api.") || className.startsWith(OpenStreams.class.getName());
    }
}

package dev.portolan.benchmarks.harness;

import java.util.ServiceLoader;

/** A library that does the same work as the others, each by the idiom that its documentation shows. */
public interface Contender {
    /** As the table shows it. */
    String name();

    /** A client of the server at this address, which ends with {@code /v1}. */
    Client open(String baseUrl);

    /** The one on the class path. */
    static Contender found() {
        return ServiceLoader.load(Contender.class).findFirst().orElseThrow();
    }

    /** One client, which may be used again and again. */
    interface Client extends AutoCloseable {
        /** Asks and waits for the whole answer; gives the number of its characters. */
        int complete();

        /** Asks and reads a streamed answer piece by piece; gives the number of characters. */
        int stream();

        /** Asks with a tool, and reads the streamed call; gives the number of characters of its arguments. */
        int toolCall();

        /**
         * Has 64 texts embedded; gives how many numbers all vectors have.
         *
         * @param base64 in which encoding vectors are asked for
         */
        int embed(boolean base64);

        /** Has an image drawn; gives how many bytes it has, decoded. */
        int draw();

        /** Reads a streamed answer on this thread or, where the library insists, on its own; waits for the end. */
        void drip(Pieces pieces);

        @Override
        void close();
    }

    /** Told of each piece of the text of a stream. */
    interface Pieces {
        /** One piece. */
        void piece(String text);
    }
}

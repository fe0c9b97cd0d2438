package dev.portolan.testkit.simulator.http;

import java.io.IOException;

/** How an answer ends after its last byte. */
public enum Ending {
    /** As it should. */
    COMPLETE {
        @Override
        public void of(ClientLine line) {}
    },
    DISCONNECT {
        @Override
        public void of(ClientLine line) throws IOException {
            line.disconnect();
        }
    },
    RESET {
        @Override
        public void of(ClientLine line) throws IOException {
            line.reset();
        }
    },
    STALL {
        @Override
        public void of(ClientLine line) throws IOException {
            line.stall();
        }
    };

    public abstract void of(ClientLine line) throws IOException;
}

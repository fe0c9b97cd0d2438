package dev.portolan.testkit.simulator.audio;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Remembers what the simulator itself has spoken, so that it can write it down again. */
public final class SpokenTexts {
    private static final int MOST = 10_000;

    /** A text and how long it took to speak. */
    record Spoken(String text, BigDecimal seconds) {}

    private final Map<ByteString, Spoken> texts = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteString, Spoken> eldest) {
            return size() > MOST;
        }
    };

    synchronized void remember(ByteString audio, Speech speech) {
        texts.put(audio.sha256(), new Spoken(speech.text(), speech.seconds()));
    }

    synchronized @Nullable Spoken find(ByteString audio) {
        return texts.get(audio.sha256());
    }
}

package dev.portolan.provider.openrouter;

import dev.portolan.api.spi.Provider;
import dev.portolan.provider.openrouter.account.Credits;
import dev.portolan.provider.openrouter.account.Generation;
import dev.portolan.provider.openrouter.account.KeyInfo;
import dev.portolan.provider.openrouter.account.UpstreamProvider;
import dev.portolan.provider.openrouter.audio.Speech;
import dev.portolan.provider.openrouter.audio.SpeechRequest;
import dev.portolan.provider.openrouter.audio.Transcription;
import dev.portolan.provider.openrouter.audio.TranscriptionRequest;
import dev.portolan.provider.openrouter.rerank.RerankRequest;
import dev.portolan.provider.openrouter.rerank.RerankResponse;
import java.util.List;

/**
 * OpenRouter itself, for what is behind no port: {@code portolan.provider("openrouter", OpenRouter.class)}. Thread-safe;
 * every failure is a {@link dev.portolan.api.error.PortolanException}.
 */
public interface OpenRouter extends Provider {
    /** Puts documents in the order of their relevance to a question. */
    RerankResponse rerank(RerankRequest request);

    /** Speaks a text. */
    Speech speak(SpeechRequest request);

    /** Writes down speech. */
    Transcription transcribe(TranscriptionRequest request);

    /**
     * What a past call was billed for. The record is written with a delay: right after a call there may be none yet.
     *
     * @param id the generation's id, {@code gen-…}
     * @throws dev.portolan.api.error.NotFoundException if there is no such record, or not yet
     */
    Generation generation(String id);

    /**
     * The account's money.
     *
     * @throws dev.portolan.api.error.PermissionDeniedException unless the key is a management key
     */
    Credits credits();

    /** What the key may do and has spent; works with any key. */
    KeyInfo key();

    /** The providers that OpenRouter routes to. */
    List<UpstreamProvider> providers();
}

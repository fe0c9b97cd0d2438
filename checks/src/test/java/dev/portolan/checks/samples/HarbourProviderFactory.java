package dev.portolan.checks.samples;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.CallOptions;
import dev.portolan.api.ProviderOptions;
import dev.portolan.api.Settings;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.UserMessage;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ProviderFactory;
import dev.portolan.api.spi.RecoveringPorts;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.ChatDecoder;
import dev.portolan.transport.retrofit.HttpConfig;
import dev.portolan.transport.retrofit.HttpTransport;
import dev.portolan.transport.retrofit.JsonBody;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import retrofit2.Call;
import retrofit2.http.Body;
import retrofit2.http.HeaderMap;
import retrofit2.http.POST;
import retrofit2.http.Streaming;
import retrofit2.http.Tag;

// sample: harbour_factory
/** Harbour, the model server of the house: its models are {@code harbour/…}. */
public final class HarbourProviderFactory implements ProviderFactory {
    @Override
    public String name() {
        return "harbour";
    }

    @Override
    public Provider create(Settings settings) {
        String key = settings.get("HARBOUR_KEY")
                .orElseThrow(() -> new ConfigurationException("Set HARBOUR_KEY to your key for Harbour"));
        URI url = URI.create(settings.get("HARBOUR_URL").orElse("https://harbour.example.com/v1"));
        HttpTransport http = new HttpTransport(HttpConfig.of("Harbour", url, Map.of("Authorization", "Bearer " + key))
                .with(settings));
        ChatPort chat = RecoveringPorts.chat(new HarbourChat(http), http.retries(ChatRequest::withCall));
        return new Provider() {
            @Override
            public Optional<ChatPort> chat() {
                return Optional.of(chat);
            }

            @Override
            public void close() {
                http.close();
            }
        };
    }
}
// end

// sample: harbour_chat
final class HarbourChat implements ChatPort {
    private final HttpTransport http;
    private final Api api;

    HarbourChat(HttpTransport http) {
        this.http = http;
        this.api = http.api(Api.class);
    }

    interface Api {
        @Streaming
        @POST("talk")
        Call<ResponseBody> talk(@Tag CallOptions call, @HeaderMap Map<String, String> headers, @Body RequestBody body);
    }

    @Override
    public ChatResponse complete(ChatRequest request) {
        return new HarbourReply(send(request, false), request).whole();
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        return new HarbourReply(send(request, true), request).stream();
    }

    private Answer send(ChatRequest request, boolean live) {
        List<Map<String, String>> turns = new ArrayList<>();
        for (Message turn : request.messages()) {
            String who = turn instanceof UserMessage ? "you" : turn instanceof AssistantMessage ? "me" : "rules";
            turns.add(Map.of("who", who, "says", turn.text()));
        }
        Map<String, Object> body = new LinkedHashMap<>(request.extras());
        body.put("model", request.model().name());
        body.put("turns", turns);
        body.put("live", live);
        Map<String, String> headers = http.headers(Map.of(), request.call());
        return http.send(api.talk(request.call(), headers, new JsonBody(body)), request.model(), request.call());
    }
}
// end

// sample: harbour_reply
final class HarbourReply extends ChatDecoder {
    HarbourReply(Answer answer, ChatRequest request) {
        super(answer);
        for (ProviderOptions others : request.options()) {
            reply.warning(new Warning(others.provider(), "Harbour ignores the options of " + others.provider()));
        }
        if (!request.toolUse().tools().isEmpty()) {
            reply.warning(new Warning("tools", "Harbour has no tools; they were not sent"));
        }
        if (request.messages().stream()
                .anyMatch(turn -> !turn.content().stream().allMatch(ContentPart.Text.class::isInstance))) {
            reply.warning(new Warning("messages", "Harbour reads text only; the rest was not sent"));
        }
    }

    @Override
    protected void member(String name, JsonReader reader) throws IOException {
        switch (name) {
            case "id" -> reply.id(reader.nextString());
            case "model" -> reply.model(reader.nextString());
            case "says" -> reply.text(0, reader.nextString());
            case "ended" -> reply.finishReason(0, reader.nextString()); // stop or length
            case "bill" -> bill((Map<?, ?>) Objects.requireNonNull(reader.readJsonValue()));
            default -> reader.skipValue();
        }
    }

    private void bill(Map<?, ?> bill) {
        if (bill.get("in") instanceof Double in && bill.get("out") instanceof Double out) {
            Cost cost = bill.get("usd") instanceof String usd ? Cost.reported(new BigDecimal(usd)) : Cost.UNKNOWN;
            reply.usage(Usage.of(in.longValue(), out.longValue()), cost);
        }
    }
}
// end

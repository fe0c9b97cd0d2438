package dev.portolan.checks.samples;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.CallOptions;
import dev.portolan.api.RawJson;
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
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import dev.portolan.transport.retrofit.openai.WireCall;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
        ChatPort chat = RecoveringPorts.chat(
                new HarbourChat(http, http.api(HarbourChat.Api.class)), http.retries(ChatRequest::withCall));
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
record HarbourChat(HttpTransport http, Api api) implements ChatPort {
    interface Api {
        @Streaming
        @POST("talk")
        Call<ResponseBody> talk(@Tag CallOptions call, @HeaderMap Map<String, String> headers, @Body RequestBody body);
    }

    @Override
    public ChatResponse complete(ChatRequest request) {
        return send(map(request, false), request.call()).whole();
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        return send(map(request, true), request.call()).stream();
    }

    private HarbourReply send(WireCall call, CallOptions options) {
        Api there = options.baseUrl() == null ? api : http.api(Api.class, options.baseUrl());
        Call<ResponseBody> talk = there.talk(options, http.headers(Map.of(), options), new JsonBody(call.body()));
        return new HarbourReply(http.send(talk, call.model(), options), call.warnings());
    }

    private static WireCall map(ChatRequest request, boolean live) {
        WireCall call = new WireCall(request.model(), request.model().name());
        call.put("turns", request.messages().stream().map(HarbourChat::turn).toList());
        call.put("live", live);
        call.put("temperature", request.sampling().temperature());
        call.put("max_tokens", request.output().maxTokens());
        call.extras(request.extras());
        call.ignored(request.options(), null); // those of other providers; Harbour has none
        boolean onlyText = request.messages().stream()
                .allMatch(turn -> turn.content().stream().allMatch(ContentPart.Text.class::isInstance));
        ChatRequest taken = ChatRequest.builder(request.model())
                .messages(request.messages())
                .temperature(request.sampling().temperature())
                .maxTokens(request.output().maxTokens())
                .build();
        if (!onlyText || !settings(taken).equals(settings(request))) {
            call.warn("request", "Harbour takes texts, a temperature and max_tokens; the rest was not sent");
        }
        return call;
    }

    private static List<Object> settings(ChatRequest r) {
        return Arrays.asList(r.sampling(), r.output(), r.toolUse(), r.responseFormat(), r.reasoning(), r.caller());
    }

    private static Map<String, String> turn(Message turn) {
        String who = turn instanceof UserMessage ? "you" : turn instanceof AssistantMessage ? "me" : "rules";
        return Map.of("who", who, "says", turn.text());
    }
}
// end

// sample: harbour_reply
final class HarbourReply extends ChatDecoder {
    HarbourReply(Answer answer, List<Warning> warnings) {
        super(answer);
        warnings.forEach(reply::warning);
    }

    @Override
    protected void member(String name, JsonReader reader) throws IOException {
        switch (name) {
            case "id" -> reply.id(Lenient.text(reader));
            case "model" -> reply.model(Lenient.text(reader));
            case "says" -> reply.text(0, Lenient.text(reader));
            case "ended" -> reply.finishReason(0, Lenient.text(reader)); // stop or length
            case "bill" -> bill(JsonTree.members(Lenient.raw(reader)));
            default -> reader.skipValue();
        }
    }

    private void bill(Map<String, RawJson> bill) {
        Long in = JsonTree.value(bill.get("in"), Lenient::whole);
        Long out = JsonTree.value(bill.get("out"), Lenient::whole);
        BigDecimal usd = JsonTree.value(bill.get("usd"), Lenient::decimal);
        if (in != null && out != null) {
            reply.usage(Usage.of(in, out), usd == null ? Cost.UNKNOWN : Cost.reported(usd));
        }
    }
}
// end

package dev.portolan.provider.openrouter;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.CacheControl;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.Output;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolChoice;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Each field of a request, with what it puts on the wire: a row for each, and one for each of its values. */
final class WireFields {
    /**
     * One row.
     *
     * @param name of the field
     * @param set sets it
     * @param members what this adds to the body, as an object
     */
    record Row(String name, Consumer<ChatRequest.Builder> set, String members) {
        ChatRequest request() {
            ChatRequest.Builder builder = Loopback.request();
            set.accept(builder);
            return builder.build();
        }

        @Override
        public String toString() {
            return name + " → " + members;
        }
    }

    private final List<Row> rows = new ArrayList<>();

    private WireFields() {}

    static List<Row> all() {
        WireFields fields = new WireFields();
        fields.sampling();
        fields.tools();
        fields.output();
        fields.reasoning();
        fields.caller();
        fields.options();
        fields.providerPreferences();
        fields.plugins();
        fields.extras();
        return fields.rows;
    }

    private void sampling() {
        row("temperature", b -> b.temperature(0.2), "{'temperature':0.2}");
        row("temperature 0", b -> b.temperature(0.0), "{'temperature':0}");
        row("topP", b -> b.topP(0.9), "{'top_p':0.9}");
        row("topK", b -> b.topK(40), "{'top_k':40}");
        row("minP", b -> b.minP(0.05), "{'min_p':0.05}");
        row("topA", b -> b.topA(0.1), "{'top_a':0.1}");
        row("frequencyPenalty", b -> b.frequencyPenalty(-1.5), "{'frequency_penalty':-1.5}");
        row("presencePenalty", b -> b.presencePenalty(1.5), "{'presence_penalty':1.5}");
        row("repetitionPenalty", b -> b.repetitionPenalty(1.1), "{'repetition_penalty':1.1}");
        row("seed", b -> b.seed(9_007_199_254_740_993L), "{'seed':9007199254740993}");
        row("stop", b -> b.stop("END", "\n\n"), "{'stop':['END','\\n\\n']}");
        row("logitBias", b -> b.logitBias(Map.of("50256", -100.0)), "{'logit_bias':{'50256':-100}}");
    }

    private void tools() {
        RawJson schema = RawJson.parse(json("{'type':'object','properties':{'city':{'type':'string'}}}"));
        row(
                "function",
                b -> b.tool(Tool.function("get_weather", "Weather now", schema)),
                "{'tools':[{'type':'function','function':{'name':'get_weather','description':'Weather now',"
                        + "'parameters':{'type':'object','properties':{'city':{'type':'string'}}}}}]}");
        row(
                "function without anything",
                b -> b.tool(new Tool.Function("now", null, null, null, null)),
                "{'tools':[{'type':'function','function':{'name':'now'}}]}");
        row(
                "strict function",
                b -> b.tool(new Tool.Function("now", null, null, null, null).withStrict(true)),
                "{'tools':[{'type':'function','function':{'name':'now','strict':true}}]}");
        row(
                "server tool",
                b -> b.tool(Tool.server("openrouter:datetime")),
                "{'tools':[{'type':'openrouter:datetime'}]}");
        row(
                "server tool with parameters",
                b -> b.tool(Tool.server("openrouter:web_search", Map.of("max_results", 3))),
                "{'tools':[{'type':'openrouter:web_search','parameters':{'max_results':3}}]}");
        row(
                "raw tool",
                b -> b.tool(new Tool.Raw(RawJson.parse(json("{'type':'web_search','search_context_size':'low'}")))),
                "{'tools':[{'type':'web_search','search_context_size':'low'}]}");
        row("tool choice auto", b -> b.toolChoice(ToolChoice.AUTO), "{'tool_choice':'auto'}");
        row("tool choice none", b -> b.toolChoice(ToolChoice.NONE), "{'tool_choice':'none'}");
        row("tool choice required", b -> b.toolChoice(ToolChoice.REQUIRED), "{'tool_choice':'required'}");
        row(
                "tool choice function",
                b -> b.toolChoice(ToolChoice.function("now")),
                "{'tool_choice':{'type':'function','function':{'name':'now'}}}");
        row(
                "tool choice server",
                b -> b.toolChoice(new ToolChoice.Server("openrouter:datetime")),
                "{'tool_choice':{'type':'openrouter:datetime'}}");
        row(
                "tool choice raw",
                b -> b.toolChoice(new ToolChoice.Raw(RawJson.parse(json("{'type':'allowed_tools'}")))),
                "{'tool_choice':{'type':'allowed_tools'}}");
        row("parallelToolCalls", b -> b.parallelToolCalls(false), "{'parallel_tool_calls':false}");
    }

    private void output() {
        RawJson schema = RawJson.parse("{\"type\":\"object\"}");
        row("format text", b -> b.responseFormat(ResponseFormat.TEXT), "{'response_format':{'type':'text'}}");
        row(
                "format object",
                b -> b.responseFormat(ResponseFormat.JSON_OBJECT),
                "{'response_format':{'type':'json_object'}}");
        row(
                "format schema",
                b -> b.responseFormat(ResponseFormat.jsonSchema("city", schema)),
                "{'response_format':{'type':'json_schema','json_schema':"
                        + "{'name':'city','schema':{'type':'object'},'strict':true}}}");
        row(
                "format schema described",
                b -> b.responseFormat(new ResponseFormat.JsonSchema("city", "A city", null, null)),
                "{'response_format':{'type':'json_schema','json_schema':{'name':'city','description':'A city'}}}");
        row(
                "format grammar",
                b -> b.responseFormat(new ResponseFormat.Grammar("root ::= [a-z]+")),
                "{'response_format':{'type':'grammar','grammar':'root ::= [a-z]+'}}");
        row(
                "format python",
                b -> b.responseFormat(new ResponseFormat.Python()),
                "{'response_format':{'type':'python'}}");
        row(
                "format raw",
                b -> b.responseFormat(new ResponseFormat.Raw(RawJson.parse("{\"type\":\"xml\"}"))),
                "{'response_format':{'type':'xml'}}");
        row("maxCompletionTokens", b -> b.maxCompletionTokens(100), "{'max_completion_tokens':100}");
        row("maxTokens", b -> b.maxTokens(100), "{'max_tokens':100}");
        row(
                "modalities",
                b -> b.modalities(Output.Modality.TEXT, Output.Modality.IMAGE, Output.Modality.AUDIO),
                "{'modalities':['text','image','audio']}");
        row(
                "audio",
                b -> b.audio(new Output.AudioFormat("alloy", "pcm16")),
                "{'audio':{'voice':'alloy','format':'pcm16'}}");
        for (Output.Verbosity verbosity : Output.Verbosity.values()) {
            row(
                    "verbosity",
                    b -> b.verbosity(verbosity),
                    "{'verbosity':'" + verbosity.name().toLowerCase(java.util.Locale.ROOT) + "'}");
        }
        row("logprobs", b -> b.logprobs(true), "{'logprobs':true}");
        row("topLogprobs", b -> b.logprobs(true).topLogprobs(3), "{'logprobs':true,'top_logprobs':3}");
        row("prediction", b -> b.prediction("Hello"), "{'prediction':{'type':'content','content':'Hello'}}");
    }

    private void reasoning() {
        for (Reasoning.Effort effort : Reasoning.Effort.values()) {
            row(
                    "effort",
                    b -> b.reasoning(Reasoning.effort(effort)),
                    "{'reasoning':{'effort':'" + effort.name().toLowerCase(java.util.Locale.ROOT) + "'}}");
        }
        row("reasoning budget", b -> b.reasoning(Reasoning.maxTokens(2000)), "{'reasoning':{'max_tokens':2000}}");
        row("reasoning enabled", b -> b.reasoning(Reasoning.ENABLED), "{'reasoning':{'enabled':true}}");
        row(
                "reasoning excluded",
                b -> b.reasoning(Reasoning.effort(Reasoning.Effort.LOW).excluded()),
                "{'reasoning':{'effort':'low','exclude':true}}");
        row(
                "reasoning summary",
                b -> b.reasoning(Reasoning.effort(Reasoning.Effort.LOW).withSummary(Reasoning.Summary.CONCISE)),
                "{'reasoning':{'effort':'low','summary':'concise'}}");
        row(
                "reasoning context",
                b -> b.reasoning(
                        new Reasoning(null, null, null, null, null, Reasoning.Context.ALL_TURNS, Reasoning.Mode.PRO)),
                "{'reasoning':{'context':'all_turns','mode':'pro'}}");
        row(
                "reasoning context of this turn",
                b -> b.reasoning(new Reasoning(
                        null,
                        null,
                        null,
                        null,
                        Reasoning.Summary.AUTO,
                        Reasoning.Context.CURRENT_TURN,
                        Reasoning.Mode.STANDARD)),
                "{'reasoning':{'summary':'auto','context':'current_turn','mode':'standard'}}");
        row(
                "reasoning of which nothing is said",
                b -> b.reasoning(new Reasoning(null, null, null, null, null, null, null)),
                "{'reasoning':{}}");
    }

    private void caller() {
        row("endUser", b -> b.endUser("user-1"), "{'user':'user-1'}");
        row(
                "metadata",
                b -> b.metadata("order", "4711").metadata("shop", "Zürich"),
                "{'metadata':{'order':'4711','shop':'Zürich'}}");
        row("serviceTier", b -> b.serviceTier("flex"), "{'service_tier':'flex'}");
        row("promptCacheKey", b -> b.promptCacheKey("key-1"), "{'prompt_cache_key':'key-1'}");
    }

    private void options() {
        options("models", o -> o.models("a/b", "c/d"), "{'models':['a/b','c/d']}");
        options("models, none", o -> o.models(), "{'models':[]}");
        options("route", o -> o.route("fallback"), "{'route':'fallback'}");
        options("transforms", o -> o.transforms("middle-out"), "{'transforms':['middle-out']}");
        options("transforms, none", o -> o.transforms(), "{'transforms':[]}");
        options("preset", o -> o.preset("support"), "{'preset':'support'}");
        options(
                "imageConfig",
                o -> o.imageConfig("aspect_ratio", "16:9").imageConfig("strength", new BigDecimal("0.50")),
                "{'image_config':{'aspect_ratio':'16:9','strength':0.5}}");
        options("sessionId", o -> o.sessionId("session-1"), "{'session_id':'session-1'}");
        options("cacheControl", o -> o.cacheControl(CacheControl.EPHEMERAL), "{'cache_control':{'type':'ephemeral'}}");
        options(
                "cacheControl for an hour",
                o -> o.cacheControl(CacheControl.ephemeral(CacheControl.Ttl.ONE_HOUR)),
                "{'cache_control':{'type':'ephemeral','ttl':'1h'}}");
        options(
                "promptCacheOptions",
                o -> o.promptCacheOptions(PromptCacheOptions.EXPLICIT),
                "{'prompt_cache_options':{'mode':'explicit'}}");
        options(
                "promptCacheOptions for a time",
                o -> o.promptCacheOptions(new PromptCacheOptions("30m")),
                "{'prompt_cache_options':{'mode':'explicit','ttl':'30m'}}");
        options("maxToolCalls", o -> o.maxToolCalls(5), "{'max_tool_calls':5}");
        options(
                "stopServerToolsWhen",
                o -> o.stopServerToolsWhen(StopCondition.stepCount(3))
                        .stopServerToolsWhen(StopCondition.toolCalled("now"))
                        .stopServerToolsWhen(StopCondition.tokensUsed(10_000))
                        .stopServerToolsWhen(StopCondition.cost(new BigDecimal("0.05")))
                        .stopServerToolsWhen(StopCondition.finishReason("length")),
                "{'stop_server_tools_when':[{'type':'step_count_is','step_count':3},"
                        + "{'type':'has_tool_call','tool_name':'now'},"
                        + "{'type':'max_tokens_used','max_tokens':10000},"
                        + "{'type':'max_cost','max_cost_in_dollars':0.05},"
                        + "{'type':'finish_reason_is','reason':'length'}]}");
        options(
                "searchContextSize",
                o -> o.searchContextSize("low"),
                "{'web_search_options':{'search_context_size':'low'}}");
        options(
                "xSearchFilter",
                o -> o.xSearchFilter(new XSearchFilter(
                        List.of("openrouter"),
                        List.of(),
                        LocalDate.of(2026, 1, 31),
                        LocalDate.of(2026, 2, 1),
                        true,
                        false)),
                "{'x_search_filter':{'allowed_x_handles':['openrouter'],'from_date':'2026-01-31',"
                        + "'to_date':'2026-02-01','enable_image_understanding':true,"
                        + "'enable_video_understanding':false}}");
        options(
                "xSearchFilter that excludes",
                o -> o.xSearchFilter(new XSearchFilter(List.of(), List.of("spam"), null, null, null, null)),
                "{'x_search_filter':{'excluded_x_handles':['spam']}}");
        options("structuredOutputs", o -> o.structuredOutputs(true), "{'structured_outputs':true}");
        options("includeReasoning", o -> o.includeReasoning(false), "{'include_reasoning':false}");
        options("trace", o -> o.trace("trace_id", "t-1").trace("depth", 2), "{'trace':{'trace_id':'t-1','depth':2}}");
        options("debug", o -> o.debug(true), "{'debug':{'echo_upstream_body':true}}");
        options("responseCache", o -> o.responseCache(new ResponseCache(true, Duration.ofMinutes(1), true)), "{}");
        options("routerMetadata", o -> o.routerMetadata(true), "{}");
        options("categories", o -> o.categories("cli-agent"), "{}");
        options("anthropicBeta", o -> o.anthropicBeta("structured-outputs-2025-11-13"), "{}");
    }

    private void providerPreferences() {
        provider(
                "order",
                p -> p.order("openai", "google-vertex/us-east5"),
                "{'order':['openai','google-vertex/us-east5']}");
        provider("only", p -> p.only("anthropic"), "{'only':['anthropic']}");
        provider("ignore", p -> p.ignore("deepinfra/turbo"), "{'ignore':['deepinfra/turbo']}");
        provider("allowFallbacks", p -> p.allowFallbacks(false), "{'allow_fallbacks':false}");
        provider("requireParameters", p -> p.requireParameters(true), "{'require_parameters':true}");
        provider(
                "dataCollection",
                p -> p.dataCollection(ProviderPreferences.DataCollection.DENY),
                "{'data_collection':'deny'}");
        provider(
                "dataCollection allowed",
                p -> p.dataCollection(ProviderPreferences.DataCollection.ALLOW),
                "{'data_collection':'allow'}");
        provider("zdr", p -> p.zdr(true), "{'zdr':true}");
        provider("enforceDistillableText", p -> p.enforceDistillableText(true), "{'enforce_distillable_text':true}");
        provider("quantizations", p -> p.quantizations("fp8", "bf16"), "{'quantizations':['fp8','bf16']}");
        for (ProviderPreferences.Sort.By by : ProviderPreferences.Sort.By.values()) {
            provider("sort", p -> p.sort(by), "{'sort':'" + by.name().toLowerCase(java.util.Locale.ROOT) + "'}");
        }
        provider(
                "sort across models",
                p -> p.sort(new ProviderPreferences.Sort(
                        ProviderPreferences.Sort.By.THROUGHPUT, ProviderPreferences.Sort.Partition.NONE)),
                "{'sort':{'by':'throughput','partition':'none'}}");
        provider(
                "sort within models",
                p -> p.sort(new ProviderPreferences.Sort(
                        ProviderPreferences.Sort.By.PRICE, ProviderPreferences.Sort.Partition.MODEL)),
                "{'sort':{'by':'price','partition':'model'}}");
        provider(
                "preferredMinThroughput",
                p -> p.preferredMinThroughput(ProviderPreferences.Threshold.of(50)),
                "{'preferred_min_throughput':50}");
        provider(
                "preferredMaxLatency",
                p -> p.preferredMaxLatency(ProviderPreferences.Threshold.percentiles(0.5, 1.0, 2.0, 4.0)),
                "{'preferred_max_latency':{'p50':0.5,'p75':1,'p90':2,'p99':4}}");
        provider(
                "preferredMaxLatency for one percentile",
                p -> p.preferredMaxLatency(ProviderPreferences.Threshold.percentiles(null, null, 2.0, null)),
                "{'preferred_max_latency':{'p90':2}}");
        provider(
                "maxPrice",
                p -> p.maxPrice(ProviderPreferences.MaxPrice.tokens("0.50", "1.50")),
                "{'max_price':{'prompt':0.5,'completion':1.5}}");
        BigDecimal one = new BigDecimal("1.10");
        provider(
                "maxPrice of everything, as texts",
                p -> p.maxPrice(new ProviderPreferences.MaxPrice(one, one, one, one, new BigDecimal("1E-7"), true)),
                "{'max_price':{'prompt':'1.10','completion':'1.10','request':'1.10','image':'1.10',"
                        + "'audio':'0.0000001'}}");
        options(
                "provider without preferences",
                o -> o.provider(ProviderPreferences.builder().build()),
                "{'provider':{}}");
    }

    private void plugins() {
        plugin(Plugin.web(), "{'id':'web'}");
        plugin(
                Plugin.web().with("engine", "exa").with("max_results", 3),
                "{'id':'web','engine':'exa','max_results':3}");
        plugin(
                Plugin.webFetch().with("allowed_domains", List.of("example.com")),
                "{'id':'web-fetch','allowed_domains':['example.com']}");
        plugin(Plugin.fileParser("mistral-ocr"), "{'id':'file-parser','pdf':{'engine':'mistral-ocr'}}");
        plugin(Plugin.responseHealing(), "{'id':'response-healing'}");
        plugin(Plugin.contextCompression().disabled(), "{'id':'context-compression','enabled':false}");
        plugin(Plugin.moderation(), "{'id':'moderation'}");
        plugin(
                Plugin.autoRouter().with("allowed_models", List.of("openai/*")).with("cost_tier", "low"),
                "{'id':'auto-router','allowed_models':['openai/*'],'cost_tier':'low'}");
        plugin(Plugin.autoBetaRouter(), "{'id':'auto-beta-router'}");
        plugin(
                Plugin.paretoRouter(0.7, new BigDecimal("2.5")),
                "{'id':'pareto-router','min_coding_score':0.7,'max_price':2.5}");
        plugin(Plugin.paretoRouter(0.7, null), "{'id':'pareto-router','min_coding_score':0.7}");
        plugin(
                Plugin.fusion("a/b", "c/d").with("preset", "general-fast"),
                "{'id':'fusion','analysis_models':['a/b','c/d'],'preset':'general-fast'}");
        plugin(Plugin.fusion(), "{'id':'fusion'}");
        plugin(Plugin.of("new-plugin"), "{'id':'new-plugin'}");
    }

    private void extras() {
        row("extra text", b -> b.extra("raw_mode", "on"), "{'raw_mode':'on'}");
        row("extra null", b -> b.extra("safe_prompt", null), "{'safe_prompt':null}");
        row(
                "extra object",
                b -> b.extra("chat_template_kwargs", Map.of("thinking", true)),
                "{'chat_template_kwargs':{'thinking':true}}");
        row("extra shorthand", b -> b.extra("reasoning_effort", "high"), "{'reasoning_effort':'high'}");
    }

    private void options(String name, Consumer<OpenRouterOptions.Builder> set, String members) {
        OpenRouterOptions.Builder options = OpenRouterOptions.builder();
        set.accept(options);
        row(name, b -> b.options(options.build()), members);
    }

    private void provider(String name, Consumer<ProviderPreferences.Builder> set, String members) {
        ProviderPreferences.Builder preferences = ProviderPreferences.builder();
        set.accept(preferences);
        options("provider " + name, o -> o.provider(preferences.build()), "{'provider':" + members + "}");
    }

    private void plugin(Plugin plugin, String json) {
        options("plugin " + plugin.id(), o -> o.plugin(plugin), "{'plugins':[" + json + "]}");
    }

    private void row(String name, Consumer<ChatRequest.Builder> set, String members) {
        rows.add(new Row(name, set, json(members)));
    }

    /** JSON written with single quotes. */
    static String json(String text) {
        return text.replace('\'', '"');
    }

    /** The members that a row adds, and those that every request has. */
    static Map<String, Object> expected(Row row) {
        Map<String, Object> expected = new LinkedHashMap<>(Json.object(
                json("{'model':'acme/large-1','messages':[{'role':'user','content':'Hi'}],'usage':{'include':true}}")));
        expected.putAll(Json.object(row.members()));
        return expected;
    }
}

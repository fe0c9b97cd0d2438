package dev.portolan.provider.openrouter;

import static dev.portolan.provider.openrouter.WireFields.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Tool;
import dev.portolan.provider.openrouter.chat.ChatRequestMapper;
import dev.portolan.transport.retrofit.JsonBody;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request written as JSON, read and sent again, is the same request. */
class ChatRequestJsonTest {
    private static final ModelId DEFAULT = ModelId.parse("openrouter/acme/large-1");
    private static final Set<String> PROVIDERS = Set.of("openrouter", "other");
    private static final String MESSAGES = "'messages':[{'role':'user','content':'Hi'}]";

    /** Every field, each in one or more forms; none is empty, since an empty list is not told from none. */
    static final List<String> MEMBERS = List.of(
            "'temperature':0.7",
            "'temperature':0",
            "'top_p':0.9",
            "'top_k':40",
            "'min_p':0.1",
            "'top_a':0.2",
            "'frequency_penalty':0.5",
            "'presence_penalty':-0.5",
            "'repetition_penalty':1.1",
            "'seed':42",
            "'stop':['END','STOP']",
            "'logit_bias':{'50256':-100,'1':2.5}",
            "'tools':[{'type':'function','function':{'name':'f','description':'d','parameters':{'type':'object'},"
                    + "'strict':true},'cache_control':{'type':'ephemeral'}},"
                    + "{'type':'openrouter:web_search','parameters':{'max_results':3}}]",
            "'tools':[{'type':'web_search','max_results':2},{'type':'function','function':{'name':'f','new':1}}]",
            "'tool_choice':'required'",
            "'tool_choice':'whatever'",
            "'tool_choice':{'type':'function','function':{'name':'f'}}",
            "'tool_choice':{'type':'openrouter:datetime'}",
            "'tool_choice':{'type':'allowed_tools','tools':[1]}",
            "'tool_choice':{'type':'function','function':{'name':'f','new':1},'more':2}",
            "'parallel_tool_calls':false",
            "'response_format':{'type':'text'}",
            "'response_format':{'type':'json_object'}",
            "'response_format':{'type':'json_schema','json_schema':{'name':'n','description':'d',"
                    + "'schema':{'type':'object'},'strict':true}}",
            "'response_format':{'type':'json_schema','json_schema':{'name':'n','new':1}}",
            "'response_format':{'type':'grammar','grammar':'g'}",
            "'response_format':{'type':'python'}",
            "'response_format':{'type':'xml','dtd':'x'}",
            "'reasoning':{'effort':'high','exclude':true,'enabled':true,'summary':'auto','context':'all_turns',"
                    + "'mode':'pro'}",
            "'reasoning':{'max_tokens':2000}",
            "'reasoning':{'effort':'ultra','new':1}",
            "'reasoning':{}",
            "'reasoning_effort':'low'",
            "'max_completion_tokens':100",
            "'max_tokens':100",
            "'modalities':['text','image']",
            "'modalities':['text','smell']",
            "'audio':{'voice':'alloy','format':'wav'}",
            "'audio':{'voice':'alloy','format':'wav','speed':2}",
            "'verbosity':'low'",
            "'verbosity':'poetic'",
            "'logprobs':true",
            "'prediction':{'type':'content','content':'Hello'}",
            "'prediction':{'type':'content','content':[{'type':'text','text':'Hello'}]}",
            "'prediction':{'type':'other','content':'Hello'}",
            "'user':'user-1'",
            "'metadata':{'a':'b','c':'d'}",
            "'service_tier':'flex'",
            "'prompt_cache_key':'key-1'",
            "'models':['a/b','c/d']",
            "'models':[]",
            "'route':'fallback'",
            "'transforms':['middle-out']",
            "'transforms':[]",
            "'preset':'support'",
            "'provider':{'order':['a'],'only':['a','b'],'ignore':['c'],'allow_fallbacks':false,"
                    + "'require_parameters':true,'data_collection':'deny','zdr':true,'enforce_distillable_text':true,"
                    + "'quantizations':['fp8'],'sort':'price','preferred_min_throughput':20,"
                    + "'preferred_max_latency':{'p50':1,'p90':2.5},'max_price':{'prompt':1,'completion':2.50}}",
            "'provider':{'sort':{'by':'latency','partition':'none'},'max_price':{'prompt':'1.10','image':'0.0000001'}}",
            "'provider':{'sort':'vibes','order':['a']}",
            "'provider':{'sort':{'by':'price','new':1}}",
            "'provider':{'max_price':{'prompt':1,'completion':'2'}}",
            "'provider':{'only':['a'],'new':{'deep':[1.50]}}",
            "'provider':{}",
            "'plugins':[{'id':'web','max_results':3},{'id':'file-parser','pdf':{'engine':'native'}},{'id':'new'}]",
            "'image_config':{'aspect_ratio':'16:9','strength':0.5}",
            "'session_id':'session-1'",
            "'cache_control':{'type':'ephemeral'}",
            "'cache_control':{'type':'ephemeral','ttl':'1h'}",
            "'cache_control':{'type':'eternal'}",
            "'prompt_cache_options':{'mode':'explicit','ttl':'30m'}",
            "'prompt_cache_options':{'mode':'new'}",
            "'max_tool_calls':5",
            "'stop_server_tools_when':[{'type':'step_count_is','step_count':3},{'type':'new'}]",
            "'web_search_options':{'search_context_size':'low'}",
            "'web_search_options':{'search_context_size':'low','user_location':{'type':'approximate'}}",
            "'web_search_options':{}",
            "'x_search_filter':{'allowed_x_handles':['a'],'from_date':'2026-01-31','to_date':'2026-02-01',"
                    + "'enable_image_understanding':true,'enable_video_understanding':false}",
            "'structured_outputs':true",
            "'include_reasoning':false",
            "'trace':{'trace_id':'t-1','depth':2}",
            "'debug':{'echo_upstream_body':true}",
            "'debug':{'echo_upstream_body':true,'new':1}",
            "'usage':{'include':false}",
            "'n':2",
            "'raw_mode':{'deep':{'er':[1,2.50,null]}}");

    static final List<String> EVERY_MESSAGE = List.of(
            "{'role':'system','content':'Be brief.','name':'rules'}",
            "{'role':'developer','content':[{'type':'text','text':'Be exact.'},{'type':'text','text':'Be kind.'}]}",
            "{'role':'user','content':'Hi'}",
            "{'role':'user','content':'','new':{'a':1}}",
            "{'role':'user','name':'ann','content':[{'type':'text','text':'Look','cache_control':"
                    + "{'type':'ephemeral','ttl':'1h'}},"
                    + "{'type':'text','text':'cached','prompt_cache_breakpoint':{'mode':'explicit'}},"
                    + "{'type':'image_url','image_url':{'url':'https://example.com/a.png','detail':'high'}},"
                    + "{'type':'image_url','image_url':{'url':'data:image/png;base64,AQID'}},"
                    + "{'type':'image_url','image_url':{'url':'https://example.com/a.png','detail':'cubist'}},"
                    + "{'type':'input_audio','input_audio':{'data':'BAU=','format':'wav'}},"
                    + "{'type':'video_url','video_url':{'url':'https://example.com/a.mp4'}},"
                    + "{'type':'file','file':{'filename':'a.pdf','file_data':'https://example.com/a.pdf'}},"
                    + "{'type':'file','file':{'file_id':'file-1'}},"
                    + "{'type':'input_video','video_url':{'url':'https://example.com/b.mp4'}},"
                    + "{'type':'text','text':'more','new':1},"
                    + "{'type':'hologram','hologram':{'n':1.50}}]}",
            "{'role':'assistant','content':'Yes.','model':'a/b','name':'bot','refusal':'No.','reasoning':'Well …',"
                    + "'reasoning_details':[{'type':'reasoning.text','text':'Well …','signature':'s','index':0},"
                    + "{'type':'reasoning.new','x':[1]}],"
                    + "'images':[{'type':'image_url','image_url':{'url':'https://example.com/a.png'}}],"
                    + "'audio':{'id':'audio_1','data':'AQ==','transcript':'Hello','expires_at':1787303700},"
                    + "'annotations':[{'type':'url_citation','url_citation':{'url':'https://example.com'}}],"
                    + "'new':{'a':[null]}}",
            "{'role':'assistant','content':null,'tool_calls':[{'id':'c1','type':'function','function':{'name':'f',"
                    + "'arguments':'{\\\"a\\\":1}'},'extra_content':{'google':1}}]}",
            "{'role':'tool','tool_call_id':'c1','content':'Sunny','name':'f'}",
            "{'role':'tool','tool_call_id':'c1','content':[{'type':'text','text':'Sun'},{'type':'text','text':'ny'}],"
                    + "'new':true}");

    @RegisterExtension
    final Loopback server = new Loopback();

    @Test
    void a_body_with_every_field_goes_on_the_wire_as_it_was_written() {
        Map<String, String> byName = new LinkedHashMap<>();
        MEMBERS.forEach(member -> byName.putIfAbsent(name(member), member));
        String body = json("{'model':'anthropic/claude-sonnet-4.5','messages':[" + String.join(",", EVERY_MESSAGE)
                + "]," + String.join(",", byName.values()) + ",'top_logprobs':3}");

        Map<String, Object> sent =
                server.sentBody(ChatRequestJson.read(body, DEFAULT, PROVIDERS).build());

        assertThat(Json.withoutNulls(sent)).isEqualTo(expected(body));
    }

    @ParameterizedTest
    @MethodSource
    void a_member_goes_on_the_wire_as_it_was_written(String member) {
        assertSame("{'model':'anthropic/claude-sonnet-4.5'," + MESSAGES + "," + member + "}");
    }

    static List<String> a_member_goes_on_the_wire_as_it_was_written() {
        return MEMBERS;
    }

    @ParameterizedTest
    @MethodSource
    void a_message_goes_on_the_wire_as_it_was_written(String message) {
        assertSame("{'model':'anthropic/claude-sonnet-4.5','messages':[" + message + "]}");
    }

    static List<String> a_message_goes_on_the_wire_as_it_was_written() {
        return EVERY_MESSAGE;
    }

    static void assertSame(String singleQuoted) {
        String body = json(singleQuoted);
        ChatRequest request = ChatRequestJson.read(body, DEFAULT, PROVIDERS).build();
        String sent = new JsonBody(ChatRequestMapper.map(request, false).body()).text();
        assertThat(Json.withoutNulls(Json.value(sent))).isEqualTo(expected(body));
    }

    /** The body, the usage that is asked for beside it, and the default model. A null means that nothing is set. */
    private static Object expected(String body) {
        Map<String, Object> expected = new LinkedHashMap<>(Json.object(body));
        expected.putIfAbsent("usage", Map.of("include", true));
        expected.putIfAbsent("model", "acme/large-1");
        return Json.withoutNulls(expected);
    }

    static String name(String member) {
        return member.substring(1, member.indexOf("':"));
    }

    @ParameterizedTest
    @CsvSource({
        "openrouter/google/gemini-2.5-flash, openrouter/google/gemini-2.5-flash",
        "google/gemini-2.5-flash, openrouter/google/gemini-2.5-flash",
        "other/model, other/model",
        "openrouter/auto, openrouter/auto",
        "openrouter/openrouter/auto, openrouter/openrouter/auto",
        "auto, openrouter/auto",
        "@preset/support, openrouter/@preset/support",
        "~anthropic/claude-latest, openrouter/~anthropic/claude-latest",
        "other/, openrouter/other/",
    })
    void a_model_that_names_no_provider_is_one_of_openrouters(String written, String expected) {
        ChatRequest request = ChatRequestJson.read(
                        json("{'model':'" + written + "'," + MESSAGES + "}"), DEFAULT, PROVIDERS)
                .build();

        assertThat(request.model()).hasToString(expected);
    }

    @Test
    void a_list_of_one_plain_text_is_sent_as_the_text() {
        ChatRequest request = read("{'messages':[{'role':'user','content':[{'type':'text','text':'Hi'}]}]}");

        assertThat(server.sentBody(request).get("messages"))
                .isEqualTo(Json.value(json("[{'role':'user','content':'Hi'}]")));
    }

    @Test
    void without_a_model_the_default_is_asked() {
        assertThat(read("{" + MESSAGES + "}").model()).isEqualTo(DEFAULT);
        assertThat(read("{'model':null," + MESSAGES + "}").model()).isEqualTo(DEFAULT);
    }

    @Test
    void what_has_no_field_is_kept_where_it_stood() {
        ChatRequest request = read("{'messages':[{'role':'user','content':[{'type':'new','a':1.50}],'mood':'good'}],"
                + "'tools':[{'type':'function','function':{'name':'f'},'new':1}],"
                + "'provider':{'only':['a'],'new':1},'brand_new':{'x':[1.50]}}");

        assertThat(request.extras())
                .containsEntry("brand_new", RawJson.parse(json("{'x':[1.50]}")))
                .containsEntry("provider", RawJson.parse(json("{'only':['a'],'new':1}")));
        assertThat(request.messages().get(0).extras()).containsEntry("mood", RawJson.of("good"));
        assertThat(request.messages().get(0).content())
                .containsExactly(new ContentPart.Raw(RawJson.parse(json("{'type':'new','a':1.50}"))));
        assertThat(request.toolUse().tools())
                .containsExactly(
                        new Tool.Raw(RawJson.parse(json("{'type':'function','function':{'name':'f'},'new':1}"))));
        assertThat(request.options()).isEmpty();
    }

    @Test
    void null_means_not_set_wherever_it_stands() {
        ChatRequest request = read("{'messages':[{'role':'user','content':'Hi','name':null,'new':null}],"
                + "'temperature':null,'tools':null,'tool_choice':null,'stop':null,'provider':null,'models':null,"
                + "'transforms':null,'reasoning':null,'plugins':null,'metadata':null,'response_format':null,"
                + "'new':null}");

        assertThat(request).isEqualTo(Loopback.request().build());
    }

    @Test
    void whether_to_stream_is_left_to_the_caller() {
        assertThat(read("{'stream':true," + MESSAGES + "}").extras()).isEmpty();
        assertThat(ChatRequestJson.asksForStream(json("{'stream':true," + MESSAGES + "}")))
                .isTrue();
        assertThat(ChatRequestJson.asksForStream(json("{'stream':false}"))).isFalse();
        assertThat(ChatRequestJson.asksForStream(json("{'stream':null}"))).isFalse();
        assertThat(ChatRequestJson.asksForStream(json("{" + MESSAGES + "}"))).isFalse();
        assertThatThrownBy(() -> ChatRequestJson.asksForStream(json("{'stream':'yes'}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stream");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    'temperature':'warm'                                                 | temperature must be a number
                    'top_k':1.5                                                          | top_k
                    'top_k':99999999999                                                  | top_k
                    'temperature':3                                                      | temperature
                    'parallel_tool_calls':'yes'                                          | parallel_tool_calls must be true or false
                    'stop':7                                                             | stop must be an array
                    'stop':[7]                                                           | stop[0] must be a string
                    'logit_bias':[1]                                                     | logit_bias must be an object
                    'tools':{}                                                           | tools must be an array
                    'tools':[7]                                                          | tools[0] must be an object
                    'tools':[{'type':'function'}]                                        | tools[0].function is missing
                    'tools':[{'type':'function','function':{}}]                          | tools[0].function.name is missing
                    'tools':[{}]                                                         | tools[0].type is missing
                    'tool_choice':7                                                      | tool_choice must be an object
                    'response_format':'json'                                             | response_format must be an object
                    'response_format':{'type':'json_schema'}                             | response_format.json_schema is missing
                    'reasoning':{'max_tokens':'many'}                                    | reasoning.max_tokens must be a number
                    'reasoning':'high'                                                   | reasoning must be an object
                    'modalities':'text'                                                  | modalities must be an array
                    'metadata':{'a':1}                                                   | metadata
                    'provider':'openai'                                                  | provider must be an object
                    'provider':{'order':'openai'}                                        | provider.order must be an array
                    'provider':{'zdr':1}                                                 | provider.zdr must be true or false
                    'models':'a/b'                                                       | models must be an array
                    'plugins':[{'enabled':true}]                                         | id is missing
                    'x_search_filter':{'from_date':'yesterday'}                          | x_search_filter.from_date must be a date
                    'max_tool_calls':'few'                                               | max_tool_calls must be a number
                    'session_id':7                                                       | session_id must be a string
                    'model':7                                                            | model must be a string
                    """)
    void a_wrong_type_is_an_error_that_names_the_place(String member, String message) {
        assertThatThrownBy(() -> read("{" + MESSAGES + "," + member.strip() + "}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    7                                                                    | messages[0] must be an object
                    {}                                                                   | messages[0].role is missing
                    {'role':'king','content':'x'}                                        | messages[0]: role must be
                    {'role':'user'}                                                      | messages[0]
                    {'role':'user','content':7}                                          | messages[0].content must be an array
                    {'role':'user','content':[7]}                                        | messages[0].content[0] must be an object
                    {'role':'user','content':[{'type':'text'}]}                          | messages[0].content[0].text is missing
                    {'role':'user','content':[{'type':'image_url'}]}                     | messages[0].content[0].image_url is missing
                    {'role':'user','content':[{'type':'image_url','image_url':'x'}]}     | messages[0].content[0].image_url must be an object
                    {'role':'user','content':[{'type':'input_audio','input_audio':{'data':'?','format':'wav'}}]} | messages[0].content[0].input_audio.data is not Base64
                    {'role':'tool','content':'x'}                                        | messages[0].tool_call_id is missing
                    {'role':'assistant','tool_calls':[{'id':'c'}]}                       | messages[0].tool_calls[0]
                    {'role':'assistant','tool_calls':[{'function':{'name':'f'}}]}        | messages[0].tool_calls[0].id is missing
                    {'role':'assistant','images':[{}]}                                   | messages[0].images[0].image_url is missing
                    """)
    void a_wrong_message_is_an_error_that_names_the_place(String message, String problem) {
        assertThatThrownBy(() -> read("{'messages':[" + message.strip() + "]}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "null", "{", "{}", "{'messages':7}", "{'messages':[]}", "{'messages':null}"})
    void what_is_not_a_request_is_an_error(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void errors_do_not_quote_the_conversation() {
        assertThatThrownBy(() -> read("{'messages':[{'role':'user','content':{'secret':'my password'}}]}"))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain("password"));
    }

    private static ChatRequest read(String singleQuoted) {
        return ChatRequestJson.read(json(singleQuoted), DEFAULT, PROVIDERS).build();
    }
}

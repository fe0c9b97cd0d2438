package dev.portolan.transport.retrofit.openai;

import com.squareup.moshi.JsonReader;
import java.util.List;
import java.util.stream.Stream;

/**
 * The names of members that a provider reads itself. They are looked up together with those that all have, so that it
 * costs a chunk nothing. Make it once; immutable.
 */
public final class OwnMembers {
    /** The provider reads nothing by itself: all that has no field is kept as an extra. */
    public static final OwnMembers NONE = new OwnMembers(List.of(), List.of());

    private final JsonReader.Options replyNames;
    private final JsonReader.Options choiceNames;

    /**
     * The names.
     *
     * @param ofReply of members of the reply itself, or of a chunk
     * @param ofChoice of members of an answer, beside its {@code message} or {@code delta}
     */
    public OwnMembers(List<String> ofReply, List<String> ofChoice) {
        this.replyNames = names(ChatReplyDecoder.NAMES, ofReply);
        this.choiceNames = names(ChatReplyDecoder.CHOICE_NAMES, ofChoice);
    }

    JsonReader.Options ofReply() {
        return replyNames;
    }

    JsonReader.Options ofChoice() {
        return choiceNames;
    }

    private static JsonReader.Options names(List<String> common, List<String> own) {
        return JsonReader.Options.of(
                Stream.concat(common.stream(), own.stream()).toArray(String[]::new));
    }
}

package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Annotation;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import java.util.Map;

/** Reads annotations (OpenRouter reference: chat-completions §2.5). They go back on the wire as they came. */
public final class AnnotationJson {
    private AnnotationJson() {}

    /** Reads one; what is of no known shape is kept raw. */
    public static Annotation read(RawJson json) {
        Map<String, RawJson> members = JsonTree.members(json);
        Map<String, RawJson> citation = JsonTree.members(members.get("url_citation"));
        String url = JsonTree.text(citation.get("url"));
        if (url != null) {
            return new Annotation.UrlCitation(
                    url,
                    JsonTree.text(citation.get("title")),
                    JsonTree.text(citation.get("content")),
                    JsonTree.value(citation.get("start_index"), Lenient::smallWhole),
                    JsonTree.value(citation.get("end_index"), Lenient::smallWhole),
                    json);
        }
        Map<String, RawJson> file = JsonTree.members(members.get("file"));
        String hash = JsonTree.text(file.get("hash"));
        return hash != null
                ? new Annotation.ParsedFile(hash, JsonTree.text(file.get("name")), json)
                : new Annotation.Raw(json);
    }
}

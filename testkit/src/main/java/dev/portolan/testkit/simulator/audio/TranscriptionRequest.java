package dev.portolan.testkit.simulator.audio;

import dev.portolan.testkit.simulator.http.ApiError;
import dev.portolan.testkit.simulator.http.FieldCheck;
import dev.portolan.testkit.simulator.http.MultipartForm;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.routing.ProviderRules;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A request that kept the rules, whether it came as JSON or as a form.
 *
 * @param body its fields; those of a form with the names that JSON has for them
 */
record TranscriptionRequest(JsonObject body, Recording recording) {
    private static final int LONGEST_UPLOAD = 25 * 1024 * 1024;
    private static final String GRANULARITIES = "timestamp_granularities";

    static TranscriptionRequest parse(ReceivedRequest request) {
        String contentType = request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        return contentType.startsWith("multipart/form-data") ? ofForm(request) : ofJson(request.json());
    }

    private static TranscriptionRequest ofJson(JsonObject body) {
        FieldCheck fields = check(body);
        FieldCheck audio = fields.requiredChild("input_audio");
        String data = audio.requiredText("data");
        String format = audio.requiredText("format");
        if (data.startsWith("data:")) {
            throw audio.error("data", "Expected base64 without a data URI");
        }
        ByteString bytes = ByteString.decodeBase64(data);
        if (bytes == null || bytes.size() == 0) {
            throw audio.error("data", "Expected base64");
        }
        return new TranscriptionRequest(body, new Recording(bytes, format));
    }

    private static TranscriptionRequest ofForm(ReceivedRequest request) {
        MultipartForm form = MultipartForm.of(request);
        MultipartForm.Part file = form.part("file");
        if (file == null) {
            throw ApiError.invalidRequest("file: Required");
        }
        if (file.bytes().size() > LONGEST_UPLOAD) {
            throw ApiError.classic(413, "Request payload too large", "payload_too_large");
        }
        JsonObject body = new JsonObject();
        for (String name : List.of("model", "language", "response_format")) {
            body.putIfPresent(name, form.text(name));
        }
        body.putIfPresent("temperature", number(form.text("temperature")));
        List<String> granularities = form.texts(GRANULARITIES + "[]");
        if (!granularities.isEmpty()) {
            body.put(GRANULARITIES, JsonArray.of(granularities));
        }
        check(body);
        return new TranscriptionRequest(body, new Recording(file.bytes(), format(file)));
    }

    private static @Nullable BigDecimal number(@Nullable String text) {
        try {
            return text == null ? null : new BigDecimal(text.strip());
        } catch (NumberFormatException wrong) {
            throw ApiError.invalidRequest("temperature: Expected number, received '" + text + "'");
        }
    }

    private static String format(MultipartForm.Part file) {
        String name = file.filename();
        if (name.contains(".")) {
            return name.substring(name.lastIndexOf('.') + 1);
        }
        if (file.contentType().startsWith("audio/")) {
            return file.contentType().substring("audio/".length());
        }
        throw ApiError.invalidRequest("file: The audio format is told neither by the filename nor by the content type");
    }

    private static FieldCheck check(JsonObject body) {
        FieldCheck fields = new FieldCheck("", body, Set.of());
        fields.requiredText("model");
        fields.string("language");
        fields.number("temperature", 0, 1);
        fields.oneOf("response_format", List.of("json", "verbose_json"));
        fields.stringsOf(GRANULARITIES, List.of("word", "segment"));
        ProviderRules.checkOptionsOnly(fields);
        return fields;
    }

    boolean verbose() {
        return body.string("response_format", "json").equals("verbose_json");
    }

    boolean wants(String granularity) {
        return body.array(GRANULARITIES).strings().contains(granularity);
    }
}

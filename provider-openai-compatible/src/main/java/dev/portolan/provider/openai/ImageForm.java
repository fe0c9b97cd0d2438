package dev.portolan.provider.openai;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Media;
import dev.portolan.transport.retrofit.json.JsonTree;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * A request with images as a form: a part for each member, and one for each image. It is one-shot, like all bodies: the
 * client underneath may not send it twice by itself, because the second answer would be charged too.
 */
final class ImageForm {
    private ImageForm() {}

    /**
     * The form.
     *
     * @throws IllegalArgumentException if an image is not given by its bytes
     */
    static RequestBody of(Map<String, Object> fields, List<Media> images) {
        MultipartBody.Builder form = new MultipartBody.Builder().setType(MultipartBody.FORM);
        fields.forEach((name, value) -> form.addFormDataPart(name, text(value)));
        String name = images.size() == 1 ? "image" : "image[]";
        for (Media image : images) {
            Media.Bytes bytes = bytes(image);
            form.addFormDataPart(name, "image." + extension(bytes.mediaType()), new Once(bytes));
        }
        return form.build();
    }

    private static String text(Object value) {
        if (value instanceof RawJson json) {
            String text = JsonTree.text(json);
            return text == null ? json.text() : text;
        }
        return String.valueOf(value);
    }

    private static Media.Bytes bytes(Media image) {
        if (image instanceof Media.Bytes bytes) {
            return bytes;
        }
        String url = ((Media.Url) image).url();
        int comma = url.indexOf(";base64,");
        if (!url.startsWith("data:") || comma < 0) {
            throw new IllegalArgumentException(
                    "An image to start from must be given by its bytes: this API takes no addresses, found " + image);
        }
        return new Media.Bytes(
                Base64.getDecoder().decode(url.substring(comma + ";base64,".length())),
                url.substring("data:".length(), comma));
    }

    private static String extension(String mediaType) {
        int slash = mediaType.indexOf('/');
        return mediaType.startsWith("image/") ? mediaType.substring(slash + 1).replaceAll("[^a-z0-9].*", "") : "png";
    }

    private static final class Once extends RequestBody {
        private final Media.Bytes image;

        Once(Media.Bytes image) {
            this.image = image;
        }

        @Override
        public @Nullable MediaType contentType() {
            return MediaType.parse(image.mediaType());
        }

        @Override
        public long contentLength() {
            return image.size();
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.write(image.data());
        }
    }
}

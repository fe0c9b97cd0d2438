package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.picture.AspectRatio;
import dev.portolan.testkit.simulator.picture.Picture;
import dev.portolan.testkit.simulator.picture.PixelSize;
import dev.portolan.testkit.simulator.picture.ResolutionTier;
import java.util.Objects;

/**
 * The picture that an image model paints into a reply, in the size that {@code image_config} asks for (OpenRouter
 * reference: images §3).
 *
 * @param url its data URL
 */
record ChatPicture(String url, int tokens) {
    static ChatPicture of(ChatCall call) {
        JsonObject config = Objects.requireNonNullElseGet(call.body().object("image_config"), JsonObject::new);
        PixelSize size = PixelSize.of(ratio(config.string("aspect_ratio", "")), tier(config.string("image_size", "")));
        String key = String.valueOf(call.body().get("seed"));
        return new ChatPicture(Picture.dataUrl(new Picture(call.userText(), key, size, false).png()), size.tokens());
    }

    /** Providers clamp what they do not know. */
    private static AspectRatio ratio(String name) {
        AspectRatio ratio = AspectRatio.named(name);
        return ratio == null ? AspectRatio.SQUARE : ratio;
    }

    private static ResolutionTier tier(String title) {
        ResolutionTier tier = ResolutionTier.titled(title.equals("0.5K") ? "512" : title);
        return tier == null ? ResolutionTier.ONE : tier;
    }
}

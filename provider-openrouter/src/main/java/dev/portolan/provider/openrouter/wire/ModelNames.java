package dev.portolan.provider.openrouter.wire;

import dev.portolan.api.ModelId;
import dev.portolan.transport.retrofit.openai.WireCall;

/** OpenRouter's own names of models. */
public final class ModelNames {
    private ModelNames() {}

    /** A name without a slash is one of OpenRouter's own routers: {@code openrouter/auto} means just that. */
    public static String onWire(ModelId model) {
        return model.name().indexOf('/') < 0 ? "openrouter/" + model.name() : model.name();
    }

    /** A request to this model. */
    public static WireCall callOf(ModelId model) {
        return new WireCall(model, onWire(model));
    }
}

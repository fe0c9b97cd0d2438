package dev.portolan.testkit.simulator.catalog;

import dev.portolan.testkit.simulator.SimulatedModel;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** A model of the catalogue, with what the endpoints ask of it. */
public record ServedModel(SimulatedModel model, Instant created) {
    public String id() {
        return model.id();
    }

    public String author() {
        return id().substring(0, id().indexOf('/'));
    }

    public String slug() {
        return id().substring(id().indexOf('/') + 1);
    }

    /** The display name of its one provider. */
    public String provider() {
        return model.provider();
    }

    public String providerSlug() {
        return model.providerSlug();
    }

    /** What it can do on the image endpoint, if it writes images. */
    public ImageAbility images() {
        return ImageAbility.of(author(), slug());
    }

    String name() {
        return model.name();
    }

    List<String> inputModalities() {
        return model.inputModalities();
    }

    Set<String> supportedParameters() {
        return model.supportedParameters();
    }

    public SimulatedModel.Pricing pricing() {
        return model.pricing();
    }

    public int contextLength() {
        return model.contextLength();
    }

    public int embeddingDimensions() {
        return model.embeddingDimensions();
    }

    public SimulatedModel.Reasoning reasoning() {
        return model.reasoning();
    }

    public boolean supports(String parameter) {
        return model.supportedParameters().contains(parameter);
    }

    public boolean reads(String modality) {
        return model.inputModalities().contains(modality);
    }

    public boolean writes(String modality) {
        return outputModalities().contains(modality);
    }

    public List<String> outputModalities() {
        return model.outputModalities();
    }
}

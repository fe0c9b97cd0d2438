package dev.portolan.api.spi;

import dev.portolan.api.Settings;
import java.util.List;

/**
 * Finds providers that the settings name, for a kind of provider of which there may be several, under names of the user's
 * choice. Found by {@link java.util.ServiceLoader}: put an implementation with a public constructor without parameters on the
 * class path, with its name in {@code META-INF/services/dev.portolan.api.spi.ProviderSource} (and
 * {@code provides … with …} in a module).
 */
public interface ProviderSource {
    /**
     * The providers that the settings name. Asked whenever a {@link dev.portolan.api.Portolan} is made, so it should only look
     * at the names of settings and leave the rest to {@link ProviderFactory#create}. A provider that is given in code is taken in
     * place of one of its name found here. The text of each factory tells which setting named it, for messages.
     *
     * @throws dev.portolan.api.error.ConfigurationException if the name of a setting cannot be understood; the message has it
     */
    List<ProviderFactory> find(Settings settings);

    /**
     * How there would be a provider of a name, for the message that there is none.
     *
     * @param name what was asked for, a valid name of a provider
     * @return a sentence, such as {@code For a server of yours, set PORTOLAN_VLLM_BASE_URL to its address.}
     */
    String howToAdd(String name);
}

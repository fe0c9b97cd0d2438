package dev.portolan.provider.openrouter.account;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provider that OpenRouter routes to (OpenRouter reference: catalogue-and-account §3).
 *
 * @param name for people
 * @param slug the word by which routing preferences name it
 * @param privacyPolicyUrl where its privacy policy is; {@code null} if not told
 * @param termsOfServiceUrl where its terms are; {@code null} if not told
 * @param statusPageUrl where its state can be seen; {@code null} if not told
 * @param headquarters its country, as an ISO code; {@code null} if not told
 * @param datacenters the countries of its data centres, as ISO codes; empty if not told
 */
public record UpstreamProvider(
        String name,
        String slug,
        @Nullable String privacyPolicyUrl,
        @Nullable String termsOfServiceUrl,
        @Nullable String statusPageUrl,
        @Nullable String headquarters,
        List<String> datacenters) {
    /** Copies the list. */
    public UpstreamProvider {
        datacenters = List.copyOf(datacenters);
    }
}

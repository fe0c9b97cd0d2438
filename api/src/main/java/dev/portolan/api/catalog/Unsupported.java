package dev.portolan.api.catalog;

/** What happens to a request that asks for more than its model can do, as far as the catalogue tells. */
public enum Unsupported {
    /** It is sent as it is, with a warning. OpenRouter ignores parameters that a model lacks. */
    WARN,
    /** It is refused before anything is sent. */
    FAIL,
    /** Parameters that the model lacks are left out, with a warning for each. */
    DROP
}

/** Testing tools for code that calls language models: fakes of the ports, assertions, and an OpenRouter simulator. */
module dev.portolan.testkit {
    requires static transitive org.jspecify;
    requires transitive dev.portolan.api;
    requires com.squareup.moshi;
    requires java.logging;
    requires mockwebserver3;
    requires okhttp3;
    requires okio;

    // For the package `assertion` alone. Not transitive: who uses it requires it, and nobody else needs to have it.
    requires static org.assertj.core;

    exports dev.portolan.testkit.assertion;
    exports dev.portolan.testkit.fake;
    exports dev.portolan.testkit.simulator;
}

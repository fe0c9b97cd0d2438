/**
 * Testing tools for code that calls language models: fakes of the ports, assertions, an OpenRouter simulator, and cassettes of
 * real traffic.
 */
module dev.portolan.testkit {
    requires transitive dev.portolan.api;
    requires static transitive org.assertj.core;
    requires static transitive org.jspecify;
    requires com.squareup.moshi;
    requires java.logging;
    requires mockwebserver3;
    requires okhttp3;
    requires okio;

    exports dev.portolan.testkit.assertion;
    exports dev.portolan.testkit.cassette;
    exports dev.portolan.testkit.fake;
    exports dev.portolan.testkit.simulator;
}

/**
 * Testing tools for code that calls language models: fakes of the ports, assertions, an OpenRouter simulator, cassettes of real
 * traffic, contracts of the ports, and a JUnit extension.
 */
module dev.portolan.testkit {
    requires static transitive org.jspecify;
    requires transitive dev.portolan.api;
    requires com.squareup.moshi;
    requires java.logging;
    requires mockwebserver3;
    requires okhttp3;
    requires okio;

    // For the packages `assertion`, `contract` and `junit` alone. Not transitive: who uses one requires what it needs.
    requires static org.assertj.core;
    requires static org.junit.jupiter.api;

    exports dev.portolan.testkit.assertion;
    exports dev.portolan.testkit.cassette;
    exports dev.portolan.testkit.contract;
    exports dev.portolan.testkit.fake;
    exports dev.portolan.testkit.junit;
    exports dev.portolan.testkit.simulator;
}

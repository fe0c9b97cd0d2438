/** Testing tools for code that calls language models: so far the OpenRouter simulator. */
module dev.portolan.testkit {
    requires static transitive org.jspecify;
    requires com.squareup.moshi;
    requires java.logging;
    requires mockwebserver3;
    requires okhttp3;
    requires okio;

    exports dev.portolan.testkit.simulator;
}

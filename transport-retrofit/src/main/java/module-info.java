/** HTTP for any provider: client, JSON bodies, server-sent events, and the decoding of errors wherever they hide. */
module dev.portolan.transport.retrofit {
    requires static transitive org.jspecify;
    requires dev.failsafe.core;
    requires transitive dev.portolan.api;
    requires transitive com.squareup.moshi;
    requires transitive okhttp3;
    requires transitive okio;
    requires transitive retrofit2;

    exports dev.portolan.transport.retrofit;
    exports dev.portolan.transport.retrofit.json;
    exports dev.portolan.transport.retrofit.openai;
}

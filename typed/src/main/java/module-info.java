/** Records in and out: JSON schemas of records, structured output, typed tools and the tool loop. */
module dev.portolan.typed {
    requires static transitive org.jspecify;
    requires com.squareup.moshi;
    requires transitive dev.portolan.api;
    requires okio;

    exports dev.portolan.typed;
}

package dev.portolan.testkit.cassette;

/** A request and its answer. */
record Interaction(RecordedRequest request, RecordedAnswer answer) {}

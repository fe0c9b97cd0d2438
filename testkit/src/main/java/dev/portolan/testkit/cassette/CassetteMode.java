package dev.portolan.testkit.cassette;

/** Whether a cassette asks the provider or answers from its file. */
public enum CassetteMode {
    /** Asks the provider, and writes the file anew when the cassette is closed. */
    RECORD,
    /** Answers from the file and never touches the network. A file that is missing is an error. */
    REPLAY,
    /** Replays if the file is there, else records; on CI, where {@code CI} is set, always replays. */
    AUTO
}

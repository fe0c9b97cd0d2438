package dev.portolan.cost;

/** What can be wrong with a database, and what its user can do about it. */
enum Trouble {
    /** Nobody logs in like this. */
    LOGIN("Correct " + LedgerFactory.USER + " and " + LedgerFactory.PASSWORD),

    /** There is no such database, or the user may not use it. */
    NO_DATABASE("Create the database and grant the user its schema, or correct " + LedgerFactory.URL),

    /** The file is of something else. */
    NO_LEDGER("Let " + LedgerFactory.URL + " name another file; this one was not changed"),

    /** It can be reached, and does not take what it was given. */
    RECORD("The database can be reached, and refuses just this"),

    /** Somebody else has it for longer than patience. */
    LOCKED("Find out what holds it locked, and let that end"),

    /** There is no room. */
    FULL("Make room on its disk"),

    /** It may be read only. */
    READ_ONLY("Let its user write to it, with SQLite to its folder and the files -wal and -shm too, or let "
            + LedgerFactory.URL + " name one that takes writes"),

    /** Some of it cannot be read. */
    DAMAGED("Restore it from a copy, or move it away"),

    /** Anything else, such as a server that cannot be reached. */
    DOWN("Make sure that the database can be reached and written to, and has room");

    private final String remedy;

    Trouble(String remedy) {
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }

    /** Whether it lasts until a setting is corrected. */
    boolean isOfTheSettings() {
        return this == LOGIN || this == NO_DATABASE || this == NO_LEDGER;
    }
}

package dev.portolan.cli;

/** One bar on standard error that grows in its place, and is wiped out at the end. Only a terminal gets it. Thread-safe. */
final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 30;

    private final Terminal terminal;
    private final String what;
    private final long all;
    private final boolean shown;
    private long done;
    private String line = "";

    /**
     * A bar at its beginning.
     *
     * @param what what is counted, such as {@code texts}
     * @param all how many there are
     * @param wanted whether there is enough to do for a bar
     */
    ProgressBar(Terminal terminal, String what, long all, boolean wanted) {
        this.terminal = terminal;
        this.what = what;
        this.all = all;
        this.shown = wanted && terminal.isInteractive(Terminal.Stream.ERR);
        draw();
    }

    /** So many more are done. */
    synchronized void add(long count) {
        done += count;
        draw();
    }

    private void draw() {
        int filled = (int) (done * WIDTH / all);
        show("█".repeat(filled) + "░".repeat(WIDTH - filled) + " " + done + " of " + all + " " + what);
    }

    private void show(String newLine) {
        if (shown) {
            terminal.err("\r" + newLine + " ".repeat(Math.max(0, line.length() - newLine.length())), false);
            line = newLine;
        }
    }

    @Override
    public synchronized void close() {
        if (shown && !line.isEmpty()) {
            terminal.err("\r" + " ".repeat(line.length()) + "\r", false);
            line = "";
        }
    }
}

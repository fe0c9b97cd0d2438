package dev.portolan.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this program, which Maven leaves in its jar, and of the Java that runs it. */
final class Version implements IVersionProvider {
    private static final String LEFT_BY_MAVEN = "/META-INF/maven/dev.portolan/portolan-cli/pom.properties";

    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream(LEFT_BY_MAVEN)) {
            if (in != null) {
                properties.load(in);
            }
        }
        return new String[] {
            "portolan " + properties.getProperty("version", "(development)") + " (Java " + Runtime.version() + ")"
        };
    }
}

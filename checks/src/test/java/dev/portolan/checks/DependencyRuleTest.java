package dev.portolan.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arrows point to the API only: provider → transport → api, testkit → api. */
class DependencyRuleTest {
    private static JavaClasses all;

    @BeforeAll
    static void read_the_classes() {
        all = BuildModule.allClasses();
    }

    @ParameterizedTest
    @EnumSource
    void a_module_touches_only_what_its_line_allows(BuildModule module) {
        classes()
                .that()
                .resideInAPackage(module.rootPackage() + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(module.mayTouch())
                .check(all);
    }

    @Test
    void the_api_knows_no_http_json_di_or_database_type() {
        noClasses()
                .that()
                .resideInAPackage("dev.portolan.api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net.http..",
                        "java.sql..",
                        "javax..",
                        "jakarta..",
                        "com.sun..",
                        "okhttp3..",
                        "retrofit2..",
                        "com.squareup..",
                        "com.fasterxml..",
                        "com.google..",
                        "org.jdbi..")
                .check(all);
    }

    @Test
    void the_testkit_knows_neither_a_provider_nor_the_transport() {
        noClasses()
                .that()
                .resideInAPackage("dev.portolan.testkit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.portolan.provider..", "dev.portolan.transport..")
                .check(all);
    }

    @Test
    void the_transport_knows_no_provider() {
        noClasses()
                .that()
                .resideInAPackage("dev.portolan.transport..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.portolan.provider..")
                .check(all);
    }

    @Test
    void only_the_guice_wiring_and_the_cli_touch_guice() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.portolan.wiring.guice..", "dev.portolan.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.inject..")
                .check(all);
    }

    /** Both are optional: without them everything else must load. */
    @Test
    void only_the_signals_of_cost_tracking_touch_micrometer_and_opentelemetry() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.portolan.cost.signal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.opentelemetry..", "dev.portolan.cost.signal..")
                .check(all);
    }

    @Test
    void only_the_cli_touches_picocli() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.portolan.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(all);
    }

    @Test
    void nobody_knows_the_cli() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.portolan.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.portolan.cli..")
                .check(all);
    }
}

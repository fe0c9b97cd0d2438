package dev.portolan.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What makes a module of the build a good Java module, so that users may put it on the class path or the module path. */
class BuildModulesTest {
    private static final Set<String> NOT_PUBLISHED = Set.of("checks", "benchmarks");

    @Test
    void every_module_of_the_build_is_checked() throws IOException {
        List<String> published = elements("pom.xml", "module").stream()
                .filter(folder -> !NOT_PUBLISHED.contains(folder) && !folder.equals("bom"))
                .toList();

        assertThat(Arrays.stream(BuildModule.values()).map(BuildModule::folder))
                .containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void the_bom_names_every_published_module() throws IOException {
        assertThat(elements("bom/pom.xml", "artifactId"))
                .containsAll(Arrays.stream(BuildModule.values())
                        .map(BuildModule::artifact)
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void a_module_has_classes_and_all_of_them_are_in_its_root_package_or_below(BuildModule module) {
        assertThat(module.classes())
                .extracting(JavaClass::getPackageName)
                .isNotEmpty()
                .allMatch(name -> (name + ".").startsWith(module.rootPackage() + "."));
    }

    @ParameterizedTest
    @EnumSource
    void a_published_module_has_a_module_info_named_as_its_root_package(BuildModule module) {
        assertThat(module.descriptor().name()).isEqualTo(module.rootPackage());
        assertThat(module.descriptor().isAutomatic()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void no_internal_package_is_exported_to_everyone(BuildModule module) {
        assertThat(module.descriptor().exports())
                .filteredOn(exports -> !exports.isQualified())
                .extracting(ModuleDescriptor.Exports::source)
                .noneMatch(name -> (name + ".").contains(".internal."));
    }

    @ParameterizedTest
    @EnumSource
    void what_a_module_provides_is_the_same_on_the_class_path_and_on_the_module_path(BuildModule module)
            throws IOException {
        Map<String, Set<String>> onTheModulePath = new TreeMap<>();
        for (ModuleDescriptor.Provides provides : module.descriptor().provides()) {
            onTheModulePath.put(provides.service(), new HashSet<>(provides.providers()));
        }

        assertThat(servicesOnTheClassPath(module)).isEqualTo(onTheModulePath);
    }

    @Test
    void no_package_is_split_between_two_modules() {
        Map<String, BuildModule> owners = new TreeMap<>();
        for (BuildModule module : BuildModule.values()) {
            for (String name : module.packages()) {
                BuildModule other = owners.put(name, module);
                assertThat(other)
                        .as("the other module with classes in %s, besides %s", name, module)
                        .isNull();
            }
        }
        assertThat(owners).isNotEmpty();
    }

    private static Map<String, Set<String>> servicesOnTheClassPath(BuildModule module) throws IOException {
        Map<String, Set<String>> services = new TreeMap<>();
        Path folder = module.classesFolder().resolve(Path.of("META-INF", "services"));
        if (Files.isDirectory(folder)) {
            for (Path file : BuildModule.filesUnder(folder)) {
                try (Stream<String> lines = Files.lines(file)) {
                    Set<String> providers = new HashSet<>();
                    lines.map(line -> line.replaceAll("#.*", "").strip())
                            .filter(line -> !line.isEmpty())
                            .forEach(providers::add);
                    services.put(file.getFileName().toString(), providers);
                }
            }
        }
        return services;
    }

    private static List<String> elements(String pom, String name) throws IOException {
        Matcher matcher =
                Pattern.compile("<" + name + ">([^<]+)</").matcher(Files.readString(BuildModule.fileOfBuild(pom)));
        return matcher.results().map(result -> result.group(1).strip()).toList();
    }
}

package dev.portolan.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HouseRulesTest {
    @Test
    void no_type_is_called_util_helper_manager_or_impl() {
        noClasses()
                .should()
                .haveNameMatching(".*(Utils?|Helpers?|Manager|Impl)")
                .because("such a name does not say what the type is for")
                .check(BuildModule.allClasses());
    }

    /** The root package is left out: it holds both the entry point, which uses all others, and what all others use. */
    @ParameterizedTest
    @EnumSource
    void the_packages_below_the_root_of_a_module_form_no_cycle(BuildModule module) {
        boolean oneFlatPackage = module.packages().equals(Set.of(module.rootPackage()));

        slices().matching(module.rootPackage() + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(oneFlatPackage)
                .check(module.classes());
    }
}

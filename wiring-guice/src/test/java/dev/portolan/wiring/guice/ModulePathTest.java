package dev.portolan.wiring.guice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** With Guice, the API and a provider as Java modules. All is called by reflection: the test itself is in none of them. */
class ModulePathTest {
    private static final Set<String> ROOTS =
            Set.of("dev.portolan.wiring.guice", "dev.portolan.provider.openrouter", "com.google.guice");

    @Test
    void the_ports_are_bound_for_the_providers_that_are_modules() throws Exception {
        ModuleLayer layer = layer();
        ClassLoader loader = layer.findLoader("dev.portolan.wiring.guice");
        ClassLoader original = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        try {
            Class<?> module = loader.loadClass("dev.portolan.wiring.guice.PortolanModule");
            assertThat(module.getModule().isNamed()).isTrue();
            Class<?> guice = loader.loadClass("com.google.inject.Guice");
            assertThat(guice.getModule().isNamed()).isTrue();

            Object modules = Array.newInstance(loader.loadClass("com.google.inject.Module"), 1);
            Array.set(modules, 0, module.getConstructor().newInstance());
            Object injector =
                    guice.getMethod("createInjector", modules.getClass()).invoke(null, modules);

            Class<?> portolanClass = loader.loadClass("dev.portolan.api.Portolan");
            Object portolan = instance(injector, portolanClass);
            assertThat((Set<?>) portolanClass.getMethod("providers").invoke(portolan))
                    .hasToString("[openrouter]");
            assertThat(instance(injector, loader.loadClass("dev.portolan.api.chat.ChatPort")))
                    .isSameAs(portolanClass.getMethod("chat").invoke(portolan));
            ((AutoCloseable) instance(injector, loader.loadClass("dev.portolan.wiring.guice.PortolanLifecycle")))
                    .close();
        } finally {
            Thread.currentThread().setContextClassLoader(original);
        }
    }

    private static Object instance(Object injector, Class<?> type)
            throws NoSuchMethodException, IllegalAccessException, InvocationTargetException, ClassNotFoundException {
        Class<?> injectorClass = type.getClassLoader().loadClass("com.google.inject.Injector");
        return injectorClass.getMethod("getInstance", Class.class).invoke(injector, type);
    }

    private static ModuleLayer layer() {
        Path[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.matches(
                        ".*(test-classes|junit|jupiter|opentest4j|apiguardian|assertj|mockito|byte-buddy|objenesis"
                                + "|surefire|testkit|mockwebserver).*"))
                .map(Path::of)
                .toArray(Path[]::new);
        Configuration found =
                ModuleLayer.boot().configuration().resolveAndBind(ModuleFinder.of(path), ModuleFinder.of(), ROOTS);
        return ModuleLayer.defineModulesWithOneLoader(
                        found, List.of(ModuleLayer.boot()), ClassLoader.getPlatformClassLoader())
                .layer();
    }
}

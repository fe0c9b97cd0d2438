package dev.portolan.wiring.guice;

import com.google.inject.Binding;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.TypeLiteral;
import com.google.inject.name.Named;
import com.google.inject.spi.InstanceBinding;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.spi.ProviderFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds two providers of one name when the injector is created, as far as names are known without making anything. */
final class NameCheck {
    private final Map<String, String> found;

    /** @param found the names that are there without the injector, and where each is from */
    NameCheck(Map<String, String> found) {
        this.found = Map.copyOf(found);
    }

    @Inject
    void check(Injector injector) {
        Map<String, String> names = new LinkedHashMap<>(found);
        for (Binding<ProviderFactory> binding : injector.findBindingsByType(TypeLiteral.get(ProviderFactory.class))) {
            ProviderFactory instance =
                    binding instanceof InstanceBinding<ProviderFactory> given ? given.getInstance() : null;
            String where = "bound at " + binding.getSource();
            String name = instance == null ? "" : instance.name();
            if (binding.getKey().getAnnotation() instanceof Named bound) {
                if (instance != null && !bound.value().equals(name)) {
                    throw new ConfigurationException("The provider " + where + " as '" + bound.value() + "' is named '"
                            + name + "'. Bind it under its own name.");
                }
                name = bound.value();
            }
            String other = name.isEmpty() ? null : names.put(name, where);
            if (other != null) {
                throw new ConfigurationException(
                        "Two providers are named '" + name + "': " + other + ", and " + where + ". Remove one.");
            }
        }
    }
}

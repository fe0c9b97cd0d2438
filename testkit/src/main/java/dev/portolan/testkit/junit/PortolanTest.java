package dev.portolan.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a {@link dev.portolan.api.Portolan} with the simulator behind it, and fails those that leak; see
 * {@link PortolanExtension}.
 *
 * <pre>
 * &#64;PortolanTest
 * class GreeterTest {
 *     &#64;Test
 *     void greets(ChatPort chat, OpenRouterSimulator simulator) {
 *         assertThat(new Greeter(chat).greet("Ann")).isNotBlank();
 *         assertThat(simulator.bill().total()).isPositive();
 *     }
 * }
 * </pre>
 *
 * <p>For more than can be said here, register a {@link PortolanExtension#builder() PortolanExtension} in a field instead.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@ExtendWith(PortolanExtension.class)
@SuppressWarnings("exports") // who uses it has JUnit and AssertJ
public @interface PortolanTest {
    /**
     * The names of the providers that fakes stand for, such as {@code openrouter}. By default none, and the providers on the class
     * path talk to the simulator. With fakes there is no simulator.
     */
    String[] fakes() default {};

    /** Settings as {@code NAME=value}, besides those that lead to the simulator. */
    String[] settings() default {};

    /**
     * Whether all tests of the class share one of everything. By default each test has its own. What they script and ask is
     * forgotten before the next test, unless they run in parallel: {@code @BeforeAll} is no place to script anything.
     */
    boolean shared() default false;

    /** Regular expressions for the whole names of threads that may outlive a test. */
    String[] allowedThreads() default {};

    /** What is not looked for. */
    Leak[] allowed() default {};
}

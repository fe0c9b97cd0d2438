package dev.portolan.cost.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent.Outcome.Status;
import dev.portolan.cost.LedgerQuery;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {
    private static final String HOSTILE =
            "</title></style><script>alert('1')</script><img src=x onerror=\"alert(2)\">&amp;\u202e\u0000\ud800 ]]>";

    private static final String HOSTILE_MODEL = "openrouter/</td><script>alert('1')</script>&amp;\"";

    private final Spending spending = new Spending();

    /** The page is XML too, so that a parser tells what is markup in it. */
    private static Document parsed(String page) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(page.replace("<!DOCTYPE html>", ""))));
    }

    private static List<Element> elements(Document page, String tag, String style) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = page.getElementsByTagName(tag);
        for (int i = 0; i < nodes.getLength(); i++) {
            Element element = (Element) nodes.item(i);
            if (style.isEmpty() || element.getAttribute("class").equals(style)) {
                found.add(element);
            }
        }
        return found;
    }

    private static List<String> texts(List<Element> elements) {
        return elements.stream().map(Element::getTextContent).toList();
    }

    @Test
    void figures_are_exact_and_tables_have_a_row_for_each() throws Exception {
        spending.call("2026-03-01", "openrouter/a", "12345678901234567890.1")
                .call("2026-03-01", "openrouter/a", "1e-20")
                .call("2026-03-02", "openrouter/b", Cost.reported(new BigDecimal("0.5")), Map.of("team", "search"));

        String page = HtmlReport.of(spending.report()).render();

        assertThat(page)
                .startsWith("<!DOCTYPE html>\n<html lang=\"en\">")
                .contains("$12345678901234567890.60000000000000000001")
                .contains("Cost by tag “team”");
        List<String> cells = texts(elements(parsed(page), "td", "number"));
        assertThat(cells).contains("$12345678901234567890.10000000000000000001");
        assertThat(cells).contains("$0.50" + "\u2007".repeat(18));
        assertThat(texts(elements(parsed(page), "td", "name")))
                .contains("openrouter/a", "openrouter/b", "search", "none", "2026-03-01", "Acme");
    }

    @Test
    void nothing_from_the_ledger_becomes_markup() throws Exception {
        spending.call("2026-03-01", HOSTILE_MODEL, Cost.reported(BigDecimal.ONE), Map.of(HOSTILE, HOSTILE))
                .call("2026-03-01", HOSTILE_MODEL, Cost.UNKNOWN, Map.of(HOSTILE, HOSTILE));

        String page = HtmlReport.of(spending.report(
                        LedgerQuery.builder().tag(HOSTILE, HOSTILE).build()))
                .withTitle(HOSTILE)
                .render();

        Document document = parsed(page);
        assertThat(elements(document, "script", "")).isEmpty();
        assertThat(elements(document, "img", "")).isEmpty();
        assertThat(elements(document, "style", "")).hasSize(1);
        String shown =
                HOSTILE.replace('\u202e', '\ufffd').replace('\u0000', '\ufffd').replace('\ud800', '\ufffd');
        assertThat(texts(elements(document, "h1", ""))).containsExactly(shown);
        assertThat(texts(elements(document, "td", "name"))).contains(HOSTILE_MODEL, shown, shown + "=" + shown);
        assertThat(texts(elements(document, "code", ""))).containsExactly("gen-<2>");
    }

    @Test
    void it_needs_no_network_no_script_and_no_other_file() throws Exception {
        spending.call("2026-03-01", "openrouter/a", "1");

        String page = HtmlReport.of(spending.report()).render();

        assertThat(page)
                .doesNotContain("http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link")
                .contains("default-src 'none'", "prefers-color-scheme: dark", "@media print");
    }

    @Test
    void every_chart_is_told_in_words() throws Exception {
        spending.call("2026-03-01", "openrouter/a", "1").call("2026-03-02", "openrouter/a", "3");

        Document page = parsed(HtmlReport.of(spending.report()).render());

        List<Element> charts = elements(page, "svg", "").stream()
                .filter(svg -> svg.getAttribute("role").equals("img"))
                .toList();
        assertThat(charts).hasSize(2).allSatisfy(chart -> {
            for (String id : chart.getAttribute("aria-labelledby").split(" ")) {
                assertThat(elements(page, "title", "").stream()
                                        .map(each -> each.getAttribute("id"))
                                        .toList()
                                        .contains(id)
                                || elements(page, "desc", "").stream()
                                        .map(each -> each.getAttribute("id"))
                                        .toList()
                                        .contains(id))
                        .as(id)
                        .isTrue();
            }
        });
        assertThat(texts(elements(page, "desc", "")).get(0))
                .isEqualTo(
                        "2 columns, from 2026-03-01 to 2026-03-02; the highest is 2026-03-02 with $3.00. The same is in the "
                                + "table below.");
        assertThat(elements(page, "svg", "").stream()
                        .filter(svg -> !svg.getAttribute("role").equals("img")))
                .allSatisfy(svg -> assertThat(svg.getAttribute("aria-hidden")).isEqualTo("true"));
    }

    @ParameterizedTest
    @CsvSource({"1, day, 1", "100, day, 100", "101, week, 16", "700, week, 101", "800, month, 27"})
    void a_long_time_is_shown_in_weeks_or_months_and_without_gaps(int days, String unit, int columns) throws Exception {
        LocalDate last = LocalDate.of(2026, 3, 31);
        spending.call(last.toString(), "openrouter/a", "1")
                .call(last.minusDays(days - 1).toString(), "openrouter/a", "0.25");

        Document page = parsed(HtmlReport.of(spending.report()).render());

        assertThat(texts(elements(page, "h2", ""))).contains("Cost per " + unit + " and model");
        assertThat(elements(page, "g", "column")).as("in two charts").hasSize(2 * columns);
        assertThat(texts(elements(page, "title", "")))
                .anyMatch(title -> title.endsWith(" · openrouter/a: " + (days == 1 ? "$1.25" : "$0.25")));
    }

    @Test
    void of_many_models_the_dearest_have_colours_and_the_others_are_one() throws Exception {
        for (int i = 1; i <= 30; i++) {
            spending.call("2026-03-01", "openrouter/m" + i, "" + i);
        }

        Document page = parsed(HtmlReport.of(spending.report()).render());

        assertThat(texts(elements(page, "li", "")))
                .startsWith("openrouter/m30", "openrouter/m29")
                .contains("22 other models")
                .doesNotContain("openrouter/m22");
        assertThat(texts(elements(page, "title", "")))
                .contains("2026-03-01: $465.00", "2026-03-01 · other models: $253.00");
        assertThat(texts(elements(page, "td", "name"))).contains("5 others");
        assertThat(texts(elements(page, "td", "number"))).as("of the five").contains("$15.00");
    }

    @Test
    void amounts_that_have_no_height_are_told_all_the_same() throws Exception {
        spending.call("2026-03-01", "openrouter/free", "0").call("2026-03-02", "openrouter/refund", "-0.5");

        Document page = parsed(HtmlReport.of(spending.report()).render());

        assertThat(elements(page, "rect", "s0"))
                .allSatisfy(bar ->
                        assertThat(bar.getAttribute("height")).isNotEqualTo("0").doesNotStartWith("-"));
        assertThat(texts(elements(page, "td", "number"))).contains("$0.00", "-$0.50");
    }

    @Test
    void currencies_are_never_added_together() throws Exception {
        Cost euros = new Cost(new BigDecimal("7"), "EUR", Cost.Source.REPORTED);
        spending.call("2026-03-01", "openrouter/a", "1").call("2026-03-01", "openrouter/a", euros, Map.of());

        Document page = parsed(HtmlReport.of(spending.report()).render());

        assertThat(texts(elements(page, "dd", ""))).startsWith("$1.00", "EUR 7.00");
        assertThat(texts(elements(page, "title", ""))).contains("2026-03-01: $1.00");
    }

    @Test
    void failures_and_what_is_not_known_are_told() throws Exception {
        spending.call("2026-03-01", "openrouter/a", "1")
                .call("2026-03-01", "openrouter/a", Cost.NONE, Map.of(), Status.FAILED, 5, null)
                .call("2026-03-01", "openrouter/a", Cost.UNKNOWN, Map.of(), Status.CANCELLED, 5, null)
                .call("2026-03-01", "openrouter/a", Cost.estimated(BigDecimal.ONE), Map.of());

        Document page = parsed(HtmlReport.of(spending.report()).render());

        assertThat(texts(elements(page, "dd", ""))).contains("125.0%, and 1 cancelled");
        assertThat(texts(elements(page, "p", "notice")))
                .containsExactly(
                        "1 call of unknown cost are not in these sums; they are listed at the end.",
                        "The cost of 1 call in these sums is estimated from list prices.");
        assertThat(texts(elements(page, "title", ""))).contains("2026-03-01 · failed: 1", "2026-03-01 · completed: 2");
        assertThat(texts(elements(page, "td", ""))).contains("cancelled");
    }

    @Test
    void the_choice_of_calls_is_told_and_none_is_no_error() throws Exception {
        LedgerQuery query = LedgerQuery.builder()
                .since(Instant.parse("2026-03-01T00:00:00Z"))
                .until(Instant.MAX)
                .status(Status.FAILED)
                .tag("team", "search")
                .build();

        Document page = parsed(HtmlReport.of(spending.report(query)).render());

        assertThat(texts(elements(page, "p", "soft")))
                .containsExactly(
                        "since 2026-03-01 00:00 UTC · before 9999-12-31 00:00 UTC · failed calls · tag team = search");
        assertThat(texts(elements(page, "p", ""))).contains("No call fits.");
    }
}

package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.http.FieldCheck;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What makes tools and the choice among them invalid (OpenRouter reference: chat-completions §1.3 and §1.4). */
final class ToolRules {
    private ToolRules() {}

    static void check(FieldCheck fields) {
        List<FieldCheck> tools = fields.children("tools", "cache_control");
        tools.forEach(ToolRules::checkTool);
        checkChoice(fields, tools);
        fields.bool("parallel_tool_calls");
        fields.integer("max_tool_calls", 1, 30);
        if (fields.object().has("stop_server_tools_when")) {
            List<FieldCheck> conditions = fields.children("stop_server_tools_when");
            if (conditions.isEmpty()) {
                throw fields.error("stop_server_tools_when", "Array must contain at least 1 element(s)");
            }
            conditions.forEach(condition -> condition.required("type"));
        }
    }

    private static void checkTool(FieldCheck tool) {
        tool.required("type");
        tool.string("type");
        String type = tool.object().string("type", "");
        if (!type.equals("function")) {
            if (!isServerTool(type)) {
                throw tool.error("type", "Invalid discriminator value '" + type + "'");
            }
            return;
        }
        FieldCheck function = tool.requiredChild("function", "description", "parameters", "strict");
        function.required("name");
        String name = function.string("name");
        if (name != null && !name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw function.error("name", "String must match ^[a-zA-Z0-9_-]{1,64}$");
        }
        function.string("description");
        function.child("parameters");
        function.bool("strict");
        MessageRules.checkCacheControl(tool);
    }

    /** The list grows on the server's side, so any name of OpenRouter's own passes. */
    static boolean isServerTool(String type) {
        return type.startsWith("openrouter:") || type.startsWith("web_search");
    }

    private static void checkChoice(FieldCheck fields, List<FieldCheck> tools) {
        Object choice = fields.object().get("tool_choice");
        if (choice instanceof JsonObject) {
            FieldCheck named = fields.requiredChild("tool_choice");
            named.required("type");
            named.string("type");
            if (named.object().string("type", "").equals("function")) {
                FieldCheck function = named.requiredChild("function");
                function.required("name");
                String name = function.string("name");
                if (!functionNames(tools).contains(name)) {
                    throw fields.error("tool_choice", "there is no tool named '" + name + "'");
                }
            }
        } else {
            fields.oneOf("tool_choice", List.of("none", "auto", "required"));
        }
    }

    private static Set<String> functionNames(List<FieldCheck> tools) {
        return tools.stream()
                .map(tool -> tool.object().object("function"))
                .map(function -> function == null ? "" : function.string("name", ""))
                .collect(Collectors.toSet());
    }
}

/**
 * Records in and out, on top of any {@link dev.portolan.api.chat.ChatPort}: {@link dev.portolan.typed.TypeSchema} makes a JSON
 * schema of a record, {@link dev.portolan.typed.TypedChat} a record of a reply, {@link dev.portolan.typed.TypedTool} a tool of
 * a function, and {@link dev.portolan.typed.ToolLoop} has the model call tools until it answers.
 */
@NullMarked
package dev.portolan.typed;

import org.jspecify.annotations.NullMarked;

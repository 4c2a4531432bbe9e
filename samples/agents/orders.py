"""The orders agent of a small shop. Its "model" is a handful of rules, so that it runs offline and decides the same way
every time; swap `decide` for a call to your model and nothing else changes.

It has a bug: asked to cancel a duplicate order, it cancels the newest one. The recorded run is
../traces/cancel-duplicate-order.trace.json.
"""

import json
import re


def find_duplicate(orders):
    """The order that repeats an earlier one. `orders` are oldest first."""
    # The bug: "the duplicate" is taken to be the newest order.
    return orders[-1] if orders else None
    # The fix: delete the line above and uncomment the one below.
    # return next((o for i, o in enumerate(orders) if o["items"] in [e["items"] for e in orders[:i]]), None)


def decide(messages):
    """Decides the next step from the conversation so far: ("call", tool, arguments) or ("say", text)."""
    goal = next((m["content"] for m in messages if m["role"] == "user"), "")
    customer = result_of(messages, "find_customer")
    if customer is None:
        email = re.search(r"[\w.+-]+@[\w.-]+\w|<EMAIL_\d+>", goal)
        return "call", "find_customer", {"email": email.group() if email else ""}
    orders = result_of(messages, "list_orders")
    if orders is None:
        return "call", "list_orders", {"customer_id": customer["customer_id"]}
    duplicate = find_duplicate(orders)
    if duplicate is None:
        return "say", "I found no order that repeats another one, so I cancelled nothing."
    if result_of(messages, "cancel_order") is None:
        return "call", "cancel_order", {"order_id": duplicate["order_id"], "reason": "duplicate"}
    return "say", f"I cancelled the duplicate order {duplicate['order_id']}."


def agent(goal, messages, tools, call_tool):
    """The agent as Hindstep calls it: runs until it has an answer, and answers it."""
    conversation = list(messages)
    for turn in range(20):
        kind, *decision = decide(conversation)
        if kind == "say":
            return decision[0]
        name, arguments = decision
        result = call_tool(name, arguments)
        content = result if isinstance(result, str) else json.dumps(result)
        call = {"id": f"turn-{turn}", "name": name, "arguments": arguments}
        conversation.append({"role": "assistant", "content": "", "toolCalls": [call]})
        conversation.append({"role": "tool", "toolCallId": call["id"], "content": content})
    return "I could not finish this in 20 turns."


def result_of(messages, tool):
    """What a tool answered, parsed; None when it was not called yet."""
    calls = [call for m in messages for call in m.get("toolCalls") or [] if call["name"] == tool]
    answers = [m for m in messages if calls and m.get("toolCallId") == calls[0]["id"]]
    if not answers:
        return None
    try:
        return json.loads(answers[0]["content"])
    except ValueError:
        return answers[0]["content"]

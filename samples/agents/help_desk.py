"""The help desk agent. Its "model" is a handful of rules, so that it runs offline and decides the same way every time;
swap `decide` for a call to your model and nothing else changes.

It has a bug: asked to change a plan it says "Done!" without changing it. The recorded run is
../traces/upgrade-plan-done.trace.json.
"""

import json
import re


def needs_change(customer, plan):
    """Whether the customer's plan must be changed to get the wanted one."""
    # The bug: this compares the plan on offer with itself, so nobody ever needs a change.
    return plan["plan"] != plan["plan"]
    # The fix: delete the line above and uncomment the one below.
    # return customer["plan"] != plan["plan"]


def decide(messages):
    """Decides the next step from the conversation so far: ("call", tool, arguments) or ("say", text)."""
    goal = next((m["content"] for m in messages if m["role"] == "user"), "")
    customer = result_of(messages, "find_customer")
    if customer is None:
        email = re.search(r"[\w.+-]+@[\w.-]+\w|<EMAIL_\d+>", goal)
        return "call", "find_customer", {"email": email.group() if email else ""}
    plans = result_of(messages, "list_plans")
    if plans is None:
        return "call", "list_plans", {}
    plan = next((p for p in plans if p["plan"].lower() in goal.lower()), None)
    if plan is None:
        return "say", "Which plan would you like?"
    if needs_change(customer, plan) and result_of(messages, "change_plan") is None:
        return "call", "change_plan", {"customer_id": customer["customer_id"], "plan": plan["plan"]}
    return "say", f"Done! I've upgraded your account to the {plan['plan']} plan for {plan['price']} EUR a month."


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

"""The booking agent of a small travel office. Its "model" is a handful of rules, so that it runs offline and decides the
same way every time; swap `decide` for a call to your model and nothing else changes.

It has a bug: a charge that timed out is sent again, though the first may have gone through. The recorded run is
../traces/book-flight-timeout.trace.json.
"""

import json
import re

CITIES = {"Lisbon": "LIS", "Berlin": "BER", "Madrid": "MAD", "Paris": "PAR"}
MONTHS = "January February March April May June July August September October November December".split()


def may_charge_again(failure):
    """Whether a charge that failed like this may be sent again."""
    # The bug: after a timeout nobody knows whether the card was charged.
    return "timed out" in failure or "declined by the network" in failure
    # The fix: delete the line above and uncomment the one below.
    # return "declined by the network" in failure


def decide(messages):
    """Decides the next step from the conversation so far: ("call", tool, arguments) or ("say", text)."""
    goal = next((m["content"] for m in messages if m["role"] == "user"), "")
    flights = result_of(messages, "search_flights")
    if flights is None:
        return "call", "search_flights", wanted_flight(goal)
    flight = next((f for f in flights if f["departs"] in goal), None)
    if flight is None:
        return "say", "There is no flight at that time."
    seat = "14A" if "window" in goal else "14C"
    hold = result_of(messages, "hold_seat")
    if hold is None:
        return "call", "hold_seat", {"flight": flight["flight"], "seat": seat}
    payment = result_of(messages, "charge_card")
    if payment is None or (isinstance(payment, str) and may_charge_again(payment)):
        charge = {"amount": flight["price"], "currency": flight["currency"], "reference": hold["hold"]}
        return "call", "charge_card", charge
    if isinstance(payment, str):
        return "say", f"I hold seat {seat}, but can not tell whether your card was charged ({payment}). Please check it."
    ticket = result_of(messages, "issue_ticket")
    if ticket is None:
        issue = {"flight": flight["flight"], "seat": seat, "payment_id": payment["payment_id"]}
        return "call", "issue_ticket", issue
    return "say", f"Your ticket {ticket['ticket']} for {flight['flight']}, seat {seat}, is issued."


def wanted_flight(goal):
    """Where from, where to and on which day of 2026, out of a sentence."""
    start, end = re.search(r"from (\w+) to (\w+)", goal).groups()
    day, month = re.search(r"(\d+) ([A-Z]\w+)", goal).groups()
    date = f"2026-{MONTHS.index(month) + 1:02}-{int(day):02}"
    return {"from": CITIES.get(start, start), "to": CITIES.get(end, end), "date": date}


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
    """What a tool answered last, parsed; None when it was not called yet."""
    calls = [call for m in messages for call in m.get("toolCalls") or [] if call["name"] == tool]
    answers = [m for m in messages if calls and m.get("toolCallId") == calls[-1]["id"]]
    if not answers:
        return None
    try:
        return json.loads(answers[0]["content"])
    except ValueError:
        return answers[0]["content"]

"""{{STORY}}

    call_tool = guarded(your_call_tool, ask)       use this one where your agent calls tools
    ask(tool=..., arguments=..., reason=...)       answers True when a person approves

Both may be coroutine functions. Written by Hindstep together with a rule in hindstep.policy.json and a test. It needs
nothing else.
"""

import inspect
import re

RULE = {"tool": "", "kind": "deny", "most": 0}


class Refused(Exception):
    """Raised instead of making a call."""


def guarded(call_tool, ask=None):
    """The function by which your agent calls tools, with the rule before it."""
    worked = 0

    def before(tool):
        if bare_name(tool) != bare_name(RULE["tool"]):
            return None
        return decide(tool, worked)

    def refuse_unless(approved, reason):
        if approved is not True:
            raise Refused(reason)

    def guarded_call(tool, arguments=None):
        nonlocal worked
        found = before(tool)
        if found is None:
            return call_tool(tool, arguments or {})
        decision, reason = found
        if decision != "allow":
            asks = decision == "ask" and ask is not None
            refuse_unless(asks and ask(tool=tool, arguments=arguments or {}, reason=reason), reason)
        worked += 1
        try:
            return call_tool(tool, arguments or {})
        except Exception:
            worked -= 1
            raise

    async def guarded_coroutine(tool, arguments=None):
        nonlocal worked
        found = before(tool)
        if found is None:
            return await call_tool(tool, arguments or {})
        decision, reason = found
        if decision != "allow":
            approved = ask(tool=tool, arguments=arguments or {}, reason=reason) if decision == "ask" and ask else False
            refuse_unless(await approved if inspect.isawaitable(approved) else approved, reason)
        worked += 1
        try:
            return await call_tool(tool, arguments or {})
        except Exception:
            worked -= 1
            raise

    return guarded_coroutine if inspect.iscoroutinefunction(call_tool) else guarded_call


def decide(tool, worked):
    """What becomes of a call of the tool after `worked` others: allow, ask or refuse."""
    if RULE["kind"] == "deny":
        return "refuse", f"{tool} is a tool that the policy denies."
    if RULE["kind"] == "approval":
        return "ask", f"The policy wants each call of {tool} approved."
    if worked < RULE["most"]:
        return "allow", ""
    calls = "1 call" if worked == 1 else f"{worked} calls"
    return "refuse", f"{tool} is called once more, after {calls} that worked."


def bare_name(tool):
    """A tool's own name without its server's: mcp__server__name, server.name, server/name."""
    found = re.fullmatch(r"mcp__.+?__(.+)", tool) or re.fullmatch(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*[./]([A-Za-z0-9_-]+)", tool)
    return found.group(1) if found else tool

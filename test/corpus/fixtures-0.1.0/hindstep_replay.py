"""hindstep-replay 1: what the regression tests beside this file need, and nothing else. Written by Hindstep; keep it
with the tests. No dependencies. https://github.com/hindstep/hindstep

    check_trace(fixture, path)      judges a recorded run (HINDSTEP_TRACE names another file)
    check_decision(fixture, agent)  gives the agent the recorded beginning and judges what it does next
    replay(fixture, agent)          runs the agent from the start; its tools answer from the recording

An agent is a function, or a coroutine function: `agent(goal, messages, tools, call_tool)`. It calls tools with
`call_tool(name, arguments)` (awaited when the agent is a coroutine) and answers its final text (or, for one decision,
`{"tool": ..., "arguments": ...}`). Nothing is ever called live.

All three answer a Result with `calls`, `final_text` and `problems`; a test that passes has no problems.
"""

import asyncio
import copy
import inspect
import json
import os
import re
import subprocess

VERSION = 1


class Result:
    def __init__(self, calls=None, final_text="", steps=None):
        self.calls = calls if calls is not None else []
        self.final_text = final_text
        self.steps = steps
        self.problems = []


def read_fixture(path):
    """Reads a fixture beside the test."""
    with open(path, encoding="utf-8") as file:
        fixture = json.load(file)
    if fixture.get("schemaVersion") != 1 or fixture.get("normaliserVersion") != 1:
        raise RuntimeError('hindstep: this fixture was made by another version of Hindstep; make it again ("re-record").')
    return fixture


def check_trace(fixture, path):
    """Judges the calls and the final text of a recorded run."""
    scripted = _scripted_run(fixture)
    if scripted is not None:
        return _judged(fixture, scripted)
    trace = os.environ.get("HINDSTEP_TRACE") or str(path)
    runs = [_judged(fixture, run) for run in _same_task(fixture, _read_trace(trace), trace)]
    runs[0].problems = [problem for run in runs for problem in run.problems]
    return runs[0]


def check_decision(fixture, agent):
    """Judges the one decision that the agent makes after the recorded beginning: its first call, all calls that a
    coroutine makes at once, or its answer. Nothing it calls is answered."""
    decided = Result()
    asked = _asked_before(fixture["messages"])
    end = _End()

    def call_tool(tool, arguments=None, **more):
        if not end.reached:
            decided.calls.append(_call(tool, _arguments(arguments, more), asked))
        raise Stop("The decision was made; the test ends the run here.")

    answer = end.or_result(_choose(fixture, agent, True), fixture, fixture["messages"], call_tool)
    if not decided.calls:
        decided.calls = [_call(call["tool"], call["arguments"], asked) for call in _calls_of(answer)]
        decided.final_text = _text_of(answer)
    return _judged(fixture, decided)


def replay(fixture, agent):
    """Runs the agent from the goal, with its tools answered from the recording, and judges what it did."""
    run = Result()
    recording = _Recording(fixture)
    end = _End()
    roles = [message["role"] for message in fixture["messages"]]
    first = roles.index("user") + 1 if "user" in roles else 0
    transcript = list(fixture["messages"][:first])

    def call_tool(tool, arguments=None, **more):
        if end.reached:
            raise Stop(end.sentence)
        call = _call(tool, _arguments(arguments, more), _asked_before(transcript))
        run.calls.append(call)
        found, value = recording.answer(call)
        if not found:
            raise Stop(value)
        id = f"call-{len(run.calls)}"
        content = value if isinstance(value, str) else _json(value)
        made = {"id": id, "name": tool, "arguments": call["arguments"]}
        transcript.append({"role": "assistant", "content": "", "toolCalls": [made]})
        transcript.append({"role": "tool", "toolCallId": id, "content": content})
        return copy.deepcopy(value)

    chosen = _choose(fixture, agent, False)
    later_words = [message for message in fixture["messages"][first:] if message["role"] == "user"]
    for _ in range(MOST_TURNS):
        answer = end.or_result(chosen, fixture, transcript, call_tool)
        run.final_text = _text_of(answer)
        try:
            for call in _calls_of(answer):
                call_tool(call["tool"], call["arguments"])
        except Stop as stop:
            end.stop(stop)
        if end.reached:
            break
        if _calls_of(answer):
            continue
        # The user goes on with what was recorded, up to the decision under test.
        if not later_words:
            break
        transcript += [{"role": "assistant", "content": run.final_text}, later_words.pop(0)]
    result = _judged(fixture, run)
    known = recording.reached >= fixture["failure"]["position"]
    if end.reached and (result.problems or not known):
        result.problems.insert(0, f"hindstep: {end.sentence}")
    return result


# An agent that only ever answers tool calls is ended after so many.
MOST_TURNS = 200


class _End:
    """Where an agent's run was ended from inside its tool call, if it was."""

    def __init__(self):
        self.reached = False
        self.sentence = None

    def stop(self, stop):
        if not self.reached:
            self.reached, self.sentence = True, str(stop)

    def or_result(self, agent, fixture, messages, call_tool):
        """What the agent answers; None when the end comes first. An agent may be a function or a coroutine function."""
        if inspect.iscoroutinefunction(agent) or inspect.iscoroutinefunction(getattr(agent, "__call__", None)):

            async def tool(*args, **kwargs):
                try:
                    return call_tool(*args, **kwargs)
                except Stop as stop:
                    # Calls that are made at once are one decision.
                    await asyncio.sleep(0)
                    self.stop(stop)
                    raise

        else:

            def tool(*args, **kwargs):
                try:
                    return call_tool(*args, **kwargs)
                except Stop as stop:
                    self.stop(stop)
                    raise

        given = {"goal": fixture["goal"], "messages": copy.deepcopy(messages), "tools": copy.deepcopy(fixture["tools"])}
        try:
            answer = agent(**given, call_tool=tool)
            answer = asyncio.run(_await(answer)) if inspect.isawaitable(answer) else answer
        except Stop:
            return None
        except Exception:
            if not self.reached:
                raise
        return None if self.reached else answer


async def _await(answer):
    return await answer


def _asked_before(messages):
    """Whether the user has spoken after a text of the agent."""
    spoke = False
    for message in messages:
        if message["role"] == "assistant" and _words(message.get("content")).strip():
            spoke = True
        elif message["role"] == "user" and spoke:
            return True
    return False


class Stop(BaseException):
    """Ends an agent's run from inside its tool call. No `except Exception` of the agent catches it."""


class _Recording:
    """What the recording answers: each recorded call once, in the order in which equal calls were made."""

    def __init__(self, fixture):
        self.fixture = fixture
        self.used = set()
        # How many of the calls before the failing decision were made again.
        self.reached = 0

    def answer(self, call):
        recording, volatile = self.fixture["recording"], self.fixture["volatile"]
        wanted = _strip(call["arguments"], volatile)
        same = [
            i
            for i, recorded in enumerate(recording)
            if recorded["tool"] == call["tool"] and _equal(_strip(recorded["arguments"], volatile), wanted)
        ]
        fresh = [i for i in same if i not in self.used]
        if fresh:
            self.used.add(fresh[0])
            if fresh[0] < self.fixture["failure"]["position"]:
                self.reached += 1
            return True, recording[fresh[0]]["observation"]
        # The correction was never recorded, so nothing can be known of its answer but that it was made.
        if any(e["kind"] == "mustCall" and matches_call(e, call) for e in self.fixture["expect"]):
            return True, {"status": "ok"}
        if same:
            return False, f"the run left the recording: {_show(call)} was recorded {_times(len(same))} and is made once more."
        return False, f"the run left the recording: {_show(call)} was not recorded{_nearest(recording, call)}."


def _nearest(recording, call):
    others = [
        (len(differs), i, differs)
        for i, recorded in enumerate(recording)
        if recorded["tool"] == call["tool"]
        for differs in [_differences(recorded["arguments"], call["arguments"])]
    ]
    if not others:
        return ""
    _, i, differs = min(others, key=lambda other: other[0])
    return f"; recorded call {i + 1} differs in {', '.join(differs[:3])}"


_ABSENT = object()


def _differences(recorded, made, pointer=""):
    if isinstance(recorded, dict) and isinstance(made, dict):
        keys = list(dict.fromkeys([*recorded, *made]))
        return [
            line
            for key in keys
            for line in _differences(
                recorded.get(key, _ABSENT), made.get(key, _ABSENT), f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            )
        ]
    return [] if _equal(recorded, made) else [f"{pointer or '/'}: {_brief(recorded)}, got {_brief(made)}"]


def _judged(fixture, run):
    """Judges what was done against what the fixture expects."""
    steps = len(run.calls) + 1 if run.steps is None else run.steps
    run.problems = [
        f"hindstep: {problem}"
        for expectation in fixture["expect"]
        for problem in _judge(expectation, run.calls, run.final_text, steps)
    ]
    return run


def _judge(expectation, calls, final_text, steps):
    kind = expectation["kind"]
    tool = expectation.get("tool")
    matching = [i for i, call in enumerate(calls) if matches_call(expectation, call)]
    what = f"{tool}{_described(expectation.get('arguments'))}"
    if kind == "mustCall":
        before, after, count = expectation.get("before"), expectation.get("after"), expectation.get("count")
        in_order = [
            i
            for i in matching
            if not (before and any(c["tool"] == before for c in calls[:i]))
            and not (after and not any(c["tool"] == after for c in calls[:i]))
        ]
        if in_order if count is None else len(in_order) == count:
            return []
        order = (f" before {before}" if before else "") + (f" after {after}" if after else "")
        often = "" if count is None else f" {_times(count)}"
        return [f"must call {what}{order}{often}: {_made(calls, in_order)}"]
    if kind == "mustNotCall":
        return [f"must not call {what}: call {i + 1} did" for i in matching]
    if kind == "mustAskBefore":
        return [f"must ask before it calls {tool}: call {i + 1} did not" for i in matching if not calls[i]["asked"]]
    if kind == "finalMustNotClaim":
        claim = expectation["claim"]
        return [f'must not claim "{claim}" at the end'] if _normal(claim) in _normal(final_text) else []
    if kind == "maxSteps":
        count = expectation["count"]
        return [f"must end within {count} steps, took {steps}"] if steps > count else []
    if kind == "maxRepeats":
        count = expectation["count"]
        repeats = sum(
            call["tool"] == tool
            and any(c["tool"] == call["tool"] and _equal(c["arguments"], call["arguments"]) for c in calls[:i])
            for i, call in enumerate(calls)
        )
        return [f"must not repeat {tool} more than {_times(count)}, did {_times(repeats)}"] if repeats > count else []
    return [f'this helper does not know the expectation "{kind}"; make the test again with a newer Hindstep']


def _made(calls, matching):
    if matching:
        return f"it was called {_times(len(matching))}"
    return f"the calls were {'; '.join(_show(call) for call in calls)}" if calls else "no tool was called"


def matches_call(expectation, call):
    """Whether a call is one that an expectation speaks of. Arguments that it does not name don't matter."""
    if call["tool"] != expectation.get("tool"):
        return False
    arguments = call["arguments"]
    return all(_matches(m, arguments.get(name, _ABSENT)) for name, m in (expectation.get("arguments") or {}).items())


def _matches(matcher, value):
    if not isinstance(matcher, dict) or "$match" not in matcher:
        return _equal(matcher, value)
    kind = matcher["$match"]
    if kind == "exact":
        return _equal(matcher["value"], value)
    if kind == "ignore":
        return True
    if kind == "oneOf":
        return any(_equal(one, value) for one in matcher["values"])
    if kind == "subset":
        return _contains(matcher["value"], value)
    if kind == "superset":
        return _contains(value, matcher["value"])
    if kind == "regex":
        return isinstance(value, str) and re.search(matcher["pattern"], value[:10_000]) is not None
    if kind == "number":
        number = _number(value)
        return number is not None and abs(number - matcher["value"]) <= matcher["tolerance"]
    if kind == "schema":
        return value is not _ABSENT and _fits(matcher["schema"], value)
    raise RuntimeError(f'hindstep: this helper does not know the matcher "{kind}".')


def _number(value):
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _contains(whole, part):
    """True when every member (or element) of `part` is in `whole`."""
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(_contains(other, one) for other in whole) for one in part)
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and _contains(whole[key], part[key]) for key in part)
    return _equal(whole, part)


def _fits(schema, value):
    """The part of JSON Schema that arguments use: type, enum, const, required, properties, items, bounds, pattern."""
    types = schema.get("type")
    if types is not None and not any(_is_type(t, value) for t in (types if isinstance(types, list) else [types])):
        return False
    if "enum" in schema and not any(_equal(one, value) for one in schema["enum"]):
        return False
    if "const" in schema and not _equal(schema["const"], value):
        return False
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < schema.get("minimum", value) or value > schema.get("maximum", value):
            return False
    if isinstance(value, str):
        if "pattern" in schema and re.search(schema["pattern"], value[:10_000]) is None:
            return False
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            return False
    if isinstance(value, list) and "items" in schema:
        return all(_fits(schema["items"], one) for one in value)
    if not isinstance(value, dict):
        return True
    if any(key not in value for key in schema.get("required", [])):
        return False
    return all(key not in value or _fits(inner, value[key]) for key, inner in schema.get("properties", {}).items())


def _is_type(name, value):
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return {
        "null": value is None,
        "boolean": isinstance(value, bool),
        "number": number,
        "integer": number and float(value).is_integer(),
        "string": isinstance(value, str),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
    }.get(name, False)


def _choose(fixture, agent, decision_only):
    """The agent under test, or under HINDSTEP_PROOF the recorded, the corrected, or again the recorded one."""
    script = _scripted_run(fixture, decision_only)
    if script is None:
        if not callable(agent):
            raise RuntimeError("hindstep: the agent is no function; check the import of this test.")
        return agent

    async def scripted(goal, messages, tools, call_tool):
        calls, script.calls = script.calls, []
        if decision_only:
            await asyncio.gather(*(call_tool(call["tool"], call["arguments"]) for call in calls))
        else:
            for call in calls:
                await call_tool(call["tool"], call["arguments"])
        return script.final_text

    return scripted


def _scripted_run(fixture, decision_only=False):
    """`recorded` is all that was recorded, `undone` the same up to the failing decision, `corrected` the correction there."""
    proof = os.environ.get("HINDSTEP_PROOF")
    if not proof:
        return None
    failure, recording = fixture["failure"], fixture["recording"]
    decision = fixture["correction"] if proof == "corrected" else failure
    if decision_only:
        calls = decision["calls"]
    elif proof == "recorded":
        calls = recording
    else:
        calls = recording[: failure["position"]] + decision["calls"]
    return Result([_call(c["tool"], c["arguments"]) for c in calls], decision.get("message", ""))


def _calls_of(answer):
    """The tool calls that an agent answers instead of making them: one, or a message with several."""
    if not isinstance(answer, dict):
        return []
    if isinstance(answer.get("tool"), str):
        return [{"tool": answer["tool"], "arguments": answer.get("arguments") or {}}]
    made = [call.get("function") or call for call in answer.get("toolCalls") or answer.get("tool_calls") or []]
    return [{"tool": c.get("tool") or c.get("name"), "arguments": _parsed(c.get("arguments"))} for c in made]


def _text_of(answer):
    return _words((answer.get("content") or answer.get("finalText")) if isinstance(answer, dict) else answer)


# --- Traces ----------------------------------------------------------------------------------------------------------


def _read_trace(path):
    """The runs of a trace: OpenAI chat messages and ATIF are read here, all else through `hindstep`."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except OSError:
        raise RuntimeError(f"hindstep: there is no trace at {path}; record a run, or name one with HINDSTEP_TRACE.") from None
    documents = _parse_documents(text)
    found = documents[0] if len(documents) == 1 and isinstance(documents[0], list) else documents
    dicts = [one for one in found if isinstance(one, dict)]
    if dicts and len(dicts) == len(found):
        if _are_messages(dicts):
            return [_read_messages(dicts)]
        if all(_are_messages(one.get("messages")) for one in dicts):
            return [_read_messages(one["messages"]) for one in dicts]
        if all(str(one.get("schema_version", "")).startswith("ATIF-") and "steps" in one for one in dicts):
            return [_read_atif(one["steps"]) for one in dicts]
    return _read_through_hindstep(path)


def _are_messages(value):
    return isinstance(value, list) and all(isinstance(one, dict) and isinstance(one.get("role"), str) for one in value)


def _same_task(fixture, runs, path):
    """Of several runs in a file, those that were asked the same. A redacted word of the goal may be any."""
    if len(runs) == 1:
        return runs
    goal = next((_words(m["content"]) for m in fixture["messages"] if m["role"] == "user"), "")
    pattern = ".+".join(re.escape(part) for part in re.split(r"<[A-Z][A-Z_]*_\d+>", goal))
    same = [run for run in runs if re.fullmatch(pattern, run.goal or "", re.DOTALL)]
    if same:
        return same
    raise RuntimeError(f"hindstep: {path} has {len(runs)} runs, and none of them was asked what this test is about.")


def _parse_documents(text):
    try:
        return [json.loads(text)]
    except ValueError:
        pass
    try:
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    except ValueError:
        return []


class _Collected(Result):
    """Adds up what was done: `user`, `say` and `call` in order. A call was asked for when the user spoke after the agent."""

    def __init__(self):
        super().__init__(steps=0)
        self.goal = None
        self._said = self._asked = False

    def user(self, text):
        self.goal = text if self.goal is None else self.goal
        self._asked = self._said

    def say(self, text):
        self.final_text = text
        self._said = self._said or bool(text.strip())

    def call(self, tool, arguments):
        self.calls.append(_call(tool, arguments, self._asked))


def _read_atif(steps):
    run = _Collected()
    for step in steps:
        if step.get("source") == "user":
            run.user(_words(step.get("message")))
        if step.get("source") != "agent":
            continue
        run.steps += 1
        run.say(_words(step.get("message")))
        for call in step.get("tool_calls") or []:
            run.call(call["function_name"], _parsed(call.get("arguments")))
    return run


def _read_messages(messages):
    run = _Collected()
    for message in messages:
        if message["role"] == "user":
            run.user(_words(message.get("content")))
        if message["role"] != "assistant":
            continue
        run.steps += 1
        run.say(_words(message.get("content")))
        for call in message.get("tool_calls") or []:
            function = call.get("function") or call
            run.call(function["name"], _parsed(function.get("arguments")))
    return run


def _read_through_hindstep(path):
    command = os.environ.get("HINDSTEP_CLI")
    program = ["node", command] if command else ["hindstep"]
    try:
        output = subprocess.run([*program, "steps", path, "--json"], capture_output=True, check=True).stdout.decode("utf-8")
    except (OSError, subprocess.CalledProcessError):
        raise RuntimeError(
            f'hindstep: {path} is neither chat messages nor ATIF, and "hindstep" is not on the PATH to read it.'
        ) from None
    runs = {}
    for line in filter(None, output.split("\n")):
        step = json.loads(line)
        run = runs.setdefault(step["run"], _Collected())
        words = _words(step.get("message"))
        if step["kind"] == "user":
            run.user(words)
        if step["kind"] in ("user", "system"):
            continue
        run.steps += 1
        run.say(words)
        for action in step["actions"]:
            run.call(action["tool"], action["arguments"])
    return list(runs.values())


def _words(content):
    if isinstance(content, list):
        return "\n".join(part.get("text", "") if isinstance(part, dict) else "" for part in content)
    return content if isinstance(content, str) else ""


def _parsed(arguments):
    if not isinstance(arguments, str):
        return arguments or {}
    try:
        return json.loads(arguments)
    except ValueError:
        return {}


# --- Values ----------------------------------------------------------------------------------------------------------


def _call(tool, arguments, asked=False):
    return {"tool": tool, "arguments": copy.deepcopy(arguments), "asked": asked}


def _arguments(arguments, more):
    return {**(arguments or {}), **more}


def _equal(a, b):
    """Equal as JSON: 1 and 1.0 are, 1 and true are not."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_equal(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(_equal(x, y) for x, y in zip(a, b))
    return a == b


def _strip(value, pointers):
    """A copy without what stands at the volatile pointers (request ids, times)."""
    value = copy.deepcopy(value)
    for pointer in pointers:
        *parts, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
        here = value
        for part in parts:
            here = here.get(part) if isinstance(here, dict) else None
        if isinstance(here, dict):
            here.pop(last, None)
    return value


def _described(arguments):
    named = []
    for name, matcher in (arguments or {}).items():
        if not isinstance(matcher, dict) or "$match" not in matcher:
            named.append(f"{name} {_brief(matcher)}")
            continue
        rest = " ± ".join(_brief(value) for key, value in matcher.items() if key != "$match")
        named.append(f"{name} {matcher['$match']} {rest}".rstrip())
    return f" with {', '.join(named)}" if named else ""


def _show(call):
    return f"{call['tool']}({_brief(call['arguments'])})"


def _brief(value):
    if value is _ABSENT:
        return "nothing"
    text = value if isinstance(value, str) else _json(value)
    return f"{text[:119]}…" if len(text) > 120 else text


def _json(value):
    return json.dumps(_whole(value), separators=(",", ":"), ensure_ascii=False)


def _whole(value):
    """Numbers as JavaScript prints them: 39.0 as 39."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _times(count):
    return "once" if count == 1 else f"{count} times"


def _normal(text):
    return re.sub(r"\s+", " ", text.lower()).strip()

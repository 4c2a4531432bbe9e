"""hindstep-replay 2: what the regression tests beside this file need, and nothing else. Written by Hindstep; keep it
with the tests. No dependencies. https://github.com/hindstep/hindstep

    check_trace(fixture, path)      judges a recorded run (HINDSTEP_TRACE names another file)
    check_decision(fixture, agent)  gives the agent the recorded beginning and judges what it does next
    replay(fixture, agent)          runs the agent from the start; its tools answer from the recording

An agent is a function, or a coroutine function: `agent(goal, messages, tools, call_tool)`, which may take the recorded
`environment` as well ({"state": ..., "clock": ..., "seed": ...}, each where it is known). It calls tools with
`call_tool(name, arguments)` (awaited when the agent is a coroutine) and answers its final text (or, for one decision,
`{"tool": ..., "arguments": ...}`). Nothing is called live, but for tools that only read, where the fixture says
`"onMiss": "live"` and the test brings them: `replay(fixture, agent, live_tools={...})`.

All three answer a Result with `calls`, `final_text` and `problems`; a test that passes has no problems.
"""

import asyncio
import copy
import inspect
import json
import os
import re
import subprocess
import tempfile
import uuid

VERSION = 2


class Result:
    def __init__(self, calls=None, final_text="", steps=None, verdicts=None):
        self.calls = calls if calls is not None else []
        self.final_text = final_text
        self.steps = steps
        self.verdicts = verdicts
        self.problems = []
        self.messages = None


def read_fixture(path):
    """Reads a fixture beside the test."""
    with open(path, encoding="utf-8") as file:
        try:
            fixture = _upgraded(json.load(file))
        except ValueError:
            fixture = None
    problem = fixture_problem(fixture)
    if problem is not None:
        _write_result(path, {"error": f"hindstep: {problem}"})
        raise RuntimeError(f"hindstep: {problem}")
    _places.append((fixture, path))
    return fixture


def check_trace(fixture, path):
    """Judges the calls and the final text of a recorded run."""
    return _reported(fixture, lambda: _trace_checked(fixture, path))


def _trace_checked(fixture, path):
    def play(script):
        if script.get("verdicts") is None and _wants_verdicts(fixture):
            script = {**script, "verdicts": _verdicts_of_messages(_messages_of(fixture, script))}
        return _judged(fixture, _run_of(script))

    played = _proof({**fixture, "mode": "trace-check"}, play)
    if played is not None:
        return played
    trace = os.environ.get("HINDSTEP_TRACE") or str(path)
    runs = _read_trace(trace)
    if _wants_verdicts(fixture):
        for run, verdicts in zip(runs, _verdicts_of(trace)):
            run.verdicts = verdicts
    runs = [_judged(fixture, run) for run in _same_task(fixture, runs, trace)]
    runs[0].problems = [problem for run in runs for problem in run.problems]
    return runs[0]


def check_decision(fixture, agent):
    """Judges the one decision that the agent makes after the recorded beginning: its first call, all calls that a
    coroutine makes at once, or its answer. Nothing it calls is answered."""

    def decided():
        played = _proof({**fixture, "mode": "decision-point"}, lambda script: _decide(fixture, _playing(script, True), script))
        return _decide(fixture, _callable(agent)) if played is None else played

    return _reported(fixture, decided)


def replay(fixture, agent, live_tools=None, variation=None, variant=None):
    """Runs the agent from the goal, with its tools answered from the recording, and judges what it did. `live_tools`
    may be asked for real, by name, where the fixture says so; never one that writes. `variation` makes the run harder;
    `variant` names one of the fixture's harder runs."""

    def replayed_variant():
        changed = _harder(fixture, variant)
        # Runs that are known are not known of its variants, so that a proof says nothing of them.
        if os.environ.get("HINDSTEP_PROOF"):
            return Result()
        return _run(changed, _callable(agent), live_tools or {}, variation)

    def replayed():
        played = _proof({**fixture, "mode": "replay"}, lambda script: _run(fixture, _playing(script), {}, None, script))
        return _run(fixture, _callable(agent), live_tools or {}, variation) if played is None else played

    return _reported(fixture, replayed if variant is None else replayed_variant)


def _harder(fixture, variant):
    """The fixture as one of its variants has it."""
    variants = {one["id"]: one["changes"] for one in fixture.get("variants", [])}
    if variant not in variants:
        known = ", ".join(variants) or "none"
        raise RuntimeError(f'hindstep: this fixture has no variant "{variant}"; it has: {known}.')
    changes = {name: variants[variant].get(name) for name in ("goal", "messages", "recording", "expect")}
    # An agent that goes another way than the recorded one is told so, and its run goes on.
    changed = {**fixture, **changes, "onMiss": "not-found", "order": "by-hash"}
    problem = fixture_problem(changed)
    if problem is not None:
        raise RuntimeError(f'hindstep: its variant "{variant}": {problem}')
    return changed


# --- What `hindstep test` is told --------------------------------------------------------------------------------------

# Where each fixture was read from.
_places = []


def _reported(fixture, work):
    """Under HINDSTEP_RESULTS what came of a fixture is written into that folder, for `hindstep test` and the editor."""
    place = next((path for read, path in _places if read is fixture), None)
    try:
        result = work()
    except Exception as error:
        _write_result(place, {"error": str(error)})
        raise
    _write_result(
        place,
        {
            "calls": result.calls,
            "finalText": result.final_text,
            "problems": result.problems,
            **({} if result.messages is None else {"messages": result.messages}),
        },
    )
    return result


def _write_result(fixture, result):
    folder = os.environ.get("HINDSTEP_RESULTS")
    if not folder or fixture is None:
        return
    with open(os.path.join(folder, f"{uuid.uuid4()}.json"), "w", encoding="utf-8") as file:
        json.dump({"fixture": str(fixture), **result}, file)


def _decide(fixture, agent, script=None):
    decided = Result()
    asked = _asked_before(fixture["messages"])
    end = _End()

    def call_tool(tool, arguments=None, **more):
        if not end.reached:
            decided.calls.append(_call(tool, _arguments(arguments, more), asked))
        raise Stop("The decision was made; the test ends the run here.")

    answer = end.or_result(agent, fixture, fixture["messages"], call_tool)
    if not decided.calls:
        decided.calls = [_call(call["tool"], call["arguments"], asked) for call in _calls_of(answer)]
        decided.final_text = _text_of(answer)
    decided.verdicts = (script or {}).get("verdicts")
    if decided.verdicts is None and _wants_verdicts(fixture):
        decided.verdicts = _verdicts_of_messages(fixture["messages"])
    decided.steps = (script or {}).get("steps")
    decided.messages = fixture["messages"]
    return _judged(fixture, decided)


# An agent that only ever answers tool calls is ended after so many.
MOST_TURNS = 200


def _run(fixture, agent, live_tools, variation=None, script=None):
    session = ReplaySession(fixture, variation)
    end = _End()

    def call_tool(tool, arguments=None, **more):
        kind, value = session.call(tool, _arguments(arguments, more))
        if kind == "ended":
            raise Stop(value)
        if kind == "live":
            if tool not in live_tools:
                raise Stop(session.end(f"{tool} was not recorded like this, and the test has no live tool of this name."))
            call = value
            value = _plain(live_tools[tool](copy.deepcopy(call["arguments"])))
            session.tell(call, value)
        return copy.deepcopy(value)

    for _ in range(MOST_TURNS):
        answer = end.or_result(agent, fixture, session.messages, call_tool)
        returned = _calls_of(answer)
        try:
            for call in returned:
                call_tool(call["tool"], call["arguments"])
        except Stop as stop:
            end.stop(stop)
        if end.reached or not (returned or session.say(_text_of(answer))):
            break
    verdicts = (script or {}).get("verdicts")
    if verdicts is None and _wants_verdicts(fixture):
        verdicts = _verdicts_of_messages(session.messages)
    return session.judgement((script or {}).get("steps"), verdicts)


class Stop(BaseException):
    """Ends an agent's run from inside its tool call. No `except Exception` of the agent catches it."""


class _End:
    """Where an agent's run was ended from inside its tool call, if it was."""

    def __init__(self):
        self.reached = False

    def stop(self, _stop):
        self.reached = True

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
        if _takes_environment(agent):
            given["environment"] = copy.deepcopy(fixture.get("environment", {}))
        try:
            answer = agent(**given, call_tool=tool)
            answer = asyncio.run(_await(answer)) if inspect.isawaitable(answer) else answer
        except Stop:
            return None
        except Exception:
            if not self.reached:
                raise
        return None if self.reached else answer


def _takes_environment(agent):
    try:
        parameters = inspect.signature(agent).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(one.name == "environment" or one.kind is one.VAR_KEYWORD for one in parameters)


async def _await(answer):
    return await answer


def _callable(agent):
    if not callable(agent):
        raise RuntimeError("hindstep: the agent is no function; check the import of this test.")
    return agent


def _calls_of(answer):
    """The tool calls that an agent answers instead of making them: one, or a message with several."""
    if not isinstance(answer, dict):
        return []
    if isinstance(answer.get("tool"), str):
        return [{"tool": answer["tool"], "arguments": _parsed(answer.get("arguments"))}]
    made = [call.get("function") or call for call in answer.get("toolCalls") or answer.get("tool_calls") or []]
    return [{"tool": c.get("tool") or c.get("name"), "arguments": _parsed(c.get("arguments"))} for c in made]


def _text_of(answer):
    return _words((answer.get("content") or answer.get("finalText")) if isinstance(answer, dict) else answer)


# --- The proof: known runs in the agent's place ------------------------------------------------------------------------


def _proof(fixture, play):
    """Under HINDSTEP_PROOF a test judges a run that is known: the recorded one, the corrected one, or the one with the
    correction undone. With `mutations` it judges every run of the file that HINDSTEP_MUTATIONS names, each a correction
    that one assertion must turn red; then the problems are the assertions that did not."""
    name = os.environ.get("HINDSTEP_PROOF")
    if not name:
        return None
    if name in ("recorded", "corrected", "undone"):
        return play(_script_of(fixture, name))
    result = Result()
    with open(os.environ["HINDSTEP_MUTATIONS"], encoding="utf-8") as file:
        for mutation in json.load(file):
            if f"hindstep: {mutation['reason']}" not in play(mutation["script"]).problems:
                result.problems.append(f"hindstep: not noticed: {mutation['name']}")
    return result


def _script_of(fixture, name):
    """A run of the proof: its calls with the turn in which they are made, what the agent says at the end of each turn
    but the last, and its final text. In a decision-point only the decision itself is played."""
    failure, recording, decision_only = fixture["failure"], fixture["recording"], fixture["mode"] == "decision-point"
    decision = fixture["correction"] if name == "corrected" else failure
    texts = [] if decision_only else _texts_before(fixture["messages"])
    decided = [{**call, "turn": len(texts)} for call in decision["calls"]]
    played = recording[: failure["position"]] + decided
    if decision_only:
        played = decided
    elif name == "recorded":
        played = recording
    calls = [
        {"tool": call["tool"], "arguments": call["arguments"], "turn": min(call.get("turn", 0), len(texts))}
        for call in played
    ]
    return {"calls": calls, "texts": texts, "finalText": decision.get("message", "")}


def _texts_before(messages):
    """What the agent said before each thing that the user said beside the goal."""
    texts = []
    asked = False
    for i, message in enumerate(messages):
        if message["role"] != "user":
            continue
        if asked:
            said = messages[i - 1]
            texts.append(said["content"] if said["role"] == "assistant" else "")
        asked = True
    return texts


def _run_of(script):
    """A script as a run to be judged by itself."""
    calls = [
        _call(call["tool"], call["arguments"], any(text.strip() for text in script["texts"][: call["turn"]]))
        for call in script["calls"]
    ]
    return Result(calls, script["finalText"], script.get("steps"), script.get("verdicts"))


def _playing(script, at_once=False):
    """An agent that does what a script says, turn by turn; for one decision all calls at once."""
    turns = iter(range(MOST_TURNS))

    async def scripted(goal, messages, tools, call_tool):
        turn = next(turns)
        calls = [call for call in script["calls"] if call["turn"] == turn]
        if at_once:
            await asyncio.gather(*(call_tool(call["tool"], call["arguments"]) for call in calls))
        else:
            for call in calls:
                await call_tool(call["tool"], call["arguments"])
        return script["texts"][turn] if turn < len(script["texts"]) else script["finalText"]

    return scripted


def _messages_of(fixture, script):
    """The conversation of a script, with the recorded answers."""
    session = ReplaySession({**fixture, "onMiss": "not-found"})
    for turn in range(len(script["texts"]) + 1):
        for call in script["calls"]:
            if call["turn"] == turn:
                session.call(call["tool"], call["arguments"])
        session.say(script["texts"][turn] if turn < len(script["texts"]) else script["finalText"])
    return session.messages


# --- The replay engine -------------------------------------------------------------------------------------------------


class ReplaySession:
    """One run of an agent whose tools answer from the recording.

    `variation` may have `messages(recorded)`, other words to start with, and `answer(recorded, entry)`, another answer
    of a tool: an observation in a list, or None to leave it."""

    def __init__(self, fixture, variation=None):
        self.fixture = fixture
        self.variation = variation
        recorded = fixture["messages"]
        if hasattr(variation, "messages"):
            recorded = variation.messages(copy.deepcopy(recorded))
        roles = [message["role"] for message in recorded]
        first = roles.index("user") + 1 if "user" in roles else 0
        self.messages = list(recorded[:first])
        self.later_words = [message for message in recorded[first:] if message["role"] == "user"]
        self.answers = _RecordedAnswers(fixture)
        self.calls = []
        self.final_text = ""
        self.ended = None

    def call(self, tool, arguments):
        """A tool call of the agent: ("answered", observation), ("live", call) or ("ended", sentence)."""
        if self.ended is not None:
            return "ended", self.ended
        call = _call(tool, arguments, _asked_before(self.messages))
        self.calls.append(call)
        kind, found = self.answers.match(call)
        if kind == "recorded":
            recorded = self.fixture["recording"][found]
            varied = self.variation.answer(recorded, found) if hasattr(self.variation, "answer") else None
            return self._answered(call, recorded["observation"] if varied is None else varied[0])
        if kind == "corrected":
            # The correction was never recorded, so nothing can be known of its answer but that it was made.
            return self._answered(call, {"status": "ok"})
        if self.fixture["onMiss"] == "not-found":
            return self._answered(call, {"error": "not found"})
        if self.fixture["onMiss"] == "live":
            if _may_be_live(self.fixture, tool):
                return "live", call
            found = f"{found} It is not called live, because {tool} is not known to only read."
        return "ended", self.end(found)

    def end(self, sentence):
        if self.ended is None:
            self.ended = sentence
        return self.ended

    def say(self, text):
        """A text of the agent with no call in it: its final answer, unless the recorded user goes on."""
        self.final_text = text
        self.messages.append({"role": "assistant", "content": text})
        if self.ended is not None or not self.later_words:
            return False
        self.messages.append(self.later_words.pop(0))
        return True

    def tell(self, call, observation):
        """Writes a call and its answer into the conversation."""
        id = f"call-{next(i for i, made in enumerate(self.calls, 1) if made is call)}"
        content = observation if isinstance(observation, str) else _json(observation)
        made = {"id": id, "name": call["tool"], "arguments": call["arguments"]}
        self.messages.append({"role": "assistant", "content": "", "toolCalls": [made]})
        self.messages.append({"role": "tool", "toolCallId": id, "content": content})

    def judgement(self, steps=None, verdicts=None):
        """What was done against what must hold. A run that left the recording before the decision under test never holds."""
        result = _judged(self.fixture, Result(self.calls, self.final_text, steps, verdicts))
        if self.ended is not None and (result.problems or not self.answers.reached_decision()):
            result.problems.insert(0, f"hindstep: {self.ended}")
        result.messages = self.messages
        return result

    def _answered(self, call, observation):
        self.tell(call, observation)
        return "answered", observation


def _may_be_live(fixture, tool):
    """A tool may be called for real only when all that is known of it is that it reads."""
    known = [one.get("effect") for one in fixture["recording"] if one["tool"] == tool]
    known += [one.get("effect") for one in fixture["tools"] if one["name"] == tool]
    return "read" in known and all(effect in (None, "read") for effect in known)


def _asked_before(messages):
    """Whether the user has spoken after a text of the agent."""
    spoke = False
    for message in messages:
        if message["role"] == "assistant" and _words(message.get("content")).strip():
            spoke = True
        elif message["role"] == "user" and spoke:
            return True
    return False


class _RecordedAnswers:
    """Finds the recorded call that a call repeats. Each answers once, equal ones in the order in which they were made; in
    sequential order only those whose turn it is, where calls that were made at once may come in any order."""

    def __init__(self, fixture):
        self.fixture = fixture
        self.used = set()

    def reached_decision(self):
        """Whether all calls before the failing decision were made again."""
        return all(i in self.used for i in range(self.fixture["failure"]["position"]))

    def match(self, call):
        """("recorded", index), ("corrected", None) or ("missing", sentence)."""
        recording = self.fixture["recording"]
        open_entries = self._open_entries()
        entry = next((i for i in open_entries if self._is_equal(recording[i], call)), None)
        if entry is None and any(e["kind"] == "mustCall" and matches_call(e, call) for e in self.fixture["expect"]):
            return "corrected", None
        if entry is None:
            entry = next((i for i in open_entries if _is_like(recording[i], call)), None)
        if entry is None:
            return "missing", self._missing(call)
        self.used.add(entry)
        return "recorded", entry

    def _open_entries(self):
        recording = self.fixture["recording"]
        unused = [i for i in range(len(recording)) if i not in self.used]
        due = self._due()
        if due is None:
            return unused
        step = recording[due].get("step")
        return [due] if step is None else [i for i in unused if recording[i].get("step") == step]

    def _due(self):
        """In sequential order, the entry whose turn it is. Behind the decision under test a run may go another way."""
        if self.fixture.get("order") != "sequential":
            return None
        position = self.fixture["failure"]["position"]
        return next((i for i in range(len(self.fixture["recording"])) if i not in self.used and i < position), None)

    def _is_equal(self, recorded, call):
        volatile = self.fixture["volatile"]
        return recorded["tool"] == call["tool"] and _equal(
            _strip(recorded["arguments"], volatile), _strip(call["arguments"], volatile)
        )

    def _missing(self, call):
        recording = self.fixture["recording"]
        left = f"the run left the recording: {_show(call)}"
        due = self._due()
        if due is not None:
            return f"{left} came where call {due + 1} was {_show(recording[due])}."
        equal = sum(self._is_equal(recorded, call) for recorded in recording)
        if equal:
            return f"{left} was recorded {_times(equal)} and is made once more."
        nearest = self._nearest(call)
        if nearest is None:
            return f"{left} was not recorded."
        _, _, i, differs = nearest
        return f"{left} was not recorded; recorded call {i + 1} differs in {', '.join(differs[:3])}."

    def _nearest(self, call):
        """The recorded call of the tool that differs in the fewest places; of several one that has not answered yet."""
        volatile = self.fixture["volatile"]
        made = _strip(call["arguments"], volatile)
        found = [
            (len(differs), i in self.used, i, differs)
            for i, recorded in enumerate(self.fixture["recording"])
            if recorded["tool"] == call["tool"]
            for differs in [_differences(_strip(recorded["arguments"], volatile), made)]
        ]
        return min(found, key=lambda one: one[:3], default=None)


def _is_like(recorded, call):
    match = recorded.get("match")
    return match is not None and recorded["tool"] == call["tool"] and _matches_arguments(match, call["arguments"])


_ABSENT = object()
# Places that are looked into this deep; below, values differ as a whole.
_DEEPEST = 8


def _differences(recorded, made, pointer="", depth=0):
    """Where a call differs from a recorded one, in words: `/order_id: A123, got A124`."""
    if _equal(recorded, made):
        return []
    if depth < _DEEPEST and isinstance(recorded, dict) and isinstance(made, dict):
        return [
            line
            for key in dict.fromkeys([*_members(recorded), *_members(made)])
            for line in _differences(
                recorded.get(key, _ABSENT),
                made.get(key, _ABSENT),
                f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}",
                depth + 1,
            )
        ]
    if depth < _DEEPEST and isinstance(recorded, list) and isinstance(made, list) and len(recorded) == len(made):
        return [
            line
            for i, (before, now) in enumerate(zip(recorded, made))
            for line in _differences(before, now, f"{pointer}/{i}", depth + 1)
        ]
    return [f"{pointer or '/'}: {_brief(recorded)}, got {_brief(made)}"]


# --- Judging -----------------------------------------------------------------------------------------------------------


def _judged(fixture, run):
    """Judges what was done against what the fixture expects."""
    steps = len(run.calls) + 1 if run.steps is None else run.steps
    run.problems = [
        f"hindstep: {problem}"
        for expectation in fixture["expect"]
        for problem in _judge(expectation, run, steps, fixture["volatile"])
    ]
    return run


def _judge(expectation, run, steps, volatile):
    kind, calls = expectation["kind"], run.calls
    tool, count = expectation.get("tool"), expectation.get("count")
    if kind in ("mustCall", "mustNotCall"):
        before, after = expectation.get("before"), expectation.get("after")
        found = [
            i
            for i, call in enumerate(calls)
            if matches_call(expectation, call)
            and not (before is not None and any(c["tool"] == before for c in calls[:i]))
            and not (after is not None and not any(c["tool"] == after for c in calls[:i]))
        ]
        order = ("" if before is None else f" before {before}") + ("" if after is None else f" after {after}")
        what = f"{tool}{_described(expectation.get('arguments'))}{order}"
        if kind == "mustNotCall":
            often = f" more than {_times(count)}" if count else ""
            return [f"must not call {what}{often}: call {i + 1} did" for i in found[count or 0 :]]
        if found if count is None else len(found) == count:
            return []
        often = "" if count is None else f" {_times(count)}"
        return [f"must call {what}{often}: {_made(calls, found)}"]
    if kind == "mustAskBefore":
        return [
            f"must ask before it calls {tool}: call {i + 1} did not"
            for i, call in enumerate(calls)
            if call["tool"] == tool and not call["asked"]
        ]
    if kind == "finalMustNotClaim":
        claim = expectation["claim"]
        return [f'must not claim "{claim}" at the end'] if _normal(claim) in _normal(run.final_text) else []
    if kind == "maxSteps":
        return [f"must end within {count} steps, took {steps}"] if steps > count else []
    if kind == "maxRepeats":
        made = [_strip(call["arguments"], volatile) for call in calls if call["tool"] == tool]
        repeats = sum(any(_equal(earlier, one) for earlier in made[:i]) for i, one in enumerate(made))
        return [f"must not repeat {tool} more than {_times(count)}, did {_times(repeats)}"] if repeats > count else []
    if kind == "evaluator":
        said = (run.verdicts or {}).get(expectation["id"])
        if said == expectation["status"]:
            return []
        words = "could not be asked" if said is None else f"says {said}"
        return [f"{expectation['id']} must say {expectation['status']}: it {words}"]
    raise RuntimeError(f'hindstep: this helper does not know the expectation "{kind}".')


def _made(calls, found):
    if found:
        return f"it was called {_times(len(found))}"
    return f"the calls were {'; '.join(_show(call) for call in calls)}" if calls else "no tool was called"


def matches_call(expectation, call):
    """Whether a call is one that an expectation speaks of. Arguments that it does not name don't matter."""
    return call["tool"] == expectation.get("tool") and _matches_arguments(
        expectation.get("arguments") or {}, call["arguments"]
    )


def _matches_arguments(wanted, arguments):
    return all(_matches(matcher, arguments.get(name, _ABSENT)) for name, matcher in wanted.items())


def _matches(matcher, value):
    kind = matcher["$match"] if _is_matcher(matcher) else None
    if value is _ABSENT:
        return kind == "ignore"
    if kind is None:
        return _equal(matcher, value)
    if kind == "exact":
        return _equal(matcher["value"], value)
    if kind == "oneOf":
        return any(_equal(one, value) for one in matcher["values"])
    if kind == "subset":
        return _contains(matcher["value"], value)
    if kind == "superset":
        return _contains(value, matcher["value"])
    if kind == "regex":
        return isinstance(value, str) and _pattern(matcher["pattern"]).search(_start(value)) is not None
    if kind == "number":
        number = _number(value)
        return number is not None and abs(number - matcher["value"]) <= matcher["tolerance"]
    if kind == "schema":
        return _fits(matcher["schema"], value)
    return True


def _number(value):
    """A number, or a text that is one as JSON writes it."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and re.fullmatch(r" *[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)? *", value):
        return float(value)
    return None


def _contains(whole, part):
    """True when every member (or element) of `part` is in `whole`."""
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(_contains(other, one) for other in whole) for one in part)
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and _contains(whole[key], part[key]) for key in part)
    return _equal(whole, part)


# --- JSON Schema: the part of it that arguments use. What is not in here is refused by `_unknown_keyword`. ---------------


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _size(value, kind, wanted, holds):
    return not isinstance(value, kind) or not _is_number(wanted) or holds(len(value), wanted)


def _amount(value, wanted, holds):
    return not _is_number(value) or not _is_number(wanted) or holds(value, wanted)


_CHECKS = {
    "type": lambda wanted, value, _: any(_is_type(t, value) for t in (wanted if isinstance(wanted, list) else [wanted])),
    "enum": lambda wanted, value, _: isinstance(wanted, list) and any(_equal(one, value) for one in wanted),
    "const": lambda wanted, value, _: _equal(wanted, value),
    "minimum": lambda wanted, value, _: _amount(value, wanted, lambda a, b: a >= b),
    "maximum": lambda wanted, value, _: _amount(value, wanted, lambda a, b: a <= b),
    "exclusiveMinimum": lambda wanted, value, _: _amount(value, wanted, lambda a, b: a > b),
    "exclusiveMaximum": lambda wanted, value, _: _amount(value, wanted, lambda a, b: a < b),
    "minLength": lambda wanted, value, _: _size(value, str, wanted, lambda a, b: a >= b),
    "maxLength": lambda wanted, value, _: _size(value, str, wanted, lambda a, b: a <= b),
    "minItems": lambda wanted, value, _: _size(value, list, wanted, lambda a, b: a >= b),
    "maxItems": lambda wanted, value, _: _size(value, list, wanted, lambda a, b: a <= b),
    "minProperties": lambda wanted, value, _: _size(value, dict, wanted, lambda a, b: a >= b),
    "maxProperties": lambda wanted, value, _: _size(value, dict, wanted, lambda a, b: a <= b),
    "pattern": lambda wanted, value, _: not isinstance(value, str) or _pattern(wanted).search(_start(value)) is not None,
    "items": lambda wanted, value, _: not isinstance(value, list) or all(_fits(wanted, one) for one in value),
    "required": lambda wanted, value, _: not isinstance(value, dict) or all(name in value for name in wanted),
    "properties": lambda wanted, value, _: not isinstance(value, dict)
    or all(name not in value or _fits(inner, value[name]) for name, inner in wanted.items()),
    "additionalProperties": lambda wanted, value, schema: not isinstance(value, dict)
    or all(name in schema.get("properties", {}) or _fits(wanted, member) for name, member in value.items()),
    "anyOf": lambda wanted, value, _: any(_fits(one, value) for one in wanted),
    "allOf": lambda wanted, value, _: all(_fits(one, value) for one in wanted),
    "oneOf": lambda wanted, value, _: sum(_fits(one, value) for one in wanted) == 1,
    "not": lambda wanted, value, _: not _fits(wanted, value),
}
# Keywords that only describe, and those that hold schemas.
_WORDS = ("$schema", "$id", "$comment", "title", "description", "default", "examples", "format", "deprecated")
_INNER = ("items", "additionalProperties", "not", "anyOf", "allOf", "oneOf", "properties")


def _fits(schema, value):
    """Whether a value fits a JSON Schema: true, false, or an object with the keywords above."""
    if not isinstance(schema, dict):
        return schema is not False
    return all(key not in _CHECKS or _CHECKS[key](wanted, value, schema) for key, wanted in schema.items())


def _unknown_keyword(schema):
    if not isinstance(schema, dict):
        return None
    for keyword, wanted in schema.items():
        if keyword not in _CHECKS and keyword not in _WORDS:
            return keyword
        if keyword not in _INNER:
            continue
        inner = wanted if isinstance(wanted, list) else [wanted]
        if keyword == "properties" and isinstance(wanted, dict):
            inner = list(wanted.values())
        for one in inner:
            unknown = _unknown_keyword(one)
            if unknown is not None:
                return unknown
    return None


def _is_type(name, value):
    number = _is_number(value)
    return {
        "null": value is None,
        "boolean": isinstance(value, bool),
        "number": number,
        "integer": number and float(value).is_integer(),
        "string": isinstance(value, str),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
    }.get(name, False)


def _upgraded(fixture):
    """A fixture that version 1 wrote as one of version 2, which knows after which words of the user a call was made."""
    if not isinstance(fixture, dict) or not _equal(fixture.get("schemaVersion"), 1):
        return fixture
    fixture["schemaVersion"] = 2
    recording, messages = fixture.get("recording"), fixture.get("messages")
    if not isinstance(recording, list):
        return fixture
    made, turn = [], -1
    for message in messages if isinstance(messages, list) else []:
        if not isinstance(message, dict):
            continue
        turn += message.get("role") == "user"
        calls = message.get("toolCalls")
        for call in calls if isinstance(calls, list) else []:
            name = call.get("name", _ABSENT) if isinstance(call, dict) else _ABSENT
            later = range(len(made), len(recording))
            tools = (recording[i].get("tool", _ABSENT) if isinstance(recording[i], dict) else _ABSENT for i in later)
            found = next((i for i, tool in zip(later, tools) if isinstance(tool, str) and tool == name), -1)
            # Calls of sub-agents are no part of the messages; they were made on the way to this one.
            made.extend([turn] * (found + 1 - len(made)))
    for i, recorded in enumerate(recording):
        known = made[i] if i < len(made) else turn
        if isinstance(recorded, dict) and known > 0:
            recorded.setdefault("turn", known)
    return fixture


# --- Fixtures that can't be used ---------------------------------------------------------------------------------------

_KINDS = ("mustCall", "mustNotCall", "mustAskBefore", "finalMustNotClaim", "maxSteps", "maxRepeats", "evaluator")


def fixture_problem(fixture):
    """Why a fixture that was read from a file can't be used; None when it can. What is not understood is never passed
    over: a test that leaves an assertion out is green for no reason."""
    if not isinstance(fixture, dict):
        return "this is no fixture: it is not a JSON object."
    versions = [fixture.get("schemaVersion"), fixture.get("normaliserVersion")]
    if any(_is_number(version) and version > known for version, known in zip(versions, [2, 1])):
        return "this fixture was made by a newer version of Hindstep; update it here, or make the test again with it."
    if not _equal(versions, [2, 1]):
        return 'this fixture was made by another version of Hindstep; make it again ("re-record").'
    for name in ("messages", "tools", "recording", "expect", "volatile"):
        if not isinstance(fixture.get(name), list):
            return f"this fixture has no list of {name}."
    for name in ("failure", "correction"):
        if not isinstance(fixture.get(name), dict) or not isinstance(fixture[name].get("calls"), list):
            return f"this fixture has no calls in its {name}."
    choices = (("onMiss", "error", ("error", "not-found", "live")), ("order", "by-hash", ("by-hash", "sequential")))
    for name, default, allowed in choices:
        value = fixture.get(name, default)
        if not isinstance(value, str) or value not in allowed:
            return f"{name} is {_json(value)}; it may be {', '.join(allowed)}."
    for i, recorded in enumerate(fixture["recording"], 1):
        name = f"recorded call {i}"
        if not isinstance(recorded, dict) or not isinstance(recorded.get("tool"), str):
            return f"{name} needs a tool and arguments."
        if not isinstance(recorded.get("arguments"), dict):
            return f"{name} needs a tool and arguments."
        problem = _matchers_problem(recorded.get("match", {}), name)
        if problem is not None:
            return problem
    for i, expectation in enumerate(fixture["expect"], 1):
        name = f"expectation {i}"
        kind = expectation.get("kind") if isinstance(expectation, dict) else None
        if not isinstance(kind, str) or kind not in _KINDS:
            absent = not isinstance(expectation, dict) or "kind" not in expectation
            words = kind if isinstance(kind, str) else "undefined" if absent else _json(kind)
            return f'{name} is "{words}", which this version does not know; make the test again with a newer Hindstep.'
        absent = None if kind in ("mustCall", "mustNotCall") else {}
        problem = _matchers_problem(expectation.get("arguments", absent), name)
        if problem is not None:
            return problem
    for place, shape in _SHAPES:
        pointer = _misfit(fixture, place.split("/"), shape, "")
        if pointer is not None:
            return f"{pointer} must be {shape}."
    return None


# What stands where in a fixture: `*` is every element of a list, `?` may be absent.
_SHAPES = (
    ("goal", "a text"),
    ("messages/*", "an object"),
    ("messages/*/role", "system, user, assistant or tool"),
    ("messages/*/content", "a text"),
    ("tools/*", "an object"),
    ("tools/*/name", "a text"),
    ("environment?", "an object"),
    ("recording/*/isError?", "true or false"),
    ("recording/*/observation", "there"),
    ("failure/position", "a number"),
    ("failure/calls/*", "an object"),
    ("failure/calls/*/tool", "a text"),
    ("failure/calls/*/arguments", "an object"),
    ("failure/message?", "a text"),
    ("correction/calls/*", "an object"),
    ("correction/calls/*/tool", "a text"),
    ("correction/calls/*/arguments", "an object"),
    ("correction/message?", "a text"),
    ("expect/*/tool?", "a text"),
    ("expect/*/claim?", "a text"),
    ("expect/*/count?", "a number"),
    ("variants?/*", "an object"),
    ("variants?/*/id", "a text"),
    ("variants?/*/changes", "an object"),
    ("volatile/*", "a text"),
)


def _misfit(value, parts, shape, pointer):
    """The pointer of the first value at a place that has not the shape."""
    if not parts:
        return None if _has_shape(value, shape) else pointer
    if parts[0] == "*":
        for i, one in enumerate(value if isinstance(value, list) else []):
            found = _misfit(one, parts[1:], shape, f"{pointer}/{i}")
            if found is not None:
                return found
        return None
    name = parts[0].replace("?", "")
    if not isinstance(value, dict) or name not in value:
        return None if name != parts[0] else f"{pointer}/{'/'.join([name, *parts[1:]])}"
    return _misfit(value[name], parts[1:], shape, f"{pointer}/{name}")


def _has_shape(value, shape):
    if shape == "a text":
        return isinstance(value, str)
    if shape == "a number":
        return _is_number(value)
    if shape == "an object":
        return isinstance(value, dict)
    if shape == "true or false":
        return isinstance(value, bool)
    if shape == "there":
        return True
    return isinstance(value, str) and value in shape.replace(" or ", ", ").split(", ")


def _matchers_problem(arguments, name):
    if not isinstance(arguments, dict):
        return f"{name} needs arguments by name."
    for argument in _members(arguments):
        problem = _matcher_problem(arguments[argument])
        if problem is not None:
            return f"the matcher of {argument} in {name} {problem}."
    return None


def _is_matcher(value):
    return isinstance(value, dict) and "$match" in value and _matcher_problem(value) is None


def _matcher_problem(value):
    """What is wrong with a value that says it is a matcher; None when nothing is."""
    if not isinstance(value, dict) or "$match" not in value:
        return None
    kind = value["$match"]
    if kind in ("exact", "subset", "superset"):
        return None if "value" in value else "has no value"
    if kind == "oneOf":
        return None if isinstance(value.get("values"), list) else "has no list of values"
    if kind == "schema":
        if not isinstance(value.get("schema"), dict):
            return "has no schema"
        unknown = _unknown_keyword(value["schema"])
        return None if unknown is None else f'has a schema with "{unknown}", which is not understood'
    if kind == "regex":
        if not isinstance(value.get("pattern"), str):
            return "has no pattern"
        return None if _pattern(value["pattern"]) is not _NEVER else "has a pattern that is broken or could take for ever"
    if kind == "number":
        both = _is_number(value.get("value")) and _is_number(value.get("tolerance"))
        return None if both else "needs a value and a tolerance"
    if kind == "ignore":
        return None
    return f'is "{kind if isinstance(kind, str) else _json(kind)}", which is no matcher'


# --- What evaluators say, where the fixture asks for it ------------------------------------------------------------------


def _wants_verdicts(fixture):
    return any(expectation["kind"] == "evaluator" for expectation in fixture["expect"])


def _verdicts_of(path):
    """What `hindstep eval` says of each run of a trace."""
    lines = filter(None, (_run_hindstep(["eval", path, "--json"]) or "").split("\n"))
    judged = [json.loads(line) for line in lines]
    return [{v["evaluator"]: v["status"] for v in [*one["rollUps"], *one["verdicts"]]} for one in judged]


def _verdicts_of_messages(messages):
    """The same of a conversation, written for it as OpenAI chat messages."""
    with tempfile.TemporaryDirectory(prefix="hindstep-") as folder:
        path = os.path.join(folder, "run.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"messages": [_as_chat_message(message) for message in messages]}, file)
        found = _verdicts_of(path)
    return found[0] if found else {}


def _as_chat_message(message):
    chat = {"role": message["role"], "content": message["content"]}
    if "toolCalls" in message:
        chat["tool_calls"] = [
            {
                "id": call["id"],
                "type": "function",
                "function": {"name": call["name"], "arguments": json.dumps(call["arguments"])},
            }
            for call in message["toolCalls"]
        ]
    if "toolCallId" in message:
        chat["tool_call_id"] = message["toolCallId"]
    return chat


def _run_hindstep(arguments):
    """What the `hindstep` command prints; None when there is none, or it fails. HINDSTEP_CLI names its file."""
    command = os.environ.get("HINDSTEP_CLI")
    program = ["node", command] if command else ["hindstep"]
    try:
        finished = subprocess.run([*program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return None
    # 1 says that something was found.
    return finished.stdout.decode("utf-8") if finished.returncode in (0, 1) else None


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
    output = _run_hindstep(["steps", path, "--json"])
    if output is None:
        raise RuntimeError(
            f'hindstep: {path} is neither chat messages nor ATIF, and "hindstep" is not on the PATH to read it.'
        )
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
    """Arguments as an object; a text is read as JSON."""
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError:
            return {}
    return arguments if isinstance(arguments, dict) else {}


# --- Values ----------------------------------------------------------------------------------------------------------


def _call(tool, arguments, asked=False):
    return {"tool": tool, "arguments": _plain(arguments), "asked": asked}


def _arguments(arguments, more):
    return {**_parsed(arguments), **more}


def _plain(value):
    """A copy as JSON sees it, so that later changes by the agent change nothing here."""
    return json.loads(json.dumps(value, default=str))


def _equal(a, b):
    """Equal as JSON: 1 and 1.0 are, 1 and true are not."""
    if a is _ABSENT or b is _ABSENT:
        return a is b
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_equal(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_equal(x, y) for x, y in zip(a, b))
    if _is_number(a) and _is_number(b):
        return float(a) == float(b)
    return a == b


def _strip(value, pointers):
    """A copy without what stands at the volatile pointers (request ids, times)."""
    value = copy.deepcopy(value)
    for pointer in pointers:
        *parts, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]] or [""]
        here = value
        for part in parts:
            if isinstance(here, list):
                here = here[int(part)] if re.fullmatch(r"0|[1-9][0-9]*", part) and int(part) < len(here) else None
            else:
                here = here.get(part) if isinstance(here, dict) else None
        if isinstance(here, dict):
            here.pop(last, None)
    return value


_NEVER = re.compile(r"(?!)")
_PATTERNS = {}


def _pattern(text):
    """A pattern as JavaScript reads it. One that is broken, too long, or could take exponential time finds nothing."""
    if text not in _PATTERNS:
        _PATTERNS[text] = _NEVER
        if len(text) <= 300 and not _repeats_repetition(text) and not re.search(r"\\[1-9]|\\k<", text):
            try:
                _PATTERNS[text] = re.compile(_translated(text))
            except re.error:
                pass
    return _PATTERNS[text]


def _repeats_repetition(pattern):
    """A group with a quantifier or a choice inside, at any depth, and a quantifier without an end behind it."""
    groups = []
    i = 0
    while i < len(pattern):
        character = pattern[i]
        if character == "\\":
            i += 1
        elif character == "[":
            i = _class_end(pattern, i)
        elif character == "(":
            groups.append(False)
            if pattern[i + 1 : i + 2] == "?":
                i += 1
        elif character == ")":
            is_open = groups.pop() if groups else False
            if is_open and re.match(r"[*+]|\{[0-9]+,(?:[0-9]{2,})?\}|\{[0-9]{2,}\}", pattern[i + 1 : i + 12]):
                return True
            if is_open and groups:
                groups[-1] = True
        elif groups and (character in "*+?|" or re.match(r"\{[0-9]+,", pattern[i : i + 12])):
            groups[-1] = True
        i += 1
    return False


def _class_end(pattern, start):
    i = start + 1
    while i < len(pattern) and pattern[i] != "]":
        i += 2 if pattern[i] == "\\" else 1
    return i


# Where Python reads an escape in another way than JavaScript.
_ESCAPES = {"d": "0-9", "w": "A-Za-z0-9_", "s": "\\t-\\r \\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"}


def _translated(pattern):
    """JavaScript's pattern in Python's words: plain digits and letters, and the very end."""
    pieces = []
    in_class = False
    i = 0
    while i < len(pattern):
        character = pattern[i]
        if character == "\\" and i + 1 < len(pattern):
            i += 1
            escaped = pattern[i]
            if escaped.lower() in _ESCAPES:
                inner = _ESCAPES[escaped.lower()]
                negated = escaped.isupper()
                if in_class and negated:
                    raise re.error("a negated escape in a class")
                pieces.append(inner if in_class else f"[{'^' if negated else ''}{inner}]")
            elif escaped in "bB":
                pieces.append("\\x08" if in_class else f"(?a:\\{escaped})")
            elif escaped == "/":
                pieces.append("/")
            elif escaped in "fnrtv" or not escaped.isalnum():
                pieces.append(f"\\{escaped}")
            else:
                raise re.error("an escape that Python does not have")
        elif character == "$" and not in_class:
            pieces.append("\\Z")
        elif character == "." and not in_class:
            pieces.append("[^\\n\\r\\u2028\\u2029]")
        elif character == "[" and in_class:
            pieces.append("\\[")
        else:
            if character == "[":
                in_class = True
            elif character == "]":
                in_class = False
            pieces.append(character)
        i += 1
    return "".join(pieces)


def _start(text):
    """The first 10,000 UTF-16 code units, as JavaScript counts them."""
    return text.encode("utf-16-le", "surrogatepass")[:20_000].decode("utf-16-le", "surrogatepass")


def _described(arguments):
    named = []
    for name in _members(arguments or {}):
        matcher = arguments[name]
        if not _is_matcher(matcher):
            named.append(f"{name} {_brief(matcher)}")
            continue
        rest = " ± ".join(_brief(matcher[key]) for key in _members(matcher) if key != "$match")
        named.append(f"{name} {matcher['$match']} {rest}".rstrip())
    return f" with {', '.join(named)}" if named else ""


def _show(call):
    return f"{call['tool']}({_brief(call['arguments'])})"


def _brief(value):
    """A value in at most 120 characters."""
    if value is _ABSENT:
        return "nothing"
    text = value if isinstance(value, str) else _json(value)
    return f"{text[:119]}…" if len(text) > 120 else text


def _json(value):
    """JSON as JavaScript writes it."""
    if isinstance(value, dict):
        return f"{{{','.join(f'{_json(key)}:{_json(value[key])}' for key in _members(value))}}}"
    if isinstance(value, list):
        return f"[{','.join(_json(one) for one in value)}]"
    if _is_number(value):
        return _number_text(float(value))
    text = json.dumps(value, ensure_ascii=False)
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half.group()):04x}", text)


def _number_text(number):
    """A number as JavaScript writes it: 39, 0.1, 1e+21, 1e-7."""
    if number != number or number in (float("inf"), float("-inf")):
        return "null"
    mantissa, exponent = f"{repr(abs(number))}e0".split("e")[:2]
    whole, _, fraction = mantissa.partition(".")
    digits = f"{whole}{fraction}".lstrip("0")
    point = len(whole) + int(exponent) - (len(f"{whole}{fraction}") - len(digits))
    digits = digits.rstrip("0")
    sign = "-" if number < 0 else ""
    if digits == "":
        return "0"
    if len(digits) <= point <= 21:
        return f"{sign}{digits}{'0' * (point - len(digits))}"
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    power = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return f"{sign}{digits[0]}{'.' if len(digits) > 1 else ''}{digits[1:]}{power}"


def _members(value):
    """The names of an object in JavaScript's order: whole numbers first."""
    numbers = [key for key in value if re.fullmatch(r"0|[1-9][0-9]{0,9}", key) and int(key) < 2**32 - 1]
    return sorted(numbers, key=int) + [key for key in value if key not in numbers]


def _times(count):
    return "once" if count == 1 else f"{count} times"


def _normal(text):
    """As people compare words: whatever the case and the spaces."""
    return re.sub(f"[{_ESCAPES['s']}]+", " ", text.lower()).strip(" ")

"""Runs one agent: given to Python with -c, in a process of its own.

On stdin come lines of JSON: which agent, then what it is told and what its tools answer; lines of JSON go back on
descriptor 3. stdout and stderr are the agent's.
"""

import asyncio
import importlib.util
import inspect
import json
import os
import sys
import threading
import traceback


class Parent:
    """The other end: calls go out under a number, and answers come back by it, to whichever thread waits."""

    def __init__(self):
        self._out = os.fdopen(3, "wb")
        self._lock = threading.Condition()
        self._answers = {}
        self._calls = 0

    def send(self, message):
        line = json.dumps(message, allow_nan=False).encode() + b"\n"
        with self._lock:
            self._out.write(line)
            self._out.flush()

    def call(self, tool, arguments):
        with self._lock:
            self._calls += 1
            call = self._calls
        self.send({"kind": "call", "call": call, "tool": tool, "arguments": arguments})
        with self._lock:
            self._lock.wait_for(lambda: call in self._answers)
            return self._answers.pop(call)

    def answer(self, call, observation):
        with self._lock:
            self._answers[call] = observation
            self._lock.notify_all()


def load(file, name):
    spec = importlib.util.spec_from_file_location("hindstep_agent", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, os.path.dirname(file))
    spec.loader.exec_module(module)
    agent = vars(module).get(name)
    if not callable(agent):
        raise RuntimeError(f"it has no function named {name}")
    return agent


def takes_environment(agent):
    try:
        parameters = inspect.signature(agent).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(one.name == "environment" or one.kind is one.VAR_KEYWORD for one in parameters)


def run(parent, agent, told):
    def call_tool(tool, arguments=None, **more):
        return parent.call(tool, {**(arguments or {}), **more})

    async def call_tool_later(tool, arguments=None, **more):
        return await asyncio.to_thread(parent.call, tool, {**(arguments or {}), **more})

    is_coroutine = inspect.iscoroutinefunction(agent) or inspect.iscoroutinefunction(getattr(agent, "__call__", None))
    given = {name: value for name, value in told.items() if name != "environment" or takes_environment(agent)}
    answer = agent(**given, call_tool=call_tool_later if is_coroutine else call_tool)
    if inspect.isawaitable(answer):

        async def wait():
            return await answer

        answer = asyncio.run(wait())
    return answer


def said_by(thrown, file):
    said = {"message": f"{type(thrown).__name__}: {thrown}"}
    for frame in reversed(traceback.extract_tb(thrown.__traceback__)):
        if os.path.abspath(frame.filename).startswith(os.path.dirname(file) + os.sep):
            said["place"] = f"{os.path.basename(frame.filename)}:{frame.lineno}"
            break
    return said


def work(parent, turns, asked):
    try:
        agent = load(asked["file"], asked["name"])
        while True:
            told = turns.get()
            if told is None:
                return
            parent.send({"kind": "said", "answer": run(parent, agent, told)})
    except BaseException as thrown:  # Also SystemExit: whatever ends the agent is told.
        parent.send({"kind": "thrown", **said_by(thrown, asked["file"])})


class Turns:
    def __init__(self):
        self._lock = threading.Condition()
        self._turns = []

    def put(self, turn):
        with self._lock:
            self._turns.append(turn)
            self._lock.notify()

    def get(self):
        with self._lock:
            self._lock.wait_for(lambda: self._turns)
            return self._turns.pop(0)


def listen(parent, turns, lines):
    for line in lines:
        message = json.loads(line)
        if message["kind"] == "turn":
            turns.put({name: message[name] for name in ("goal", "messages", "tools", "environment")})
        else:
            parent.answer(message["call"], message["observation"])
    os._exit(0)


def main():
    lines = iter(sys.stdin.buffer)
    asked = json.loads(next(lines))
    parent, turns = Parent(), Turns()
    threading.Thread(target=listen, args=(parent, turns, lines), daemon=True).start()
    # The agent runs in the main thread: signals and some libraries ask for it.
    work(parent, turns, asked)


main()

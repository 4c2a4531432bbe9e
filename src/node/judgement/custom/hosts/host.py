"""Runs one custom evaluator: given to Python with -c, in a process of its own.

On stdin comes a line of JSON with what is asked, then a line for each step; one line of JSON goes back on descriptor 3.
stdout and stderr are the evaluator's.
"""

import asyncio
import dataclasses
import importlib.util
import inspect
import json
import os
import sys
import traceback


class Steps:
    """The steps, read when they are asked for, so that a run of any length takes the memory of one step."""

    def __init__(self, lines):
        self._lines = lines
        self._begun = False

    def __iter__(self):
        if self._begun:
            raise RuntimeError("the steps stream past once; to go over them again, keep them: list(run['steps'])")
        self._begun = True
        return (json.loads(line) for line in self._lines)


def plain(value):
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"a verdict can not hold {type(value).__name__}")


def answer(value):
    with os.fdopen(3, "wb") as out:
        out.write(json.dumps(value, default=plain, allow_nan=False).encode() + b"\n")


def said_by(thrown, file):
    said = {"message": f"{type(thrown).__name__}: {thrown}"}
    for frame in reversed(traceback.extract_tb(thrown.__traceback__)):
        if os.path.abspath(frame.filename).startswith(os.path.dirname(file) + os.sep):
            said["place"] = f"{os.path.basename(frame.filename)}:{frame.lineno}"
            break
    return said


def judge(asked, lines, said):
    file = asked["file"]
    spec = importlib.util.spec_from_file_location("hindstep_custom_evaluator", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, os.path.dirname(file))
    spec.loader.exec_module(module)
    for name in ("id", "title", "summary"):
        if name in vars(module):
            said[name] = vars(module)[name]
    evaluate = vars(module).get("evaluate")
    if not callable(evaluate):
        raise RuntimeError("it has no function named evaluate")
    verdict = evaluate({**asked["run"], "steps": Steps(lines)}, asked["context"])
    if inspect.isawaitable(verdict):

        async def wait():
            return await verdict

        verdict = asyncio.run(wait())
    # Checked here, so that what can't be written is told as the evaluator's own fault.
    said["verdict"] = json.loads(json.dumps(verdict, default=plain, allow_nan=False))


def main():
    lines = iter(sys.stdin.buffer)
    asked = json.loads(next(lines))
    said = {}
    try:
        judge(asked, lines, said)
        answer(said)
    except BaseException as thrown:  # Also SystemExit: whatever ends the evaluator is told.
        named = {name: said[name] for name in ("id", "title") if isinstance(said.get(name), str)}
        answer({**named, "thrown": said_by(thrown, asked["file"])})
    os._exit(0)


main()

# hindstep-evaluator 1: the types of custom evaluators, written by Hindstep. A newer Hindstep may write it anew.
"""Types and helpers for custom evaluators of Hindstep; Python 3.9 or newer, no other packages.

A custom evaluator is a file ``NAME.evaluator.py`` with ``id``, ``title``, ``summary`` and a function
``evaluate(run, context)``, which may be ``async``. It runs in a process of its own with limits of time and memory, and
sees the steps of one run stream past once. Members that the trace does not record are absent: ask with ``.get``.
"""

from typing import Any, Dict, Iterable, List, Literal, Optional, TypedDict

__all__ = ["Action", "Context", "Finding", "Run", "Step", "Verdict", "failed", "finding", "not_applicable", "passed", "text_of", "warned"]


class StepPlace(TypedDict, total=False):
    """A place in a run: a step (from 0), and optionally a JSON pointer into it and the words there."""

    step: int
    pointer: str
    quote: str


class Finding(TypedDict, total=False):
    """One fault: ``step`` and ``message`` are needed. ``pointer`` is a JSON pointer into the step."""

    step: int
    pointer: str
    message: str
    evidence: List[StepPlace]
    expected: str
    actual: str
    confidence: Literal["certain", "likely", "heuristic"]
    severity: Literal["error", "warning", "information"]


class Verdict(TypedDict, total=False):
    """``status`` and ``reason`` are needed; ``name`` too when an evaluator gives a list of verdicts."""

    name: str
    status: Literal["pass", "fail", "warn", "na"]
    score: Optional[float]
    reason: str
    findings: List[Finding]


class Usage(TypedDict, total=False):
    inputTokens: int
    outputTokens: int
    cachedTokens: int
    reasoningTokens: int


class ByteRange(TypedDict):
    source: int
    start: int
    end: int


class ContentPart(TypedDict, total=False):
    """``text``, ``diff`` and ``terminal`` have a ``text``, ``json`` has a ``value``, ``image`` the rest."""

    type: Literal["text", "json", "image", "diff", "terminal"]
    text: str
    value: Any
    mediaType: str
    data: str
    path: str
    url: str


class Observation(TypedDict, total=False):
    content: List[ContentPart]
    isError: bool
    errorSource: Literal["flag", "exit-code", "text"]
    errorType: str
    exitCode: int
    duration: float
    range: ByteRange


class Box(TypedDict):
    x: float
    y: float
    width: float
    height: float


class Target(TypedDict, total=False):
    """What a user-interface action was aimed at. Coordinates are pixels of the screenshot."""

    element: str
    found: str
    role: str
    url: str
    x: float
    y: float
    box: Box


class Approval(TypedDict, total=False):
    decision: Literal["requested", "approved", "rejected", "modified", "auto"]
    by: str
    arguments: Dict[str, Any]
    feedback: str


class Action(TypedDict, total=False):
    """A call of a tool. ``effect`` is as recorded, or as told by policy, tool, arguments or name."""

    tool: str
    arguments: Dict[str, Any]
    rawArguments: str
    argumentsRecorded: bool
    argumentsProblem: str
    callId: str
    target: Target
    effect: Literal["read", "write", "irreversible"]
    approval: Approval
    observation: Observation
    startTime: float
    endTime: float


class StateSnapshot(TypedDict, total=False):
    before: Any
    after: Any


class Step(TypedDict, total=False):
    """One decision of one agent. ``index`` counts from 0; ``parent`` is -1 for a step that is not nested."""

    index: int
    id: str
    kind: Literal["user", "system", "plan", "action", "approval", "final", "other"]
    label: str
    agent: str
    tools: List[str]
    preview: str
    depth: int
    parent: int
    end: int
    status: Literal["ok", "error", "suspect-error", "unknown"]
    startTime: float
    endTime: float
    tokens: int
    cost: float
    childRuns: List[str]
    parts: List[ByteRange]
    thought: str
    message: List[ContentPart]
    actions: List[Action]
    state: StateSnapshot
    screen: ContentPart
    usage: Usage
    model: str
    finishReason: str
    request: Any
    approval: Approval
    extra: Dict[str, Any]


class ToolDeclaration(TypedDict, total=False):
    name: str
    description: str
    inputSchema: Dict[str, Any]
    annotations: Dict[str, Any]


class Outcome(TypedDict, total=False):
    status: Literal["passed", "failed", "unknown"]
    reason: str
    reward: float


Outcome.__annotations__["from"] = str


class Feedback(TypedDict, total=False):
    kind: Literal["thumbs-up", "thumbs-down", "score", "comment"]
    name: str
    value: float
    comment: str
    step: int


class ExpectedAction(TypedDict):
    tool: str
    arguments: Dict[str, Any]


class Run(TypedDict, total=False):
    """One trajectory. ``steps`` can be gone over once; ``list(run["steps"])`` keeps them all."""

    id: str
    title: str
    goal: str
    goalStep: int
    agent: str
    model: str
    tools: List[ToolDeclaration]
    systemPrompt: str
    stepCount: int
    steps: Iterable[Step]
    outcome: Outcome
    feedback: List[Feedback]
    expectedActions: List[ExpectedAction]
    usage: Usage
    cost: float
    startTime: float
    endTime: float
    parentRun: str
    parentStep: int
    cohort: Dict[str, str]
    ended: Literal["final-answer", "limit", "crash", "interrupted", "escalated", "unknown"]


class BuiltInVerdict(TypedDict):
    evaluator: str
    status: Literal["pass", "fail", "warn", "na", "error"]
    score: Optional[float]
    reason: str
    findings: List[Finding]


class Context(TypedDict):
    """What the built-in evaluators said of the run."""

    verdicts: List[BuiltInVerdict]


def passed(reason: str, score: Optional[float] = 1.0) -> Verdict:
    """There was something to check, and it is as it should be."""
    return {"status": "pass", "score": score, "reason": reason}


def failed(reason: str, findings: Iterable[Finding] = (), score: Optional[float] = 0.0) -> Verdict:
    return {"status": "fail", "score": score, "reason": reason, "findings": list(findings)}


def warned(reason: str, findings: Iterable[Finding] = (), score: Optional[float] = None) -> Verdict:
    return {"status": "warn", "score": score, "reason": reason, "findings": list(findings)}


def not_applicable(reason: str) -> Verdict:
    """There was nothing to judge by."""
    return {"status": "na", "score": None, "reason": reason}


def finding(step: int, message: str, pointer: str = "", **more: Any) -> Finding:
    """One fault at a step; ``more``: evidence, expected, actual, confidence, severity."""
    found: Finding = {"step": step, "message": message, "pointer": pointer}
    found.update(more)  # type: ignore[typeddict-item]
    return found


def text_of(parts: Optional[Iterable[ContentPart]]) -> str:
    """The texts of a message or an observation, one below the other."""
    return "\n".join(part["text"] for part in parts or () if "text" in part)

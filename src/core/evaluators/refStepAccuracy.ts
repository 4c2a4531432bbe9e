import { align } from '../compare/align.ts';
import { comparedCall } from '../compare/call.ts';
import { differences, inWords } from '../compare/differences.ts';
import type { Step, Target } from '../trace/model.ts';
import { pointerParts } from '../util/pointer.ts';
import type { EvaluationContext } from './context.ts';
import type { Conclusion, Evaluator, Observer } from './evaluator.ts';
import type { ExpectedCall, Reference } from './reference.ts';
import { CallLog, type LoggedCall } from './shared/callLog.ts';
import { MOST_FINDINGS, notApplicable } from './shared/conclude.ts';
import { NoReference } from './shared/noReference.ts';
import { bareToolName } from './shared/toolNames.ts';
import { counted } from './shared/wording.ts';
import type { Finding } from './verdict.ts';

/** How far from the expected point a click is still on the same thing, in pixels: the smallest target that WCAG 2.2 allows. */
const REACH = 24;

/** Whether each action on a user interface was the right operation on the right object, and ended or went on as it should. */
export const refStepAccuracy: Evaluator = {
  id: 'ref.step-accuracy',
  title: 'Step accuracy',
  summary: 'Actions on a user interface with the wrong object, the wrong operation, or that end too early or too late.',
  level: 'step',
  severity: 'error',
  needs: ['a reference', 'user-interface actions'],
  definition:
    "A step of a large action model is right when its object (the element, or a point on it), its operation (the action's " +
    'kind with its text) and its status (the work goes on, or is done) are all those of the reference. The score is the ' +
    'step success rate (SSR): right steps of all steps of the reference; the task success (TSR) is 1 when all are right ' +
    `and none was made besides. A point counts as the same within the expected box, or within ${REACH} pixels.`,
  notApplicable: 'There is no reference, or none of its actions is aimed at a user interface.',
  falsePositives: 'Another element that does the same; the same element under a new label or at another place.',
  defaultThreshold: 'all steps right',
  start: (context) =>
    context.reference === undefined ? new NoReference() : new StepAccuracyObserver(context.reference, context),
};

class StepAccuracyObserver implements Observer {
  readonly #log: CallLog;

  constructor(
    private readonly reference: Reference,
    context: EvaluationContext,
  ) {
    this.#log = CallLog.of(context);
  }

  step(step: Step): void {
    this.#log.note(step);
  }

  finish(): Conclusion {
    const wanted = this.reference.calls;
    const made = this.#log.calls;
    if (!wanted.some(({ target }) => target !== undefined)) {
      return notApplicable('No action of the reference is aimed at a user interface.');
    }
    const judged = judgedOf(wanted, made);
    const steps = judged.filter((one) => one.kind !== 'besides');
    const right = steps.filter((one) => one.kind === 'made' && one.wrong.length === 0).length;
    const besides = judged.length - steps.length;
    const withRight = (part: Part) =>
      steps.filter((one) => one.kind === 'made' && !one.wrong.some((wrong) => wrong.part === part)).length;
    const status = steps.filter((one) => one.expected.ends !== undefined).length;
    const parts = [
      `object ${withRight('object')}`,
      `operation ${withRight('operation')}`,
      ...(status > 0 ? [`status ${withRight('status')}`] : []),
    ].join(', ');
    const score = right / steps.length;
    const done = right === steps.length && besides === 0;
    const extra = besides === 0 ? '' : `; ${counted(besides, 'action')} besides`;
    const reason = `${right} of ${counted(steps.length, 'step')} right (SSR ${score.toFixed(2)}: ${parts} of ${steps.length}${extra}; TSR ${done ? 1 : 0}), by ${this.reference.from}.`;
    const findings = steps.flatMap((one) => this.#finding(one) ?? []).slice(0, MOST_FINDINGS);
    return { status: right === steps.length ? 'pass' : 'fail', score, reason, findings };
  }

  #finding(one: Exclude<Judged, { kind: 'besides' }>): Finding | undefined {
    const step = one.kind === 'made' ? one.made.step : (one.before?.step ?? this.#log.last);
    if (step === undefined) return undefined;
    const common = { step, evidence: [], confidence: 'likely', severity: 'error' } as const;
    const [tool] = one.expected.tools;
    if (one.kind === 'missing') {
      const message = `The reference expects ${tool}${named(one.expected.target)} ${one.before === undefined ? 'before the end' : 'here'}, and it was not done.`;
      return { ...common, pointer: one.before?.pointer ?? '', message };
    }
    const [first] = one.wrong;
    if (first === undefined) return undefined;
    return {
      ...common,
      pointer: `${one.made.pointer}${first.pointer}`,
      message: `The wrong ${one.wrong.map(({ part }) => part).join(' and ')}: ${one.wrong.map(({ words }) => words).join('; ')}.`,
      ...(first.expected !== undefined && { expected: first.expected }),
      ...(first.actual !== undefined && { actual: first.actual }),
    };
  }
}

type Part = 'object' | 'operation' | 'status';

interface Wrong {
  readonly part: Part;
  readonly words: string;
  /** Into the action. */
  readonly pointer: string;
  readonly expected?: string;
  readonly actual?: string;
}

type Judged =
  | {
      readonly kind: 'made';
      readonly expected: ExpectedCall;
      readonly made: LoggedCall;
      readonly wrong: readonly Wrong[];
    }
  | { readonly kind: 'missing'; readonly expected: ExpectedCall; readonly before?: LoggedCall }
  | { readonly kind: 'besides' };

function judgedOf(wanted: readonly ExpectedCall[], made: readonly LoggedCall[]): Judged[] {
  const places = align(
    wanted.map(onScreen),
    made.map(({ aimed, call }) => aimed ?? call),
  );
  const judged: Judged[] = [];
  let next: LoggedCall | undefined;
  for (const place of places.reverse()) {
    const expected = 'left' in place ? wanted[place.left] : undefined;
    const logged = 'right' in place ? made[place.right] : undefined;
    next = logged ?? next;
    if (expected === undefined) judged.push({ kind: 'besides' });
    else if (logged !== undefined)
      judged.push({ kind: 'made', expected, made: logged, wrong: wrongOf(expected, logged) });
    else judged.push({ kind: 'missing', expected, ...(next !== undefined && { before: next }) });
  }
  return judged.reverse();
}

function wrongOf(expected: ExpectedCall, made: LoggedCall): Wrong[] {
  const wrong: Wrong[] = [];
  if (expected.target !== undefined && !sameObject(expected.target, made.target)) {
    const [should, is] = [objectText(expected.target), objectText(made.target)];
    wrong.push({
      part: 'object',
      words: `${should} was expected, got ${is}`,
      pointer: '/target',
      expected: should,
      actual: is,
    });
  }
  const operation = operationOf(expected, made);
  if (operation !== undefined) wrong.push(operation);
  if (expected.ends !== undefined && expected.ends !== made.ends) {
    const words = expected.ends ? 'the work was to be done here, and went on' : 'it ended here, and was to go on';
    wrong.push({ part: 'status', words, pointer: '' });
  }
  return wrong;
}

/** The action's kind with what it types or chooses; where it is aimed is the object's business. */
function operationOf(expected: ExpectedCall, made: LoggedCall): Wrong | undefined {
  const { call } = made;
  const tool = expected.tools.map(bareToolName).includes(call.tool) ? call.tool : bareToolName(expected.tools[0]);
  const should = comparedCall({
    tool,
    arguments: expected.arguments ?? {},
    argumentsRecorded: expected.arguments !== undefined,
  });
  const found = differences(should, call).filter(({ pointer }) => !aims(pointer));
  const [first] = found;
  if (first === undefined) return undefined;
  const { expected: was, actual } = first;
  const pointer = actual === undefined ? '' : first.pointer;
  return {
    part: 'operation',
    words: inWords(found),
    pointer,
    ...(was !== undefined && { expected: was }),
    ...(actual !== undefined && { actual }),
  };
}

/** Arguments that say where an action is aimed. */
const AIMING =
  /^(?:x|y|[xy]\d|coordinates?|position|point|start|end|start_?box|end_?box|box|bbox|element|element_?id|selector|index|ref|uid|node_?id|bid|control_?(?:text|label|id))$/i;

function aims(pointer: string): boolean {
  return AIMING.test(pointerParts(pointer)[1] ?? '');
}

/** The same element by its name; where the reference knows only a place, the same place; only a role, the same role. */
function sameObject(expected: Target, made: Target | undefined): boolean {
  if (made === undefined) return false;
  if (expected.element !== undefined && made.element !== undefined)
    return plain(expected.element) === plain(made.element);
  const { x, y } = made;
  const { box } = expected;
  if (x !== undefined && y !== undefined) {
    if (box !== undefined) return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
    if (expected.x !== undefined && expected.y !== undefined)
      return Math.hypot(x - expected.x, y - expected.y) <= REACH;
  }
  if (expected.element !== undefined || expected.x !== undefined || box !== undefined) return false;
  return expected.url !== undefined ? expected.url === made.url : expected.role === made.role;
}

function plain(element: string): string {
  return element.trim().replace(/\s+/g, ' ').toLowerCase();
}

function objectText(target: Target | undefined): string {
  if (target === undefined) return 'nothing';
  const { element, role, url, x, y } = target;
  if (element !== undefined) return `"${element.slice(0, 60)}"`;
  return x !== undefined && y !== undefined ? `(${x}, ${y})` : (role ?? url ?? 'nothing');
}

function named(target: Target | undefined): string {
  return target === undefined ? '' : ` on ${objectText(target)}`;
}

function onScreen({ tools: [tool], arguments: args, target }: ExpectedCall) {
  return comparedCall({
    tool: bareToolName(tool),
    arguments: args ?? {},
    argumentsRecorded: true,
    ...(target !== undefined && { target }),
  });
}

import { counted } from '../evaluators/shared/wording.ts';
import type { Finding, ModelNote, Verdict, VerdictStatus } from '../evaluators/verdict.ts';
import { sha256Hex } from '../util/canonical.ts';
import type { Answer } from './answer.ts';
import type { JudgeQuestion, RunQuestions } from './question.ts';
import type { Rubric } from './rubric.ts';
import { RUBRICS } from './rubrics.ts';

/** What became of one question. */
export type Settled =
  | { readonly status: 'answered'; readonly answer: Answer; readonly cached: boolean }
  /** Asked, but the answer can not be used, or none came: a sentence why. */
  | { readonly status: 'unusable'; readonly problem: string }
  /** Only the cache was to be used, and it has no answer. */
  | { readonly status: 'missing' };

export interface SettledQuestion {
  readonly question: JudgeQuestion;
  readonly settled: Settled;
}

/** The model, as verdicts name it. */
export type AskedModel = Omit<ModelNote, 'promptHash' | 'cached'>;

/** One verdict for each rubric. Only checked answers count; without any it is `na`, or `error` when the model failed at it. */
export function verdictsOf({ silent }: RunQuestions, all: readonly SettledQuestion[], model: AskedModel): Verdict[] {
  return RUBRICS.map((rubric) => {
    const own = all.filter(({ question }) => question.rubric === rubric.id);
    const why = silent[rubric.id];
    if (why !== undefined || own.length === 0) {
      return { ...signature(rubric), status: 'na', score: null, reason: why ?? 'Nothing was asked.', findings: [] };
    }
    const cached = own.every(({ settled }) => settled.status === 'answered' && settled.cached);
    const promptHash = sha256Hex(own.map(({ question }) => question.hash).join('\n'));
    return { ...verdictOf(rubric, own, model), judge: { ...model, promptHash, cached } };
  });
}

function verdictOf(rubric: Rubric, own: readonly SettledQuestion[], { model }: AskedModel): Verdict {
  const answers = own.flatMap(({ question, settled }) =>
    settled.status === 'answered' ? [{ question, answer: settled.answer }] : [],
  );
  const scores = answers.flatMap(({ answer }) => (answer.label.score === null ? [] : [answer.label.score]));
  const rest = restOf(own, answers.length - scores.length);
  const asked = `Model judge (${model})`;
  if (scores.length === 0) {
    const failed = own.some(({ settled }) => settled.status === 'unusable');
    const status = failed ? 'error' : 'na';
    return { ...signature(rubric), status, score: null, reason: `${asked}: no judgement. ${rest}`, findings: [] };
  }
  const findings = answers.flatMap(({ question, answer }) => findingOf(question, answer) ?? []);
  const statuses = new Set(answers.map(({ answer }) => answer.label.status));
  const status: VerdictStatus = statuses.has('fail') ? 'fail' : statuses.has('warn') ? 'warn' : 'pass';
  const score = scores.reduce((sum, one) => sum + one, 0) / scores.length;
  const found = findings.length === 0 ? 'nothing found' : `${counted(findings.length, 'finding')}`;
  const reason = `${asked}: ${counted(scores.length, 'answer')} with evidence, ${found}.${rest === '' ? '' : ` ${rest}`}`;
  return { ...signature(rubric), status, score: Math.round(score * 1000) / 1000, reason, findings };
}

function signature({ id, title }: Rubric): Pick<Verdict, 'evaluator' | 'title'> {
  return { evaluator: id, title };
}

/** What of the questions came to nothing, and the first reason. */
function restOf(own: readonly SettledQuestion[], untold: number): string {
  const missing = own.filter(({ settled }) => settled.status === 'missing').length;
  const problems = own.flatMap(({ settled }) => (settled.status === 'unusable' ? [settled.problem] : []));
  const [first] = problems;
  const parts = [
    untold === 0 ? '' : `The model could not tell in ${counted(untold, 'case')}.`,
    missing === 0 ? '' : `${counted(missing, 'answer')} not in the cache, and only the cache may be used.`,
    first === undefined ? '' : `${counted(problems.length, 'answer')} could not be used: ${first}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** A finding points at the decision that was asked about; one about the run, at the last step that its evidence names. */
function findingOf(question: JudgeQuestion, { label, reason, evidence }: Answer): Finding | undefined {
  const last = evidence.reduce((latest, { step }) => Math.max(latest, step), -1);
  const step = question.step ?? last;
  if (label.finding === undefined || step < 0) return undefined;
  const here = evidence.find((quote) => quote.step === step);
  const said = reason === '' ? '' : ` It says: ${reason}`;
  return {
    step,
    pointer: question.step === undefined ? (here?.pointer ?? '') : actionOf(here?.pointer),
    message: `By a model's reading: ${label.finding}.${said}`,
    evidence,
    confidence: 'heuristic',
    severity: 'warning',
  };
}

/** Where a finding about a decision points: into an action; the first, when its evidence is elsewhere. */
function actionOf(pointer: string | undefined): string {
  return pointer?.startsWith('/actions/') === true ? pointer : '/actions/0';
}

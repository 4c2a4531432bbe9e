import type { OpenTrace } from '../formats/openTrace.ts';
import { Redactor, type SecretDetector } from '../redact/redact.ts';
import type { Action, Run, Step } from '../trace/model.ts';
import type { Json } from '../util/json.ts';
import type { Exporter, ExportRun } from './exporter.ts';
import { EXPORT_FIELDS, type ExportField, fieldsOfRun, fieldsOfStep } from './exportField.ts';

export interface ConvertOptions {
  /** Ids of the runs to write, with the sub-agents that they started; all unless told. */
  readonly runs?: ReadonlySet<string>;
  readonly detect?: SecretDetector;
  readonly signal?: AbortSignal;
  /** Called with steps gone through of `total`; every step is gone through twice. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was not written, because the target has no place for it. */
export interface Loss {
  readonly field: ExportField;
  /** Name for people. */
  readonly title: string;
  /** In how many steps (for what a run has itself: in how many runs). */
  readonly count: number;
}

export interface Conversion {
  /** The file's text, in pieces. Secrets are replaced by placeholders that are the same in all of them. */
  readonly text: AsyncGenerator<string>;
  /** Complete once `text` is at its end. */
  losses(): readonly Loss[];
  /** How many texts were redacted; complete once `text` is at its end. */
  redactions(): number;
}

/**
 * Writes an opened trace in another format, in pieces: the steps are gone through once to learn the secrets and once to
 * write. Rejects with a sentence when there is nothing to write or the bytes can't be read, and with the signal's reason
 * when it is aborted.
 */
export async function convert(
  opened: OpenTrace,
  exporter: Exporter,
  options: ConvertOptions = {},
): Promise<Conversion> {
  const conversion = new Converter(opened, exporter, options);
  await conversion.learn();
  return conversion;
}

class Converter implements Conversion {
  readonly text: AsyncGenerator<string>;
  private readonly redactor: Redactor;
  private readonly counts = new Map<ExportField, number>();
  private readonly runs: readonly Run[];
  private replaced = 0;
  private done = 0;

  constructor(
    private readonly opened: OpenTrace,
    private readonly exporter: Exporter,
    private readonly options: ConvertOptions,
  ) {
    this.redactor = new Redactor(options.detect);
    this.runs = chosen(opened.trace.runs, options.runs);
    this.text = this.write();
  }

  async learn(): Promise<void> {
    if (!this.runs.some(({ steps }) => steps.length > 0))
      throw new Error('The trace has no steps, so there is nothing to write.');
    for (const run of this.runs) {
      await this.redactor.learn(wordsOfRun(run));
      for await (const step of this.stream(run)) await this.redactor.learn(wordsOfStep(step));
    }
  }

  losses(): readonly Loss[] {
    const lost = [...this.counts].filter(([field]) => !this.exporter.keeps.has(field));
    return lost.map(([field, count]) => ({ field, title: EXPORT_FIELDS[field], count }));
  }

  redactions(): number {
    return this.replaced;
  }

  /** Nothing is redacted before all secrets are known. */
  private async *write(): AsyncGenerator<string> {
    yield* this.exporter.write(this.trees());
  }

  /** Runs that none of the chosen ones started, with their sub-agents. */
  private trees(): ExportRun[] {
    const ids = new Set(this.runs.map(({ id }) => id));
    const roots = this.runs.filter(({ parentRun }) => parentRun === undefined || !ids.has(parentRun));
    return roots.map((run) => this.tree(run));
  }

  private tree(run: Run): ExportRun {
    const children = this.runs.filter(({ parentRun, id }) => parentRun === run.id && id !== run.id);
    return {
      run: { ...run, ...this.redacted(runWords(run)) },
      steps: () => this.redactedSteps(run),
      children: children.map((child) => this.tree(child)),
    };
  }

  private async *redactedSteps(run: Run): AsyncGenerator<Step> {
    this.count(fieldsOfRun(run));
    for await (const step of this.stream(run)) {
      this.count(fieldsOfStep(step));
      yield this.redactedStep(step);
    }
  }

  private async *stream(run: Run): AsyncGenerator<Step> {
    const { signal, onProgress } = this.options;
    const total = 2 * this.runs.reduce((sum, { steps }) => sum + steps.length, 0);
    for await (const step of this.opened.steps(run, 0, run.steps.length, signal)) {
      yield step;
      onProgress?.(++this.done, total);
    }
  }

  private count(fields: readonly ExportField[]): void {
    for (const field of fields) this.counts.set(field, (this.counts.get(field) ?? 0) + 1);
  }

  private redactedStep(step: Step): Step {
    const { actions, ...words } = this.redacted(stepWords(step));
    const whole = step.actions.map((action, i): Action => {
      const { observation, ...said } = actions[i] ?? wordsOfAction(action);
      const observed = action.observation && { ...action.observation, ...observation };
      return { ...action, ...said, ...(observed && { observation: observed }) };
    });
    return { ...step, ...words, actions: whole };
  }

  private redacted<T extends object>(value: T): T {
    const { value: clean, redactions } = this.redactor.apply(asJson(value));
    this.replaced += redactions.length;
    return clean as unknown as T;
  }
}

/** What people and programs wrote; places, counts and times hold no secrets, and some look like card numbers. */
export function wordsOfRun(run: Run): Json {
  return asJson(runWords(run));
}

export function wordsOfStep(step: Step): Json {
  return asJson(stepWords(step));
}

function runWords(run: Run) {
  const { title, goal, agent, systemPrompt, tools, feedback, expectedActions } = run;
  return without({ title, goal, agent, systemPrompt, tools, feedback, expectedActions });
}

function stepWords(step: Step) {
  const { label, agent, preview, thought, message, state, screen, request, approval, extra } = step;
  const words = without({ label, agent, preview, thought, message, state, screen, request, approval, extra });
  return { ...words, actions: step.actions.map(wordsOfAction) };
}

function wordsOfAction(action: Action) {
  const { arguments: given, rawArguments, callId, target, approval, observation } = action;
  const words = without({ rawArguments, callId, target, approval });
  return { ...words, arguments: given, ...(observation && { observation: { content: observation.content } }) };
}

function without<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}

/** The words of runs and steps are nothing but JSON (what is absent is not there). */
function asJson(value: object): Json {
  return value as unknown as Json;
}

function chosen(runs: readonly Run[], ids: ReadonlySet<string> | undefined): readonly Run[] {
  if (ids === undefined) return runs;
  const wanted = new Set(ids);
  // Sub-agents come after the run that started them, or before: until nothing is added.
  for (let before = -1; before !== wanted.size; ) {
    before = wanted.size;
    for (const { id, parentRun } of runs) if (parentRun !== undefined && wanted.has(parentRun)) wanted.add(id);
  }
  return runs.filter(({ id }) => wanted.has(id));
}

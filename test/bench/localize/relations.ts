import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contextFor } from '../../../src/core/evaluators/context.ts';
import { repeatedAction } from '../../../src/core/evaluators/repeatedAction.ts';
import type { Action, Run, Step } from '../../../src/core/trace/model.ts';
import { isObject, type JsonObject, tryParse } from '../../../src/core/util/json.ts';
import { halfOf } from './halves.ts';
import { pythonLiteral } from './pythonLiteral.ts';
import { shareText } from './shares.ts';

/** The actions of one coding agent's run, and how people relate each to the one before it. */
export interface RelatedActions {
  readonly task: string;
  readonly actions: readonly string[];
  /** `labels[i]` relates action i + 1 to action i. */
  readonly labels: readonly string[];
}

/** Runs whose list of actions fits their labels: one action more than there are labels. */
export function relatedActions(root: string): RelatedActions[] {
  const folder = join(root, 'coding_agent_relations');
  const runs: RelatedActions[] = [];
  for (const agent of readdirSync(join(folder, 'trajectories')).sort()) {
    const labels = join(folder, `${agent}_csv`, 'action_action');
    const parsed = join(folder, 'trajectories', agent, 'parsed');
    const actions = readdirSync(parsed).find((name) => /^actions?_actions$/.test(name));
    if (actions === undefined || !existsSync(labels)) continue;
    const files = readdirSync(join(parsed, actions));
    for (const name of readdirSync(labels).sort()) {
      const task = name.replace(/\.csv$/, '');
      const file = files.find((one) => one.replace(/\.txt$/, '') === task);
      if (file === undefined) continue;
      const run = {
        task: `${agent} ${task}`,
        actions: actionsOf(readFileSync(join(parsed, actions, file), 'utf8')),
        labels: linesOf(readFileSync(join(labels, name), 'utf8')).slice(1),
      };
      if (run.actions.length === run.labels.length + 1) runs.push(run);
    }
  }
  return runs;
}

/** The parsed log holds one action after another: `Action at iteration 3: ...`, over one line or more. */
export function actionsOf(text: string): string[] {
  return text
    .split(/^Action at iteration \d+:/im)
    .slice(1)
    .map((action) => action.trim());
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

/** The log's actions as a run; what they answered stands elsewhere and is left out. */
export function runOfActions(task: string, actions: readonly string[]): { run: Run; steps: Step[] } {
  const steps = actions.map((text, index): Step => {
    const action = actionOf(text);
    return {
      index,
      id: `${index}`,
      kind: 'action',
      tools: [action.tool],
      preview: '',
      depth: 0,
      parent: -1,
      end: index + 1,
      status: 'unknown',
      childRuns: [],
      parts: [],
      actions: [action],
    };
  });
  return { run: { id: task, title: task, steps }, steps };
}

/** `{'name': ..., 'args': {...}}` or `{'name': ..., 'arguments': '{...}'}` as Python prints it; else the line is a call's name. */
function actionOf(text: string): Action {
  const value = pythonLiteral(text);
  const name = isObject(value) ? value.name : undefined;
  if (!isObject(value) || typeof name !== 'string') {
    return { tool: text.slice(0, 200), arguments: { call: text }, argumentsRecorded: true };
  }
  const given = value.arguments ?? value.args ?? {};
  const args = typeof given === 'string' ? tryParse(given) : given;
  const parsed: JsonObject = isObject(args) ? args : { raw: JSON.stringify(given) };
  return { tool: name, arguments: parsed, argumentsRecorded: true };
}

/** Transitions i → i + 1 that the evaluator takes for a repetition: both ends stand in one finding. */
export function repetitionsFound(task: string, actions: readonly string[]): Set<number> {
  const { run, steps } = runOfActions(task, actions);
  const observer = repeatedAction.start(contextFor(run));
  for (const step of steps) observer.step(step);
  const found = new Set<number>();
  for (const finding of observer.finish(run).findings) {
    const places = new Set([finding.step, ...finding.evidence.map(({ step }) => step)]);
    for (const step of places) if (places.has(step + 1)) found.add(step);
  }
  return found;
}

export function measureRelations(root: string) {
  const runs = relatedActions(root);
  const row = (what: string, guess: (run: RelatedActions, i: number) => boolean) => {
    const transitions = runs.flatMap((run) =>
      run.labels.map((label, i) => ({
        half: halfOf(run.task),
        is: label.trim() === 'Repetition',
        says: guess(run, i),
      })),
    );
    const count = (holds: (one: (typeof transitions)[number]) => boolean) => transitions.filter(holds).length;
    const right = count(({ is, says }) => is && says);
    const half = (which: 0 | 1) =>
      `${count((one) => one.half === which && one.is && one.says)}/${count((one) => one.half === which && one.says)}`;
    return {
      what,
      precision: shareText(
        right,
        count(({ says }) => says),
      ),
      recall: shareText(
        right,
        count(({ is }) => is),
      ),
      halves: `${half(0)} + ${half(1)}`,
    };
  };
  const found = new Map(runs.map((run) => [run, repetitionsFound(run.task, run.actions)]));
  return {
    runs: runs.length,
    transitions: runs.reduce((sum, { labels }) => sum + labels.length, 0),
    rows: [
      row('Hindstep (loop.repeated-action)', (run, i) => found.get(run)?.has(i) === true),
      row('identical to the action before', ({ actions }, i) => actions[i] === actions[i + 1]),
      row('near-identical (Jaccard .9)', ({ actions }, i) => jaccard(actions[i] ?? '', actions[i + 1] ?? '') >= 0.9),
    ],
  };
}

function jaccard(a: string, b: string): number {
  const [one, two] = [a, b].map((text) => new Set(text.match(/\w+/g) ?? []));
  if (one === undefined || two === undefined) return 0;
  const both = [...one].filter((word) => two.has(word)).length;
  return both / Math.max(1, one.size + two.size - both);
}

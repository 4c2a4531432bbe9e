import type { OpenTrace } from '../../src/core/formats/openTrace.ts';
import type { Action, ContentPart, Observation, Problem, Run, Step } from '../../src/core/trace/model.ts';

const WIDTH = 140;

/**
 * An opened trace as stable text that a person can read and a golden file can hold: runs, steps and what is in them, one
 * fact a line, long text cut. Times are relative to the run's start, so that the text says what a reader should see.
 */
export async function outlineText(opened: OpenTrace): Promise<string> {
  const { trace } = opened;
  const { records, mapped, metadata, unmapped } = trace.accounting;
  const lines = [
    `${trace.formatTitle}${trace.version === undefined ? '' : ` ${trace.version}`}`,
    `${records} records = ${mapped} in steps + ${metadata} metadata + ${unmapped} in problems`,
    ...trace.joined.map((sentence) => `joined: ${sentence}`),
    ...trace.problems.map(problemLine),
  ];
  for (const run of trace.runs) {
    lines.push('', ...runLines(run));
    for await (const step of opened.steps(run)) lines.push(...stepLines(step, run));
  }
  return `${lines.join('\n')}\n`;
}

function problemLine({ severity, message, records, range }: Problem): string {
  const where = range === undefined ? '' : ` [${range.source}:${range.start}-${range.end}]`;
  return `${severity} (${records}): ${cut(message)}${where}`;
}

function runLines(run: Run): string[] {
  const { outcome, usage, cohort } = run;
  const facts: [string, unknown][] = [
    ['title', run.title],
    ['goal', run.goal],
    ['goal step', run.goalStep],
    ['agent', run.agent],
    ['model', run.model],
    ['tools', run.tools?.map((tool) => tool.name).join(', ')],
    ['system', run.systemPrompt],
    ['parent', run.parentRun === undefined ? undefined : `${run.parentRun} step ${run.parentStep}`],
    ['outcome', outcome && `${outcome.status} ${JSON.stringify({ ...outcome, status: undefined })}`],
    ['ended', run.ended],
    ['usage', usage && JSON.stringify(usage)],
    ['cost', run.cost],
    ['duration', duration(run.startTime, run.endTime)],
    ['cohort', cohort && JSON.stringify(cohort)],
    ...(run.feedback ?? []).map((f): [string, unknown] => ['feedback', JSON.stringify(f)]),
    ...(run.expectedActions ?? []).map((e): [string, unknown] => [
      'expected',
      `${e.tool} ${JSON.stringify(e.arguments)}`,
    ]),
  ];
  const known = facts.filter(([, value]) => value !== undefined);
  return [`run ${run.id}`, ...known.map(([name, value]) => `  ${name}: ${cut(String(value))}`)];
}

function stepLines(step: Step, run: Run): string[] {
  const indent = '  '.repeat(step.depth + 1);
  const head = [
    `#${step.index}`,
    step.kind,
    step.status,
    ...(step.label === undefined ? [] : [`<${step.label}>`]),
    ...(step.agent === undefined || step.agent === run.agent ? [] : [`@${step.agent}`]),
    ...(step.model === undefined || step.model === run.model ? [] : [step.model]),
    ...(step.startTime === undefined || run.startTime === undefined
      ? []
      : [`+${Math.round(step.startTime - run.startTime)}ms`]),
    ...(step.tokens === undefined ? [] : [`${step.tokens} tokens`]),
    ...(step.cost === undefined ? [] : [`$${step.cost}`]),
    ...(step.finishReason === undefined ? [] : [step.finishReason]),
    ...(step.childRuns.length === 0 ? [] : [`starts ${step.childRuns.join(', ')}`]),
    `(${step.parts.length} parts)`,
  ].join(' ');
  const lines = [
    `${head} | ${cut(step.preview)}`,
    ...(step.thought === undefined ? [] : [`  thought: ${cut(step.thought)}`]),
    ...(step.message ?? []).map((part) => `  message: ${partText(part)}`),
    ...(step.screen === undefined ? [] : [`  screen: ${partText(step.screen)}`]),
    ...(step.approval === undefined ? [] : [`  approval: ${cut(JSON.stringify(step.approval))}`]),
    ...(step.state === undefined ? [] : [`  state: ${cut(JSON.stringify(step.state))}`]),
    ...step.actions.flatMap(actionLines),
  ];
  return lines.map((line) => indent + line);
}

function actionLines(action: Action): string[] {
  const args = action.argumentsRecorded ? JSON.stringify(action.arguments) : '(arguments not recorded)';
  const facts = [
    ...(action.argumentsProblem === undefined
      ? []
      : [`    unreadable: ${cut(action.rawArguments ?? '')} ${cut(action.argumentsProblem)}`]),
    ...(action.target === undefined ? [] : [`    target: ${cut(JSON.stringify(action.target))}`]),
    ...(action.approval === undefined ? [] : [`    approval: ${cut(JSON.stringify(action.approval))}`]),
  ];
  const observed = action.observation === undefined ? ['    no observation'] : observationLines(action.observation);
  return [`  -> ${action.tool} ${cut(args)}`, ...facts, ...observed];
}

function observationLines(observation: Observation): string[] {
  const { isError, errorSource, errorType, exitCode } = observation;
  const flags = [
    ...(isError === undefined ? [] : [isError ? 'ERROR' : 'ok']),
    ...(errorSource === undefined ? [] : [`by ${errorSource}`]),
    ...(errorType === undefined ? [] : [errorType]),
    ...(exitCode === undefined ? [] : [`exit ${exitCode}`]),
  ];
  const head = `    <-${flags.length === 0 ? '' : ` [${flags.join(' ')}]`}`;
  if (observation.content.length === 0) return [`${head} (empty)`];
  return observation.content.map((part) => `${head} ${partText(part)}`);
}

function partText(part: ContentPart): string {
  switch (part.type) {
    case 'json':
      return `json ${cut(JSON.stringify(part.value))}`;
    case 'image':
      return `image ${part.mediaType} ${part.path ?? part.url ?? `${part.data?.length ?? 0} characters`}`;
    case 'text':
    case 'diff':
    case 'terminal':
      return `${part.type === 'text' ? '' : `${part.type} `}${cut(part.text)}`;
  }
}

function duration(start: number | undefined, end: number | undefined): string | undefined {
  return start === undefined || end === undefined ? undefined : `${Math.round(end - start)}ms`;
}

/** One line, at most `WIDTH` characters, with the whole length said when something is cut. */
function cut(text: string): string {
  const line = text.replaceAll('\n', '⏎').replaceAll('\r', '␍').replaceAll('\t', '⇥');
  return line.length <= WIDTH ? line : `${line.slice(0, WIDTH)}…(${text.length})`;
}

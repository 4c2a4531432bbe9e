import { relative, resolve, sep } from 'node:path';
import { titleOf } from '../core/regression/titleOf.ts';
import { field, isObject, tryParse } from '../core/util/json.ts';
import { err, ok, type Result } from '../core/util/result.ts';
import type { draftTest } from '../node/regression/draftTest.ts';
import type { generateTest } from '../node/regression/generateTest.ts';
import type { Arguments } from './command.ts';

type Draft = Awaited<ReturnType<typeof draftTest>>;
type Request = Parameters<typeof generateTest>[0]['request'];

/** What the command line asks for, filled up from the draft. Errors say which option to change. */
export function requestFrom(
  draft: Draft,
  run: string,
  step: number,
  args: Arguments,
  workspace: string,
): Result<Request> {
  if (draft.impossible !== undefined) return err(draft.impossible);
  const runner = chooseRunner(draft, args.text('runner'));
  if (!runner.ok) return runner;
  const correction = chooseCorrection(draft, args);
  if (!correction.ok) return correction;
  const agent = parseAgent(args.text('agent'));
  if (!agent.ok) return agent;
  const mode = chooseMode(draft, args.text('mode'), agent.value !== undefined);
  if (!mode.ok) return mode;
  const folder = args.text('out');
  const release = args
    .text('release')
    ?.split(',')
    .map((name) => name.trim());
  const variants = args
    .text('variants')
    ?.split(',')
    .map((name) => name.trim());
  return ok({
    run,
    step,
    runner: runner.value.id,
    mode: mode.value,
    correction: correction.value,
    ...(agent.value !== undefined && { agent: agent.value }),
    ...(release !== undefined && { release }),
    ...(variants !== undefined && { variants }),
    title: args.text('title') ?? titleOf(correction.value, draft.isRepeat),
    fileName: args.text('name') ?? runner.value.fileName,
    folder: folder === undefined ? runner.value.folder : relative(workspace, resolve(folder)).split(sep).join('/'),
  });
}

function chooseRunner(draft: Draft, wanted: string | undefined): Result<Draft['runners'][number]> {
  const named = draft.runners.find((runner) => runner.id === wanted);
  if (wanted !== undefined && named === undefined) {
    return err(`there is no runner "${wanted}"; there are: ${draft.runners.map((runner) => runner.id).join(', ')}.`);
  }
  const chosen = named ?? draft.runners.find((runner) => runner.available);
  if (chosen === undefined) return err('no test runner was found in this workspace; name one with --runner.');
  return chosen.available ? ok(chosen) : err(`${chosen.id} can't be used here: ${chosen.why}`);
}

function chooseCorrection(draft: Draft, args: Arguments): Result<Request['correction']> {
  const required = args.text('must-call');
  const claim = args.text('must-not-claim');
  const given = [
    ...(required === undefined ? [] : ['--must-call']),
    ...(args.flag('must-not-call') ? ['--must-not-call'] : []),
    ...(args.flag('ask-first') ? ['--ask-first'] : []),
    ...(claim === undefined ? [] : ['--must-not-claim']),
  ];
  if (given.length > 1) return err(`give ${given.join(' or ')}, not both.`);
  if (claim !== undefined) return ok({ kind: 'mustNotClaim', claim });
  if (required !== undefined) {
    const call = tryParse(required);
    const [tool, wanted] = [field(call, 'tool'), field(call, 'arguments') ?? {}];
    if (typeof tool !== 'string' || !isObject(wanted)) {
      return err('--must-call takes JSON like {"tool": "cancel_order", "arguments": {"order_id": "A-1042"}}.');
    }
    // The same tool with other arguments: then the recorded call is also one that must not be made.
    const kind = draft.calls.some((call) => call.tool === tool) ? 'edit' : 'require';
    return ok({ kind, tool, arguments: wanted });
  }
  const [call] = draft.calls;
  if (args.flag('must-not-call')) {
    if (call === undefined) return err('this step calls no tool, so nothing can be forbidden; use --must-call.');
    return ok({ kind: 'forbid', ...call });
  }
  if (args.flag('ask-first')) {
    if (call === undefined) return err('this step calls no tool, so there is nothing to ask for; use --must-call.');
    return ok({ kind: 'askFirst', tool: call.tool });
  }
  return err(
    'how should it have gone? Give --must-call with the right call, --must-not-call, --ask-first or --must-not-claim.',
  );
}

function parseAgent(text: string | undefined): Result<Request['agent']> {
  if (text === undefined) return ok(undefined);
  const colon = text.lastIndexOf(':');
  if (colon <= 0) return err('--agent takes FILE:NAME, like agents/orders.ts:agent.');
  return ok({ path: text.slice(0, colon), name: text.slice(colon + 1) });
}

function chooseMode(draft: Draft, wanted: string | undefined, hasAgent: boolean): Result<Request['mode']> {
  const id = wanted ?? (hasAgent ? 'replay' : 'trace-check');
  const mode = draft.modes.find((candidate) => candidate.id === id);
  if (mode === undefined)
    return err(`there is no mode "${id}"; there are: ${draft.modes.map((m) => m.id).join(', ')}.`);
  return mode.available || hasAgent ? ok(mode.id) : err(`${id} can't be used here: ${mode.why}`);
}

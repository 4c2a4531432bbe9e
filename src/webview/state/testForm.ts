import { correctionOf as correctedStep } from '../../core/regression/expectations.ts';
import { titleOf } from '../../core/regression/titleOf.ts';
import { type VariantChoice, variantChoices } from '../../core/regression/variants/obstacles.ts';
import { assertNever } from '../../core/util/assertNever.ts';
import { isObject, type JsonObject } from '../../core/util/json.ts';
import { messageOf } from '../../core/util/result.ts';
import type { AgentReference, Correction, RunnerId, TestDraft, TestRequest } from '../../protocol/webviewApi.ts';

/** What stands in the fields of the dialog "Generate regression test". */
export interface TestForm {
  readonly title: string;
  readonly runner: RunnerId;
  readonly mode: TestRequest['mode'];
  readonly correction: Correction['kind'];
  readonly tool: string;
  /** Arguments as typed; JSON or not yet. */
  readonly argumentsText: string;
  /** What must not be said at the end. */
  readonly claim: string;
  /** `path#name` of the agent, or empty. */
  readonly agent: string;
  readonly folder: string;
  readonly fileName: string;
  /** Placeholders of secrets that may be written all the same. */
  readonly release: readonly string[];
  /** Harder runs that the test asks for as well, as far as they can be. */
  readonly variants: readonly string[];
}

/** The form as the draft proposes it. */
export function formOf(draft: TestDraft): TestForm {
  const runner = draft.runners.find((r) => r.available) ?? draft.runners[0];
  const mode = draft.modes.find((m) => m.available) ?? draft.modes[0];
  const [first] = draft.corrections;
  const agent = runner === undefined ? draft.agents[0] : agentFor(draft, runner.id);
  return {
    title: draft.title,
    runner: runner?.id ?? 'node-test',
    mode: mode?.id ?? 'trace-check',
    ...correctionFields(draft, first?.correction.kind ?? correctionKinds(draft)[0]),
    agent: agent === undefined ? '' : agentText(agent),
    folder: runner?.folder ?? '',
    fileName: runner?.fileName ?? '',
    release: [],
    variants: [],
  };
}

/** The form after a change. A title that nobody typed follows the correction. */
export function changedForm(draft: TestDraft, before: TestForm, change: Partial<TestForm>): TestForm {
  const after = { ...before, ...change };
  const follows = change.title === undefined && before.title === automaticTitle(draft, before);
  return follows ? { ...after, title: automaticTitle(draft, after) ?? before.title } : after;
}

/** Harder runs of the corrected run, each with what stands against it; as long as something is still mistyped, of the recorded one. */
export function harderRuns(draft: TestDraft, form: TestForm): VariantChoice[] {
  const { calls, message, variantBasis } = draft;
  const args = parseArguments(form.argumentsText);
  const failed = { calls, before: [], volatile: [], ...(message !== undefined && { message }) };
  const corrected = args.ok ? correctedStep(failed, correctionOf(form, args.value)) : undefined;
  return variantChoices(variantBasis, corrected?.ok === true ? corrected.value.calls : calls);
}

function automaticTitle({ isRepeat }: TestDraft, form: TestForm): string | undefined {
  const args = parseArguments(form.argumentsText);
  return args.ok ? titleOf(correctionOf(form, args.value), isRepeat) : undefined;
}

function correctionOf({ correction: kind, tool, claim }: TestForm, args: JsonObject): Correction {
  switch (kind) {
    case 'edit':
    case 'forbid':
    case 'require':
      return { kind, tool: tool.trim(), arguments: args };
    case 'askFirst':
      return { kind, tool: tool.trim() };
    case 'mustNotClaim':
      return { kind, claim: claim.trim() };
    default:
      return assertNever(kind);
  }
}

/** The corrections that can be made of a step: of one with calls, or of one that only says something. */
export function correctionKinds(draft: TestDraft): readonly [Correction['kind'], ...Correction['kind'][]] {
  return draft.calls.length > 0 ? ['edit', 'forbid', 'askFirst', 'require'] : ['require', 'mustNotClaim'];
}

/** The agent that a runner can import: pytest those in Python, the others the rest. */
function agentFor({ agents }: TestDraft, runner: RunnerId): AgentReference | undefined {
  return agents.find(({ path }) => path.endsWith('.py') === (runner === 'pytest')) ?? agents[0];
}

function agentText({ path, name }: AgentReference): string {
  return `${path}#${name}`;
}

/** Another runner looks for its tests elsewhere and imports other agents; what the person typed there stays. */
export function runnerFields(draft: TestDraft, form: TestForm, runner: RunnerId): Partial<TestForm> {
  const before = draft.runners.find((r) => r.id === form.runner);
  const after = draft.runners.find((r) => r.id === runner);
  const agent = agentFor(draft, runner);
  const isTyped = !draft.agents.some((known) => agentText(known) === form.agent);
  return {
    runner,
    ...(agent !== undefined && !isTyped && { agent: agentText(agent) }),
    ...(after !== undefined && form.folder === before?.folder && { folder: after.folder }),
    ...(after !== undefined && form.fileName === before?.fileName && { fileName: after.fileName }),
  };
}

/** Tool and arguments that a kind of correction starts from: a proposed one, else the recorded call. */
export function correctionFields(
  draft: TestDraft,
  kind: Correction['kind'],
): Pick<TestForm, 'correction' | 'tool' | 'argumentsText' | 'claim'> {
  const proposed = draft.corrections.find(({ correction }) => correction.kind === kind)?.correction;
  const recorded = kind === 'require' ? undefined : draft.calls[0];
  const tool = proposed !== undefined && 'tool' in proposed ? proposed.tool : (recorded?.tool ?? draft.tools[0] ?? '');
  const args = proposed !== undefined && 'arguments' in proposed ? proposed.arguments : (recorded?.arguments ?? {});
  return {
    correction: kind,
    tool,
    argumentsText: JSON.stringify(args, null, 2),
    claim: proposed?.kind === 'mustNotClaim' ? proposed.claim : '',
  };
}

export type Checked =
  | { readonly ok: true; readonly request: Omit<TestRequest, 'run' | 'step'> }
  | { readonly ok: false; readonly problems: Partial<Record<keyof TestForm, string>> };

/** Checks the form as it is typed. Every problem is a sentence beside its field. */
export function checkForm(form: TestForm, draft: TestDraft): Checked {
  const problems: Partial<Record<keyof TestForm, string>> = {};
  const args = parseArguments(form.argumentsText);
  if (!args.ok) problems.argumentsText = args.problem;
  if (form.correction === 'mustNotClaim' && form.claim.trim() === '') problems.claim = 'Say what must not be claimed.';
  if (form.title.trim() === '') problems.title = 'The test needs a title.';
  if (form.correction !== 'mustNotClaim' && form.tool.trim() === '') problems.tool = 'Name the tool.';
  if (!/^[^\\/:*?"<>|]+$/.test(form.fileName)) problems.fileName = 'A file name, without folders.';
  if (/^([/\\]|[a-z]:)/i.test(form.folder) || /(^|[\\/])\.\.([\\/]|$)/.test(form.folder)) {
    problems.folder = 'A folder inside the workspace, written from its root.';
  }
  const [call] = draft.calls;
  if (form.correction === 'edit' && args.ok && call !== undefined && sameCall(form, args.value, call)) {
    problems.argumentsText = 'This is the recorded call. Change what was wrong about it.';
  }
  const split = form.agent.lastIndexOf('#');
  const agent = split > 0 ? { path: form.agent.slice(0, split), name: form.agent.slice(split + 1) } : undefined;
  if (form.agent.trim() !== '' && (agent === undefined || agent.name === '')) {
    problems.agent = 'Write the file and the callable in it: src/agent.ts#run';
  }
  if (form.mode === 'replay' && form.agent.trim() === '') problems.agent = 'A replay runs the agent: say where it is.';
  if (Object.keys(problems).length > 0 || !args.ok) return { ok: false, problems };
  const possible =
    form.mode === 'replay' ? harderRuns(draft, form).filter(({ obstacle }) => obstacle === undefined) : [];
  const variants = possible.map(({ id }) => id).filter((id) => form.variants.includes(id));
  return {
    ok: true,
    request: {
      title: form.title.trim(),
      runner: form.runner,
      mode: form.mode,
      correction: correctionOf(form, args.value),
      folder: form.folder.trim(),
      fileName: form.fileName.trim(),
      ...(form.release.length > 0 && { release: form.release }),
      ...(variants.length > 0 && { variants }),
      ...(agent !== undefined && form.mode !== 'trace-check' && { agent }),
    },
  };
}

function sameCall(form: TestForm, args: JsonObject, call: { tool: string; arguments: JsonObject }): boolean {
  return form.tool.trim() === call.tool && JSON.stringify(args) === JSON.stringify(call.arguments);
}

function parseArguments(text: string): { ok: true; value: JsonObject } | { ok: false; problem: string } {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { ok: true, value } : { ok: false, problem: 'Arguments are a JSON object: { … }' };
  } catch (thrown) {
    return { ok: false, problem: `This is no JSON yet: ${messageOf(thrown)}` };
  }
}

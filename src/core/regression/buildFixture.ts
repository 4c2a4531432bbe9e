import type { OpenTrace } from '../formats/openTrace.ts';
import { hasPlaceholder } from '../redact/placeholders.ts';
import { redact, type SecretDetector, unknownReleases } from '../redact/redact.ts';
import type { Run } from '../trace/model.ts';
import { assertNever } from '../util/assertNever.ts';
import { hashOf, sha256Hex } from '../util/canonical.ts';
import { err, ok, type Result } from '../util/result.ts';
import {
  correctionOf,
  exactMatcher,
  expectationsOf,
  type FailedStep,
  identityOf,
  type WantedChange,
} from './expectations.ts';
import {
  type ArgumentsMatcher,
  FIXTURE_SCHEMA_VERSION,
  type Fixture,
  type FixtureMode,
  NORMALISER_VERSION,
  type Recording,
} from './fixture.ts';
import { gatherMaterial, type Material, type MaterialCall } from './material.ts';
import { sameJson } from './sameJson.ts';
import { volatilePointers, withoutVolatile } from './volatile.ts';

export interface BuildFixtureInput {
  readonly trace: Pick<OpenTrace, 'trace' | 'steps' | 'raw'>;
  readonly run: Run;
  readonly step: number;
  readonly title: string;
  readonly mode: FixtureMode;
  readonly correction: WantedChange;
  /** Finds keys of known shapes, besides what redaction finds by itself. */
  readonly detect?: SecretDetector;
  /** What somebody wants to stand in the fixture all the same: placeholders, rules, or names of fields. */
  readonly release?: readonly string[];
  readonly hindstepVersion: string;
  /** What an evaluator says of the step. */
  readonly verdict?: { readonly evaluator: string; readonly reason: string };
}

/**
 * The fixture of a step: the conversation up to it, every recorded call and answer, what went wrong and what must hold.
 * Secrets are replaced before anything is hashed or compared. Answers an error sentence when no test can be made of the
 * step with this correction; rejects when the trace can't be read.
 */
export async function buildFixture(input: BuildFixtureInput): Promise<Result<Fixture>> {
  const { trace, run, step, mode } = input;
  const row = run.steps.at(step);
  if (row === undefined) return err(`The run has ${run.steps.length} steps; there is no step ${step + 1}.`);
  const material = await gatherMaterial(trace, run, step);
  const problem = unusable(material);
  if (problem !== undefined) return err(problem);
  const bytes = (await trace.raw(row)).map((part) => part.text).join('');
  const { wanted, draft, redactions } = await redacted(input, material);
  const unknown = unknownReleases(input.release ?? [], redactions);
  if (unknown.length > 0) return err(nothingToRelease(unknown, redactions));

  const failed: FailedStep = {
    calls: draft.failure.calls,
    before: draft.recording.slice(0, material.position),
    volatile: volatilePointers([...draft.recording, ...('arguments' in wanted ? [wanted] : [])]),
    ...(draft.failure.message !== undefined && { message: draft.failure.message }),
  };
  const correction = correctionOf(failed, wanted);
  if (!correction.ok) return correction;
  const expect = expectationsOf(failed, wanted, mode);
  const { volatile } = failed;
  const sha256 = sha256Hex(bytes);
  return ok({
    schemaVersion: FIXTURE_SCHEMA_VERSION,
    normaliserVersion: NORMALISER_VERSION,
    id: hashOf([sha256, run.id, step, mode, JSON.stringify(expect)]).slice(0, 16),
    title: draft.title,
    mode,
    source: { ...draft.source, format: trace.trace.format, step, sha256, hindstep: input.hindstepVersion },
    goal: draft.goal,
    messages: draft.messages,
    tools: draft.tools,
    toolsDigest: hashOf(draft.tools),
    environment: draft.environment,
    recording: recordingOf(draft.recording, volatile),
    onMiss: 'error',
    order: 'by-hash',
    failure: draft.failure,
    correction: correction.value,
    expect,
    volatile,
    redactions,
  });
}

/** Why no test can be made of a step; undefined when one can. */
export function unusable(material: Pick<Material, 'calls' | 'message'>): string | undefined {
  if (material.calls.length > 0 || (material.message ?? '').trim() !== '') return undefined;
  return 'This step calls no tool and says nothing, so nothing can be expected of it. Choose the step that went wrong.';
}

/** Everything that came from the trace or the person, redacted in one go, in the fixture's own shape. */
async function redacted(input: BuildFixtureInput, material: Material) {
  const { trace, run, correction, verdict } = input;
  const { calls, message, position, ...rest } = material;
  // A proposed title has placeholders of the very secrets below; theirs are the same numbers then.
  const own = hasPlaceholder(input.title) ? (await redact(input.title, input.detect)).value : undefined;
  const { value, redactions } = await redact(
    {
      ...rest,
      title: own === undefined ? input.title : '',
      source: { fileName: trace.trace.sources[0] ?? '', run: run.id },
      failure: {
        position,
        calls,
        ...(message !== undefined && { message }),
        ...(verdict !== undefined && { verdict: verdict.evaluator }),
        reason: verdict?.reason ?? reasonOf(material, correction),
      },
      wanted: { ...correction },
    },
    input.detect,
    input.release,
  );
  const { wanted, ...draft } = value;
  return {
    draft: own === undefined ? draft : { ...draft, title: own },
    wanted,
    redactions: redactions.filter(({ pointer }) => !pointer.startsWith('/wanted')),
  };
}

function nothingToRelease(names: readonly string[], redactions: Fixture['redactions']): string {
  const found = new Map(redactions.map(({ placeholder, rule }) => [placeholder, rule]));
  const list = [...found].map(([placeholder, rule]) => `${placeholder.slice(1, -1)} (${rule})`).join(', ');
  const there = found.size === 0 ? 'no secret was found' : `there are: ${list}`;
  return `Nothing called ${names.join(', ')} would be replaced, so it can't be released; ${there}.`;
}

function reasonOf({ calls }: Material, wanted: WantedChange): string {
  const made = calls.map((call) => call.tool).join(', ');
  switch (wanted.kind) {
    case 'require':
      return `It ${made === '' ? 'answered' : `called ${made}`} without calling ${wanted.tool}.`;
    case 'edit':
      return `It called ${made} with wrong arguments.`;
    case 'forbid':
      return `It called ${made}.`;
    case 'askFirst':
      return `It called ${wanted.tool} without asking.`;
    case 'mustNotClaim':
      return 'It claimed what it had not done.';
    default:
      return assertNever(wanted);
  }
}

/** Calls as a fixture records them: found by their arguments, equal ones by their order. */
export function recordingOf(calls: readonly MaterialCall[], volatile: readonly string[]): Recording[] {
  const seen = new Map<string, number>();
  return calls.map((call) => {
    const { tool, arguments: args, observation, isError, effect, step, turn } = call;
    const argumentsHash = hashOf(withoutVolatile(args, volatile));
    const key = `${tool} ${argumentsHash}`;
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    const match = matchOf(call, calls, volatile);
    return {
      ...{ tool, arguments: args, argumentsHash, ordinal, observation, isError },
      ...(effect !== undefined && { effect }),
      ...(match !== undefined && { match }),
      ...(step !== undefined && { step }),
      ...(turn !== undefined && { turn }),
    };
  });
}

/**
 * What a recorded call answers besides the equal one: an agent words its free text anew in every run. Undefined where the
 * free text alone tells it from another recorded call, or is all there is.
 */
function matchOf(
  call: MaterialCall,
  calls: readonly MaterialCall[],
  volatile: readonly string[],
): ArgumentsMatcher | undefined {
  const stable = ({ arguments: args }: MaterialCall) => withoutVolatile(args, volatile);
  const identity = identityOf(stable(call));
  const names = Object.keys(identity);
  if (names.length === 0 || names.length === Object.keys(stable(call)).length) return undefined;
  const isAlike = (other: MaterialCall) =>
    other.tool === call.tool && sameJson(identityOf(stable(other)), identity) && !sameJson(stable(other), stable(call));
  return calls.some(isAlike) ? undefined : exactMatcher(identity);
}

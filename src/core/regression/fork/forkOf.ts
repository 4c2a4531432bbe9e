import type { OpenTrace } from '../../formats/openTrace.ts';
import { hasPlaceholder } from '../../redact/placeholders.ts';
import { redact, type SecretDetector } from '../../redact/redact.ts';
import type { Run } from '../../trace/model.ts';
import { partsText } from '../../trace/stepText.ts';
import type { Json } from '../../util/json.ts';
import { err, ok, type Result } from '../../util/result.ts';
import { recordingOf } from '../buildFixture.ts';
import type { Fixture, FixtureCall, FixtureMessage, Recording } from '../fixture.ts';
import { FIXTURE_SCHEMA_VERSION, NORMALISER_VERSION } from '../fixture.ts';
import { gatherMaterial, type Material } from '../material.ts';
import { RecordedAnswers } from '../replay/recordedAnswers.ts';
import { volatilePointers } from '../volatile.ts';

/** What is changed of a step before a run goes on from it. */
export type ForkEdit =
  /** The decision is made anew after these words: all that the agent thought, or a system prompt in place of the recorded. */
  | { readonly kind: 'thought' | 'system'; readonly text: string }
  /** The step makes this call instead; without an observation the recording must know its answer. */
  | { readonly kind: 'action'; readonly call: FixtureCall; readonly observation?: Json }
  /** The step's first call is answered so instead. */
  | { readonly kind: 'observation'; readonly observation: Json }
  /** Nothing: the decision is made anew, to see whether it is made again. */
  | { readonly kind: 'none' };

/** A run that goes on from a step: what was said until then, and a recording of what came after it. */
export interface Fork {
  /** Its messages are those until the fork; its recording begins behind it; nothing is expected. */
  readonly fixture: Fixture;
  /** Every call of the recorded run in order, as the fork knows them: without secrets. */
  readonly calls: readonly Recording[];
  /** What the step itself did and was told, to begin an edit with. */
  readonly step: {
    readonly thought: string;
    readonly calls: readonly FixtureCall[];
    readonly observations: readonly Json[];
  };
  /** What the recorded user says afterwards. */
  readonly laterWords: readonly string[];
}

/**
 * A run up to a step, with the edit made, and the recorded answers from there on. Secrets are replaced, as in a fixture: a
 * fork is told to models. Answers a sentence when the edit can't be made; rejects when the trace can't be read.
 */
export async function forkOf(
  trace: Pick<OpenTrace, 'trace' | 'step' | 'steps'>,
  run: Run,
  step: number,
  edit: ForkEdit,
  detect?: SecretDetector,
): Promise<Result<Fork>> {
  const row = run.steps.at(step);
  if (row === undefined || step < 0) return err(`The run has ${run.steps.length} steps; there is no step ${step + 1}.`);
  if (row.kind === 'user' || row.kind === 'system') {
    return err(`Step ${step + 1} is no decision of the agent. Fork from one that is.`);
  }
  const material = await gatherMaterial(trace, run, step);
  const laterWords: string[] = [];
  for await (const { kind, parent, message } of trace.steps(run, step + 1)) {
    if (kind === 'user' && parent === row.parent) laterWords.push(partsText(message ?? []));
  }
  const { goal, messages, tools, environment, recording, position, calls } = material;
  const { thought, message } = await trace.step(run, step);
  // Who writes a placeholder into an edit means the secret that it stands for; left among the rest it would be another.
  const isOwn = hasPlaceholder(JSON.stringify(edit));
  const { value } = await redact(
    {
      ...{ goal, messages, tools, environment, recording, calls, laterWords },
      thought: thought ?? partsText(message ?? []),
      edit: isOwn ? null : plainEdit(edit),
    },
    detect,
  );
  const wanted = isOwn ? (await redact(plainEdit(edit), detect)).value : value.edit;
  const volatile = volatilePointers(value.recording);
  const recorded = recordingOf(value.recording, volatile);
  const made = edited(value, recorded, position, volatile, wanted as unknown as ForkEdit);
  if (!made.ok) return made;
  const fixture: Fixture = {
    schemaVersion: FIXTURE_SCHEMA_VERSION,
    normaliserVersion: NORMALISER_VERSION,
    id: 'fork',
    title: `Fork from step ${step + 1}`,
    mode: 'replay',
    source: {
      fileName: trace.trace.sources[0] ?? '',
      format: trace.trace.format,
      run: run.id,
      step,
      sha256: '',
      hindstep: '',
    },
    goal: value.goal,
    messages: made.value.messages,
    tools: value.tools,
    toolsDigest: '',
    environment: value.environment,
    recording: made.value.recording,
    onMiss: 'error',
    failure: { position: 0, calls: [], reason: '' },
    correction: { calls: [] },
    expect: [],
    volatile,
    redactions: [],
  };
  const own = recorded.slice(position, position + calls.length);
  return ok({
    fixture,
    calls: recorded,
    step: { thought: value.thought, calls: value.calls, observations: own.map(({ observation }) => observation) },
    laterWords: value.laterWords,
  });
}

interface Edited {
  readonly messages: readonly FixtureMessage[];
  readonly recording: readonly Recording[];
}

function edited(
  { messages, calls }: Pick<Material, 'messages' | 'calls'>,
  recording: readonly Recording[],
  position: number,
  volatile: readonly string[],
  edit: ForkEdit,
): Result<Edited> {
  const before = messages.map(renumbered);
  const [from, behind] = [recording.slice(position), recording.slice(position + calls.length)];
  switch (edit.kind) {
    case 'none':
      return ok({ messages: before, recording: from });
    case 'system': {
      const others = before.filter(({ role }) => role !== 'system');
      return ok({ messages: [{ role: 'system', content: edit.text }, ...others], recording: from });
    }
    case 'thought':
      return ok({ messages: [...before, { role: 'assistant', content: edit.text }], recording: from });
    case 'observation': {
      if (calls.length === 0) return err('This step calls no tool, so there is no observation to change.');
      const answers = calls.map((_call, i) => (i === 0 ? edit.observation : (from[i]?.observation ?? '')));
      return ok({ messages: [...before, ...made(calls, answers)], recording: behind });
    }
    case 'action': {
      const { call, observation } = edit;
      if (observation !== undefined) {
        return ok({ messages: [...before, ...made([call], [observation])], recording: behind });
      }
      const whole = { recording: from, volatile, expect: [], failure: { position: 0, calls: [], reason: '' } };
      const match = new RecordedAnswers(whole).match(call);
      if (match.kind !== 'recorded') {
        const why = match.kind === 'missing' ? match.sentence.replace(/^the run left the recording: /, '') : '';
        return err(`What the changed call answers is not known: ${why} Say it with an observation.`);
      }
      const rest = from.filter((_one, i) => i !== match.entry && i >= calls.length);
      return ok({ messages: [...before, ...made([call], [match.recorded.observation])], recording: rest });
    }
  }
}

/** Calls as messages, each with its answer. */
function made(calls: readonly FixtureCall[], answers: readonly Json[]): FixtureMessage[] {
  const toolCalls = calls.map(({ tool, arguments: args }, i) => ({ id: `fork-${i + 1}`, name: tool, arguments: args }));
  const observed = answers.map((answer, i): FixtureMessage => {
    const content = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return { role: 'tool', toolCallId: `fork-${i + 1}`, content };
  });
  return [{ role: 'assistant', content: '', toolCalls }, ...observed];
}

/** Calls that a session makes are numbered from 1; those before it must not bear the same names. */
function renumbered({ toolCalls, toolCallId, ...message }: FixtureMessage): FixtureMessage {
  return {
    ...message,
    ...(toolCalls && { toolCalls: toolCalls.map((call) => ({ ...call, id: `before-${call.id}` })) }),
    ...(toolCallId !== undefined && { toolCallId: `before-${toolCallId}` }),
  };
}

function plainEdit(edit: ForkEdit): Json {
  return edit as unknown as Json;
}

import { join } from 'node:path';
import type { Policy } from '../../core/evaluators/policy/policy.ts';
import type { OpenTrace } from '../../core/formats/openTrace.ts';
import { redact } from '../../core/redact/redact.ts';
import { unusable } from '../../core/regression/buildFixture.ts';
import { gatherMaterial } from '../../core/regression/material.ts';
import { suggestCorrections, wasCalled } from '../../core/regression/suggest.ts';
import { slugOf, titleOf } from '../../core/regression/titleOf.ts';
import { variantBasis } from '../../core/regression/variants/obstacles.ts';
import type { AgentReference, TestDraft } from '../../protocol/webviewApi.ts';
import { judgeRun } from '../judgement/judgeRun.ts';
import { detectRunners } from './detectRunners.ts';
import { findAgents } from './findAgents.ts';
import { secretlintDetector } from './secretDetector.ts';
import { removeAbandoned } from './staging.ts';
import { verdictOf } from './verdictOf.ts';

export interface DraftTestInput {
  readonly trace: OpenTrace;
  /** Id of the run, and the step's index in it. */
  readonly run: string;
  readonly step: number;
  readonly workspaceFolder: string;
  /** By which the run is judged. */
  readonly policy?: Policy;
}

/**
 * What the dialog "Generate regression test" starts from: what the step did, corrections with their reasons, runners and
 * agents of the workspace, and what redaction would replace. Rejects with a sentence when the trace can't be read.
 */
export async function draftTest(input: DraftTestInput): Promise<TestDraft> {
  const { trace, step, workspaceFolder, policy } = input;
  const run = trace.run(input.run);
  const row = run?.steps.at(step);
  if (run === undefined || row === undefined)
    return impossibleDraft('The step is not in the trace any more. Open it again.');
  if (row.kind === 'user' || row.kind === 'system') {
    const words = row.kind === 'user' ? 'said by the user' : 'part of the prompt';
    return impossibleDraft(`This step is ${words}; a test is made of what the agent did. Choose a step of the agent.`);
  }
  const material = await gatherMaterial(trace, run, step);
  const problem = unusable(material);
  if (problem !== undefined) return impossibleDraft(problem);

  const { verdicts } = await judgeRun(trace, run, { ...(policy && { policy }) });
  const corrections = suggestCorrections(material, verdictOf(verdicts, step)?.finding, run.expectedActions);
  const { message, ...rest } = material;
  const [first] = corrections;
  const isRepeat = material.calls.some((call) => wasCalled(material, call));
  const words = { title: first === undefined ? '' : titleOf(first.correction, isRepeat), slug: slugOf(material.calls) };
  // In one go, so that a placeholder in the title is the one that the fixture will have.
  const { value, redactions } = await redact(
    { ...rest, ...(message !== undefined && { message }), words },
    secretlintDetector,
  );
  const { words: named } = value;
  const agents = await findAgents(workspaceFolder, [...new Set(material.recording.map(({ tool }) => tool))]);
  const best = agents.filter(({ known }) => known === agents[0]?.known);
  const runners = await detectRunners(workspaceFolder, named.slug, best);
  // A proof that the editor was closed upon may have left something.
  await Promise.all(runners.map(({ folder }) => removeAbandoned(join(workspaceFolder, folder))));
  return {
    title: named.title,
    calls: material.calls,
    isRepeat,
    ...(message !== undefined && { message }),
    runners,
    modes: modesOf(agents),
    corrections,
    agents: agents.map(({ path, name }) => ({ path, name })),
    tools: [...new Set([...material.tools.map(({ name }) => name), ...material.recording.map(({ tool }) => tool)])],
    variantBasis: variantBasis(material),
    redactions: distinct(redactions.map(({ rule, placeholder }) => ({ rule, placeholder }))),
  };
}

function modesOf(agents: readonly AgentReference[]): TestDraft['modes'] {
  const available = agents.length > 0;
  const missing = 'No file of the workspace exports a callable named agent; see the README for its shape.';
  return [
    {
      id: 'replay',
      available,
      why: available ? 'Runs the agent from the goal; its tools answer from the recording.' : missing,
    },
    {
      id: 'decision-point',
      available,
      why: available ? 'Gives the agent what was known before this step, and judges its next action.' : missing,
    },
    { id: 'trace-check', available: true, why: 'Judges any new trace of the same task. Needs no agent.' },
  ];
}

function distinct(redactions: TestDraft['redactions']): TestDraft['redactions'] {
  return [...new Map(redactions.map((one) => [one.placeholder, one])).values()];
}

/** A draft that says why no test can be made. */
export function impossibleDraft(reason: string): TestDraft {
  return {
    title: '',
    calls: [],
    isRepeat: false,
    runners: [],
    modes: [],
    corrections: [],
    agents: [],
    tools: [],
    variantBasis: { before: [], writers: [] },
    redactions: [],
    impossible: reason,
  };
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Policy } from '../../core/evaluators/policy/policy.ts';
import { POLICY_FILE } from '../../core/evaluators/policy/readPolicy.ts';
import { bareToolName } from '../../core/evaluators/shared/toolNames.ts';
import type { OpenTrace } from '../../core/formats/openTrace.ts';
import { type GuardedCallData, guardedCalls } from '../../core/guard/guardrail/guardrailFiles.ts';
import { addedLines, EMPTY_POLICY, type GuardRule, kindFor, withRule } from '../../core/guard/guardrail/rule.ts';
import { redact } from '../../core/redact/redact.ts';
import type { RunnerId } from '../../core/regression/fixture.ts';
import { gatherMaterial } from '../../core/regression/material.ts';
import { slugOf } from '../../core/regression/titleOf.ts';
import type { Run } from '../../core/trace/model.ts';
import { err, ok, type Result } from '../../core/util/result.ts';
import { judgeRun } from '../judgement/judgeRun.ts';
import { findPolicy } from '../judgement/policyFile.ts';
import { detectRunners } from '../regression/detectRunners.ts';
import { folderInside } from '../regression/safePath.ts';
import { secretlintDetector } from '../regression/secretDetector.ts';

export interface GuardrailRequest {
  readonly trace: OpenTrace;
  readonly run: Run;
  /** Counted from 0. */
  readonly step: number;
  readonly traceFile: string;
  readonly workspaceFolder: string;
  /** By which the run is judged. */
  readonly policy?: Policy;
  /** The file that gets the rule (default: the nearest from the trace upward, else a new one in the workspace folder). */
  readonly policyPath?: string;
  /** Default: what fits the step's finding. */
  readonly kind?: GuardRule['kind'];
  readonly language?: 'js' | 'py';
  readonly runner?: RunnerId;
  /** Relative to the workspace folder (default: where its tests lie). */
  readonly folder?: string;
}

/** What would be written, to be shown before it is. */
export interface GuardrailPlan {
  readonly rule: GuardRule;
  readonly calls: readonly GuardedCallData[];
  readonly runner: RunnerId;
  readonly slug: string;
  /** Absolute. */
  readonly folder: string;
  readonly source: string;
  readonly policy: {
    readonly path: string;
    /** Undefined for a file that is new. */
    readonly before: string | undefined;
    readonly after: string;
    /** Empty when it has the rule already. */
    readonly added: readonly { readonly line: number; readonly text: string }[];
  };
}

/** The guardrail for an unsafe step; an error sentence where there can be none. Writes nothing. */
export async function planGuardrail(request: GuardrailRequest): Promise<Result<GuardrailPlan>> {
  const { trace, run, step, traceFile, workspaceFolder } = request;
  const material = await gatherMaterial(trace, run, step);
  if (material.calls.length === 0)
    return err('This step calls no tool, so there is nothing to guard. Choose the step that acts.');
  const finding = await findingOf(request);
  const index = finding?.action ?? material.recording.slice(material.position).findIndex(isChange);
  const blocked = material.calls[index] ?? material.calls[0];
  const tool = blocked?.tool ?? '';
  const at = material.position + Math.max(0, index);
  const most = material.recording
    .slice(0, at)
    .filter((call) => bareToolName(call.tool) === bareToolName(tool) && !call.isError).length;
  // What came before may only have seemed to fail, as in a timeout: no count of what worked holds that back.
  const fitting = most === 0 ? 'approval' : kindFor(finding?.evaluator);
  const kind = request.kind ?? fitting;
  if (kind === 'once' && most === 0) {
    return err(`${tool} had not succeeded before this step, so that a limit of calls would not have held it back.`);
  }
  const rule: GuardRule = kind === 'once' ? { kind, tool, most } : { kind, tool };
  const { value } = await redact(
    { calls: guardedCalls(rule, material.recording), file: basename(traceFile) },
    secretlintDetector,
  );

  const policyPath =
    request.policyPath ?? findPolicy(traceFile, [workspaceFolder]) ?? join(workspaceFolder, POLICY_FILE);
  const before = existsSync(policyPath) ? await readFile(policyPath, 'utf8') : undefined;
  const after = withRule(before ?? EMPTY_POLICY, rule);
  if (!after.ok) return err(`${policyPath}: ${after.error}`);

  const slug = slugOf([{ tool: bareToolName(tool), arguments: {} }]);
  const choices = (await detectRunners(workspaceFolder, slug)).filter(({ id }) =>
    request.runner !== undefined
      ? id === request.runner
      : request.language === undefined || (id === 'pytest') === (request.language === 'py'),
  );
  const runner = choices.find(({ available }) => available);
  if (runner === undefined)
    return err(`The guardrail can't be proved here. ${choices.map(({ why }) => why).join(' ')}`);
  const folder = await folderInside(workspaceFolder, request.folder ?? runner.folder);
  if (!folder.ok) return folder;
  return ok({
    rule,
    calls: value.calls,
    runner: runner.id,
    slug,
    folder: folder.value,
    source: `${value.file}, step ${step + 1}`,
    policy: {
      path: policyPath,
      before,
      after: after.value,
      added: before === after.value ? [] : addedLines(before ?? '', after.value),
    },
  });
}

/** The gravest finding about safety at the step, and which of its calls it is about. */
async function findingOf({ trace, run, step, policy }: GuardrailRequest) {
  const { verdicts } = await judgeRun(trace, run, policy === undefined ? {} : { policy });
  const found = verdicts
    .filter(({ evaluator }) => evaluator.startsWith('safety.'))
    .flatMap(({ evaluator, findings }) => findings.map((finding) => ({ evaluator, finding })))
    .filter(({ finding }) => finding.step === step)
    .sort((a, b) => Number(b.finding.severity === 'error') - Number(a.finding.severity === 'error'))[0];
  if (found === undefined) return undefined;
  const action = /^\/actions\/(\d+)/.exec(found.finding.pointer)?.[1];
  return { evaluator: found.evaluator, ...(action !== undefined && { action: Number(action) }) };
}

function isChange({ effect }: { readonly effect?: string }): boolean {
  return effect !== 'read';
}

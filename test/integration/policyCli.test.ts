import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policyFor } from '../../src/core/evaluators/policy/policyFor.ts';
import { readPolicy } from '../../src/core/evaluators/policy/readPolicy.ts';
import { EVALUATORS } from '../../src/core/evaluators/registry.ts';
import { runCli } from '../support/runCli.ts';

const samples = resolve(import.meta.dirname, '../../samples/traces');
let root = '';
let trace = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'policy-'));
  mkdirSync(join(root, '.git'));
  mkdirSync(join(root, 'traces'));
  trace = join(root, 'traces/run.trace.json');
  copyFileSync(join(samples, 'cancel-duplicate-order.trace.json'), trace);
});
afterEach(() => rmSync(root, { recursive: true }));

const policy = (text: string, path = 'hindstep.policy.json') => {
  writeFileSync(join(root, path), text);
  return join(root, path);
};
const DENY = '{"deny": ["cancel_order"]}';

describe('hindstep eval', () => {
  it('judges by the policy of the repository', async () => {
    policy(DENY);
    const { code, lines, errors } = await runCli('eval', trace);
    expect([code, errors]).toEqual([1, []]);
    expect(lines).toContainEqual(expect.stringContaining('[4] cancel_order is a tool that the policy denies.'));
  });

  it('judges by another one when told to, by the path of the trace', async () => {
    policy(DENY);
    const other = policy('{"overrides": [{"files": ["traces/*"], "allow": ["get_order"]}]}', 'other.json');
    const { lines } = await runCli('eval', trace, '--policy', other);
    expect(lines).toContainEqual(
      expect.stringContaining('[4] cancel_order is none of the tools that the policy allows.'),
    );
  });

  it('says what is wrong with a policy once, and judges by the rest', async () => {
    const path = policy(
      '{\n  "deny": ["cancel_order"],\n  "evaluators": {"loop.cicle": "off", "loop.cycle": "off"}\n}',
    );
    const { errors, lines } = await runCli('eval', trace, trace);
    expect(errors).toEqual([expect.stringContaining(`${path}:3:18: There is no evaluator "loop.cicle"`)]);
    expect(lines).toContainEqual('  · loop.cycle: Turned off by the policy.');
    expect(lines).toContainEqual(expect.stringContaining('the policy denies'));
  });

  it('says that a policy is not there', async () => {
    const { code, errors } = await runCli('eval', trace, '--policy', join(root, 'none.json'));
    expect([code, errors]).toEqual([
      2,
      [expect.stringMatching(/There is no file .*none\.json; --policy names a policy/)],
    ]);
  });
});

it('hindstep locate and fixture go by the policy too', async () => {
  policy(
    '{"deny": ["list_orders", "get_order", "find_orders", "cancel_order"], "evaluators": {"safety.policy": "error"}}',
  );
  const { lines } = await runCli('locate', trace);
  expect(lines.join('\n')).toContain('safety.policy');
  const draft = await runCli('fixture', trace, '--policy', join(root, 'none.json'), '--must-not-call');
  expect(draft.errors).toEqual([expect.stringContaining('none.json; --policy names a policy')]);
});

describe('docs/policy.md', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/policy.md'), 'utf8');
  const examples = [...page.matchAll(/```jsonc\n([\s\S]*?)```/g)].map(([, text = '']) => text);

  it('has examples that are policies', () => {
    expect(examples.length).toBeGreaterThan(0);
    for (const text of examples) expect([text, readPolicy(text).problems]).toEqual([text, []]);
  });

  it('shows every field of a policy', () => {
    const { properties } = JSON.parse(
      readFileSync(resolve(import.meta.dirname, '../../media/schemas/policy.schema.json'), 'utf8'),
    ) as { properties: Record<string, unknown> };
    const shown = new Set(examples.flatMap((text) => Object.keys(readPolicy(text).policy)));
    expect(Object.keys(properties).filter((name) => name !== '$schema' && !shown.has(name))).toEqual([]);
  });

  it('names the evaluators whose thresholds can be set', () => {
    const tunable = EVALUATORS.filter(({ threshold }) => threshold !== undefined).map(({ id }) => id);
    expect(tunable.filter((id) => !page.includes(`\`${id}\``))).toEqual([]);
  });

  it('describes what its first example does to a staging trace', () => {
    const { policy: file } = readPolicy(examples[0] ?? '');
    const everywhere = policyFor(file, 'traces/a.trace.json');
    const staging = policyFor(file, 'traces/staging/a.trace.json');
    expect([everywhere.tools?.cancel_order?.requiresApproval, staging.tools?.cancel_order?.requiresApproval]).toEqual([
      true,
      false,
    ]);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPolicy, policyOf, repositoryOf } from './policyFile.ts';

let root = '';
const write = (path: string, text = '{}') => {
  const whole = join(root, path);
  mkdirSync(join(whole, '..'), { recursive: true });
  writeFileSync(whole, text);
  return whole;
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'policy-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('findPolicy', () => {
  it('takes the nearest one upward', () => {
    const outer = write('hindstep.policy.json');
    const inner = write('traces/hindstep.policy.json');
    expect(findPolicy(join(root, 'traces/deep/a.json'), [root])).toBe(inner);
    expect(findPolicy(join(root, 'other/a.json'), [root])).toBe(outer);
  });

  it('goes no higher than the folders that it may look into', () => {
    write('hindstep.policy.json');
    const trace = join(root, 'project/traces/a.json');
    expect(findPolicy(trace, [join(root, 'project')])).toBeUndefined();
    expect(findPolicy(trace, [join(root, 'proj')])).toBeUndefined();
    expect(findPolicy(trace, [])).toBeUndefined();
    expect(findPolicy(join(root, 'a.json'), [])).toBeDefined();
  });
});

it('knows the repository of a file', () => {
  write('project/.git/HEAD');
  expect(repositoryOf(join(root, 'project/traces/deep/a.json'))).toBe(join(root, 'project'));
});

describe('policyOf', () => {
  it('gives what holds for the trace', async () => {
    const path = write('hindstep.policy.json', '{"deny": ["a"], "overrides": [{"files": ["staging/*"], "deny": []}]}');
    expect(await policyOf(path, join(root, 'a.json'))).toEqual({ policy: { deny: ['a'] }, problems: [] });
    expect(await policyOf(path, join(root, 'staging/a.json'))).toEqual({ policy: { deny: [] }, problems: [] });
  });

  it('says where what is wrong, and keeps the rest', async () => {
    const path = write('hindstep.policy.json', '{\n  "deny": ["a"],\n  "alow": []\n}');
    const { policy, problems } = await policyOf(path, join(root, 'a.json'));
    expect(policy).toEqual({ deny: ['a'] });
    expect(problems).toEqual([expect.stringMatching(/hindstep\.policy\.json:3:3: "alow" means nothing here/)]);
  });

  it('says that a file can not be read', async () => {
    const { policy, problems } = await policyOf(join(root, 'none.json'), join(root, 'a.json'));
    expect([policy, problems]).toEqual([
      undefined,
      [expect.stringContaining("none.json:1:1: The policy can't be read")],
    ]);
  });
});

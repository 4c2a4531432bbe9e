import { expect, it } from 'vitest';
import { makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import type { Finding } from '../evaluators/verdict.ts';
import type { Run } from '../trace/model.ts';
import { Repairs } from './repairs.ts';

const at = (step: number): Finding => ({
  step,
  pointer: '/actions/0',
  message: 'm',
  evidence: [],
  confidence: 'certain',
  severity: 'error',
});
const isRepaired = (run: Run, finding: Finding) => new Repairs(run).has(finding);
const fails: StepSketch = { calls: [{ tool: 'save', fails: 'no' }] };
const works: StepSketch = { calls: [{ tool: 'save', returns: 'ok' }] };

it('is repaired when the same agent made the same tool work later', () => {
  expect(isRepaired(makeRun([fails, works]).run, at(0))).toBe(true);
  expect(isRepaired(makeRun([fails, fails]).run, at(0))).toBe(false);
  expect(isRepaired(makeRun([works, fails]).run, at(1))).toBe(false);
  expect(isRepaired(makeRun([fails, { calls: [{ tool: 'load', returns: 'ok' }] }]).run, at(0))).toBe(false);
  expect(isRepaired(makeRun([fails, { ...works, agent: 'other' }]).run, at(0))).toBe(false);
});

it('is repaired by a tool of the same kind when nothing was to be changed', () => {
  const lookUp: StepSketch = { calls: [{ tool: 'find_user_by_email', fails: 'not found' }] };
  const another: StepSketch = { calls: [{ tool: 'find_user_by_name', returns: 'u1' }] };
  const { run } = makeRun([lookUp, another]);
  expect(isRepaired(run, { ...at(0), severity: 'warning' })).toBe(true);
  expect(isRepaired(run, at(0))).toBe(false);
});

it('is not repaired when it never failed', () => {
  expect(isRepaired(makeRun([works, works]).run, at(0))).toBe(false);
});

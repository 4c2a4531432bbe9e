import { describe, expect, it } from 'vitest';
import { judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import type { Target } from '../trace/model.ts';
import type { JsonObject } from '../util/json.ts';
import { contextFor } from './context.ts';
import type { ExpectedCall, Reference } from './reference.ts';
import { refStepAccuracy } from './refStepAccuracy.ts';

const act = (tool: string, target: Target, args: JsonObject = {}): StepSketch => ({
  calls: [{ tool, target, with: args, returns: 'ok' }],
});
const done: StepSketch = { calls: [{ tool: 'finish', returns: 'ok' }] };
const [name, save] = [{ element: 'Name' }, { element: 'Save', box: { x: 100, y: 100, width: 80, height: 20 } }];

const reference = (calls: ExpectedCall[]): Reference => ({ from: 'run 0 of good.json', order: 'in-order', calls });
const good = reference([
  { tools: ['type'], arguments: { text: 'Ann' }, target: name, ends: false },
  { tools: ['click'], arguments: {}, target: save, ends: false },
  { tools: ['finish'], arguments: {}, ends: true },
]);

function steps(sketches: StepSketch[], against: Reference | undefined = good) {
  const made = makeRun([{ user: 'Add Ann' }, ...sketches]);
  return judge(refStepAccuracy, made, contextFor(made.run, undefined, false, against));
}

describe('ref.step-accuracy', () => {
  it('passes when object, operation and status are right', () => {
    const verdict = steps([act('type', name, { text: 'Ann' }), act('click', save), done]);
    expect(verdict).toMatchObject({ status: 'pass', score: 1, findings: [] });
    expect(verdict.reason).toBe(
      '3 of 3 steps right (SSR 1.00: object 3, operation 3, status 3 of 3; TSR 1), by run 0 of good.json.',
    );
  });

  it('is not applicable without a reference, or without a user interface in it', () => {
    const noUi = reference([{ tools: ['get_order'], arguments: {} }]);
    expect(steps([done], noUi)).toMatchObject({ status: 'na', score: null });
    const made = makeRun([act('click', save)]);
    expect(judge(refStepAccuracy, made, contextFor(made.run)).status).toBe('na');
  });

  it.each<[string, StepSketch, string, string]>([
    [
      'object',
      act('click', { element: 'Delete' }),
      'The wrong object: "Save" was expected, got "Delete".',
      '/actions/0/target',
    ],
    ['operation', act('hover', save), 'The wrong operation: differs in the tool: click, got hover.', '/actions/0'],
  ])('names the wrong %s', (_, wrong, message, pointer) => {
    const verdict = steps([act('type', name, { text: 'Ann' }), wrong, done]);
    expect(verdict).toMatchObject({ status: 'fail', findings: [{ step: 2, message, pointer }] });
    expect(verdict.score).toBeCloseTo(2 / 3);
  });

  it('names a wrong text and a missing end', () => {
    const verdict = steps([act('type', name, { text: 'Bob' }), act('click', save)]);
    expect(verdict.findings.map(({ step, message }) => [step, message])).toEqual([
      [1, 'The wrong operation: differs in /text: Ann, got Bob.'],
      [2, 'The reference expects finish before the end, and it was not done.'],
    ]);
  });

  it('counts a point in the expected box, or near the expected point, as the object', () => {
    const at = (x: number, y: number) => act('click', { x, y }, { x, y });
    const boxed = reference([{ tools: ['click'], arguments: { x: 140, y: 110 }, target: { box: save.box } }]);
    expect([at(101, 101), at(99, 101)].map((one) => steps([one], boxed).score)).toEqual([1, 0]);
    const point = reference([{ tools: ['click'], arguments: { x: 140, y: 110 }, target: { x: 140, y: 110 } }]);
    expect([at(150, 110), at(165, 110)].map((one) => steps([one], point).score)).toEqual([1, 0]);
  });

  it('does not judge the status where the reference does not tell it, and tells of steps besides', () => {
    const open = reference([{ tools: ['click'], arguments: {}, target: save }]);
    const verdict = steps([act('click', save), act('click', { element: 'Help' })], open);
    expect(verdict.reason).toContain('object 1, operation 1 of 1; 1 action besides; TSR 0');
    expect(verdict).toMatchObject({ status: 'pass', score: 1 });
  });
});

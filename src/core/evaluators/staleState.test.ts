import { expect, it } from 'vitest';
import { type CallSketch, judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import type { JsonObject } from '../util/json.ts';
import { contextFor } from './context.ts';
import type { Policy } from './policy/policy.ts';
import { staleState } from './staleState.ts';

const verdictOf = (sketches: StepSketch[], policy?: Policy) => {
  const made = makeRun(sketches);
  return judge(staleState, made, contextFor(made.run, policy));
};
const tree = (...names: string[]) => ['[1] main', '[2] nav', '[3] link', '[4] list', '[5] text', ...names].join('\n');
const call = (tool: string, args: JsonObject, more: Partial<CallSketch> = {}): CallSketch => ({
  tool,
  with: args,
  ...more,
});
const step = (...calls: CallSketch[]): StepSketch => ({ calls });
const picture = (data: string): Pick<StepSketch, 'screen'> => ({
  screen: { type: 'image', mediaType: 'image/png', data },
});

it.each<[string, StepSketch[], string]>([
  [
    'another element in its place',
    [step(call('click_input', {}, { target: { element: 'Bullets [61]', found: 'Numbering' }, returns: 'ok' }))],
    'was aimed at "Bullets [61]", but "Numbering" was there',
  ],
  [
    'a stale element',
    [step(call('click', { bid: 'a1' }, { fails: 'StaleElementReference: stale element reference' }))],
    'was there no more',
  ],
  [
    'an element that is not there',
    [step(call('click', { bid: 'a1' }, { fails: 'Error: element with bid "a1" not found' }))],
    'was not there',
  ],
  [
    'a failure on what the page did not hold',
    [
      step(call('browser_open', { bid: '3' }, { returns: tree() })),
      step(call('click', { bid: '3' }, { returns: tree('[6] more') })),
      step(call('click', { bid: '77' }, { fails: 'Timeout 500ms exceeded.' })),
    ],
    'does not stand in the page as it was last seen at step 2',
  ],
])('fails for %s', (_, sketches, words) => {
  expect(verdictOf(sketches)).toMatchObject({
    status: 'fail',
    findings: [
      { step: sketches.length - 1, pointer: '/actions/0', severity: 'error', message: expect.stringContaining(words) },
    ],
  });
});

it('warns of acting on the page before, after going elsewhere in one step', () => {
  const verdict = verdictOf([
    { ...picture('aaaa'), ...step(call('goto', { url: 'https://example.com' }), call('click', { index: 4 })) },
  ]);
  expect(verdict).toMatchObject({ status: 'warn', findings: [{ step: 0, pointer: '/actions/1' }] });
});

it('warns of a click without any effect', () => {
  const verdict = verdictOf([
    { ...picture('aaaa'), ...step(call('click', { index: 4 })) },
    { ...picture('aaaa'), ...step(call('click', { index: 5 })) },
    { ...picture('bbbb'), says: 'ok' },
  ]);
  expect(verdict).toMatchObject({
    status: 'warn',
    findings: [{ step: 0, confidence: 'heuristic', message: expect.stringContaining('no visible effect') }],
  });
});

it.each<[string, StepSketch[]]>([
  [
    'typing on in one field',
    [
      {
        ...picture('a'),
        ...step(call('type', { index: 4, text: 'x' }), call('type', { text: 'y' }), call('press', { key: 'Enter' })),
      },
    ],
  ],
  [
    'filling a form in one step',
    [{ ...picture('a'), ...step(call('click', { index: 4 }), call('click', { index: 5 })) }],
  ],
  [
    'an element that works although the tree lacks it',
    [
      step(call('click', { bid: '1' }, { returns: tree() })),
      step(call('click', { bid: '99' }, { returns: tree('[6] new') })),
    ],
  ],
  [
    'an element of the wrong kind',
    [{ ...picture('a'), ...step(call('fill', { bid: '1', text: 'x' }, { fails: 'Element is not an <input>' })) }],
  ],
  [
    'hovering and scrolling without effect',
    [
      { ...picture('a'), ...step(call('hover', { index: 4 })) },
      { ...picture('a'), ...step(call('scroll', { direction: 'down' })) },
      { ...picture('a'), says: 'ok' },
    ],
  ],
  [
    'siblings that work on screens of their own',
    [
      { ...picture('a'), ...step(call('click', { index: 4 })), agent: 'one', parent: 0, depth: 1 },
      { ...picture('a'), says: 'x', agent: 'two', parent: 9, depth: 1 },
    ],
  ],
])('passes %s', (_, sketches) => {
  expect(verdictOf(sketches)).toMatchObject({ status: 'pass', findings: [] });
});

it('limits the time since what was seen by a policy', () => {
  const steps = [
    step(call('click', { index: 4 }, { returns: tree(), startTime: 0, endTime: 1000 })),
    step(call('click', { index: 5 }, { returns: tree('[6]'), startTime: 45_000, endTime: 46_000 })),
  ];
  expect(verdictOf(steps).status).toBe('pass');
  const policy = { evaluators: { 'ui.stale-state': { threshold: 30_000 } } };
  expect(verdictOf(steps, policy)).toMatchObject({
    status: 'warn',
    findings: [{ step: 1, message: expect.stringContaining('44 s after') }],
  });
});

it('does not judge where no screen is recorded', () => {
  expect(verdictOf([step(call('click', { index: 4 }, { returns: 'ok' }))]).reason).toBe(
    'Nothing of the screens is recorded.',
  );
  expect(verdictOf([step(call('read_file', { path: 'a' }, { returns: 'element not found' }))]).status).toBe('na');
});

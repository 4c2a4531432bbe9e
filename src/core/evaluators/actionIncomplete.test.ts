import { expect, it } from 'vitest';
import { type CallSketch, judge, makeRun, type StepSketch } from '../../../test/support/makeRun.ts';
import { actionIncomplete } from './actionIncomplete.ts';
import { contextFor } from './context.ts';

const screen = { type: 'image', mediaType: 'image/png', path: 'a.png' } as const;
const verdictOf = (...sketches: StepSketch[]) => {
  const made = makeRun(sketches);
  return judge(actionIncomplete, made, contextFor(made.run));
};
const ui = (tool: string, args: CallSketch['with'] = {}, more: Partial<CallSketch> = {}): StepSketch => ({
  screen,
  calls: [{ tool, with: args, returns: 'ok', ...more }],
});

it.each<[string, StepSketch, string]>([
  ['a click on nothing', ui('click'), 'neither an element nor coordinates'],
  ['a drag from nowhere', ui('drag', { duration: 3 }), 'neither an element nor coordinates'],
  ['a click of a computer tool', ui('computer', { action: 'left_click' }), 'neither an element nor coordinates'],
  ['typing without a text', ui('input_text', { bid: 'a12' }), 'what was typed'],
  ['a key without a name', ui('press_key', { element: 'Save' }), 'what was pressed'],
  ['a screenshot without arguments', ui('click', {}, { argumentsRecorded: false }), 'its arguments are not recorded'],
])('fails for %s', (_, step, words) => {
  expect(verdictOf(step)).toMatchObject({
    status: 'fail',
    findings: [{ step: 0, pointer: '/actions/0', severity: 'error', message: expect.stringContaining(words) }],
  });
});

it.each<[string, StepSketch[]]>([
  ['an element', [ui('click', { bid: 'a12' })]],
  ['an element by its words', [ui('click_element_with_text', { text: 'Save' })]],
  ['the target that the trace tells', [ui('click', {}, { target: { element: 'Save' } })]],
  ['a text for the field that was clicked', [ui('click', { bid: 'a12' }), ui('type', { text: 'x' })]],
  ['an empty text, which clears', [ui('fill', { selector: '#name', value: '' })]],
  ['a key', [ui('press', { key: 'Enter' })]],
  [
    'scrolling and going elsewhere',
    [ui('scroll', { direction: 'down' }), ui('goto', { url: 'https://example.com' }), ui('click', { ref: 'e3' })],
  ],
  ['choosing by a value', [ui('select_option', { ref: 'e3', values: ['a'] })]],
])('passes %s', (_, sketches) => {
  expect(verdictOf(...sketches)).toMatchObject({ status: 'pass', findings: [] });
});

it('warns once of targets that are only places', () => {
  const click = ui('click', { x: 3, y: 4 });
  expect(verdictOf(click, click, ui('click', {}, { target: { role: 'svg' } }))).toMatchObject({
    status: 'warn',
    findings: [
      {
        step: 0,
        message: expect.stringContaining('3 of 3 user-interface actions name no element'),
        evidence: [{ step: 1 }, { step: 2 }],
      },
    ],
  });
});

it('warns of typing before anything had the focus', () => {
  expect(verdictOf(ui('type', { text: 'x' }))).toMatchObject({ status: 'warn', findings: [{ step: 0 }] });
});

it('warns where nothing of what came of it is recorded, when it is for others', () => {
  const silent: StepSketch = { calls: [{ tool: 'click', with: { bid: 'a1' } }] };
  const verdict = verdictOf(ui('click', { bid: 'a1' }), silent, { says: 'on' });
  expect(verdict).toMatchObject({
    status: 'warn',
    findings: [{ step: 1, message: expect.stringContaining('no recorded result') }],
  });
  expect(verdictOf(silent, silent).status).toBe('pass');
  expect(verdictOf(ui('click', { bid: 'a1' }), silent, ui('click', { bid: 'a1' })).status).toBe('pass');
});

it.each<[string, StepSketch]>([
  ['no action', { says: 'hm' }],
  [
    'tools that are not of a screen',
    {
      calls: [
        { tool: 'type_check', with: {}, returns: 'ok' },
        { tool: 'select', with: { sql: 'x' } },
        { tool: 'go_to_jail' },
      ],
    },
  ],
])('does not judge %s', (_, step) => {
  expect(verdictOf(step).status).toBe('na');
});

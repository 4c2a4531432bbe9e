import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRun, type StepSketch } from '../../../../test/support/makeRun.ts';
import { contextFor } from '../../evaluators/context.ts';
import type { Run } from '../../trace/model.ts';
import { SIGNALS, type SignedSign, Signs } from './all.ts';
import type { Signal } from './signal.ts';

const signsOf = (sketches: readonly StepSketch[], more: Partial<Omit<Run, 'steps'>> = {}): SignedSign[] => {
  const { run, steps } = makeRun(sketches, more);
  const signs = new Signs(run);
  const context = contextFor(run);
  for (const step of steps) signs.step(step, context);
  return signs.finish();
};
/** The steps that one signal points at. */
const stepsOf = (signal: string, sketches: readonly StepSketch[], more: Partial<Omit<Run, 'steps'>> = {}) =>
  signsOf(sketches, more)
    .filter((sign) => sign.signal === signal)
    .map(({ step }) => step);

const says = (agent: string, text: string, label?: string): StepSketch => ({
  says: text,
  agent,
  ...(label !== undefined && { label }),
});
const runs = (text: string): StepSketch => ({
  agent: 'Terminal',
  calls: [{ tool: 'execute_code', argumentsRecorded: false, returns: text }],
});
const code = (text: string) => `Let us run this.\n\`\`\`python\n${text}\n\`\`\``;

describe('a team that runs code', () => {
  const handOver = says('Manager', 'The task is to count the stops of the line. Please begin.');

  it('blames the step that wrote the code, not the one that ran it', () => {
    const run = [handOver, says('Coder', code('print(stops)')), runs("NameError: name 'stops' is not defined")];
    expect(signsOf(run).find(({ signal }) => signal === 'sign.code-failed')).toMatchObject({ step: 1, shownAt: 2 });
  });

  it('lets talk in between pass, and code that worked', () => {
    const run = [handOver, says('Coder', code('print(7)')), says('Manager', 'Go on.'), runs('exitcode: 0\n7')];
    expect(stepsOf('sign.code-failed', run)).toEqual([]);
    expect(stepsOf('sign.first-program', run)).toEqual([1]);
  });

  it('finds placeholders in code, not in talk', () => {
    expect(stepsOf('sign.placeholder-code', [handOver, says('Coder', code('key = "YOUR_API_KEY"'))])).toEqual([1]);
    expect(stepsOf('sign.placeholder-code', [handOver, says('Coder', 'Put YOUR_API_KEY there.')])).toEqual([]);
  });

  it('names the first contribution after the task was handed over', () => {
    expect(stepsOf('sign.first-turn', [handOver, says('Coder', 'I begin.'), says('Checker', 'Good.')])).toEqual([1]);
    expect(stepsOf('sign.first-turn', [handOver, says('Manager', 'I begin.')])).toEqual([]);
  });
});

describe('sign.stated-from-nowhere', () => {
  const goal = { user: 'How much do 2 adults pay at the museum?' };

  it('finds the first statement of values that nothing holds', () => {
    const run = [
      goal,
      says('A', 'I take over.'),
      says('B', 'Adults pay $20.50, children $18.25.'),
      says('A', 'So $41.'),
    ];
    expect(stepsOf('sign.stated-from-nowhere', run)).toEqual([2]);
  });

  it('is content with values that were read, and with headings', () => {
    const read = runs('Adults 20.50, children 18.25');
    const run = [
      goal,
      says('A', 'I look.'),
      read,
      says('B', '**Next Steps:**\n### Data Check\nAdults pay 20.50, children 18.25.'),
    ];
    expect(stepsOf('sign.stated-from-nowhere', run)).toEqual([]);
  });

  it('does not judge agents that call tools themselves', () => {
    const call: StepSketch = { agent: 'A', calls: [{ tool: 'get', with: { id: 1 }, returns: '{"price": 10}' }] };
    expect(
      stepsOf('sign.stated-from-nowhere', [goal, says('A', 'Hi'), call, says('A', 'That is 41.55 or 77.20.')]),
    ).toEqual([]);
  });
});

describe('an agent that directs others', () => {
  const start: StepSketch[] = [
    { user: 'When did the rule change?' },
    says('Lead', 'Plan: look it up.', 'thought'),
    says('Lead', 'Please find the date.', '-> Surfer'),
  ];
  const answer = says('Lead', 'FINAL ANSWER: 12 May 2011', 'termination');

  it('points at the step that first stated the final answer', () => {
    const run = [
      ...start,
      says('Surfer', 'I clicked it. It says 12 May 2011.'),
      says('Lead', 'Done.', 'thought'),
      answer,
    ];
    expect(stepsOf('sign.answer-source', run)).toEqual([3]);
  });

  it('has no source for an answer that says there is none', () => {
    const none = says('Lead', 'FINAL ANSWER: unable to determine', 'termination');
    expect(stepsOf('sign.answer-source', [...start, says('Surfer', 'I clicked it.'), none])).toEqual([]);
  });

  it('sees where the run broke off, and where a plan was dropped', () => {
    const stalled = says('Lead', 'Stalled.... Replanning...', 'thought');
    const broken = says(
      'Surfer',
      'I clicked it.\nTraceback (most recent call last):\n  File "x"\nValueError: filtered',
    );
    const found = signsOf([...start, says('Surfer', 'I typed it.'), stalled, broken]);
    expect(found.map(({ signal, step }) => [signal, step])).toEqual(
      expect.arrayContaining([
        ['sign.plan-dropped', 4],
        ['sign.broke-off', 5],
      ]),
    );
    expect(found.find(({ signal }) => signal === 'sign.broke-off')?.reason).toContain('ValueError: filtered');
  });

  it('sees that nobody took up the last step, unless it answers', () => {
    const work = says('Surfer', 'I clicked it.');
    expect(stepsOf('sign.left-unanswered', [...start, work])).toEqual([3]);
    expect(stepsOf('sign.left-unanswered', [...start, work, answer])).toEqual([]);
    expect(stepsOf('sign.left-unanswered', [{ user: 'Hi' }, says('A', 'Hello')])).toEqual([]);
  });
});

describe('what an agent says of itself', () => {
  it('sees a call that was only written down', () => {
    const written = { says: '<tool_call>population of Lima</tool_call>' };
    expect(stepsOf('sign.call-as-text', [{ user: 'How many?' }, written])).toEqual([1]);
    expect(stepsOf('sign.call-as-text', [{ user: 'Write <tool_call>x</tool_call>' }, { final: 'Done' }])).toEqual([]);
  });

  it.each([
    ['It is likely the older one.', [1]],
    ['The date could not be determined from the pages.', [1]],
    ['<answer>Lima</answer>', []],
  ])('takes for a guess: %s', (final, expected) => {
    expect(stepsOf('sign.unsure-answer', [{ user: 'Which?' }, { final }])).toEqual(expected);
  });

  it('minds unsure words only at the end', () => {
    expect(
      stepsOf('sign.unsure-answer', [{ user: 'Which?' }, { says: 'It is likely here.' }, { final: 'Lima' }]),
    ).toEqual([]);
  });
});

describe('sign.off-goal', () => {
  const goal = 'Which university of the listed secretaries lies farthest to the west of the country?';

  it('finds a first plan without the words of the goal', () => {
    const other = `Analyse why the program ends with exit code 1. ${'Check syntax, then run it again. '.repeat(15)}`;
    expect(stepsOf('sign.off-goal', [says('A', other), says('B', 'ok')], { goal })).toEqual([0]);
  });

  it('is content with a plan that restates it, and with short hand-overs', () => {
    const same = `${goal} ${'Check each of them, then compare. '.repeat(15)}`;
    expect(stepsOf('sign.off-goal', [says('A', same)], { goal })).toEqual([]);
    expect(stepsOf('sign.off-goal', [says('A', 'Let us begin.')], { goal })).toEqual([]);
  });
});

describe('an agent that serves a user', () => {
  const list = (available: boolean[]) =>
    JSON.stringify({ variants: available.map((is, id) => ({ id, available: is })) });
  const read = (available: boolean[]): StepSketch => ({
    calls: [{ tool: 'get_product', with: { id: 1 }, returns: list(available) }],
  });
  const ask: StepSketch = { user: 'How many shirts are there?' };
  const six = [true, true, true, true, true, false];

  it.each([
    ['There are 7 options available.', [2]],
    ['There are currently 5 available options.', []],
    ['There are 6 options, one of them sold out.', []],
    ['There are 2 options that fit you.', []],
  ])('counts after it: %s', (text, expected) => {
    expect(stepsOf('sign.miscounted', [ask, read(six), { says: text }])).toEqual(expected);
  });

  const update = (id: string, how: { returns: string } | { fails: string }): StepSketch => ({
    calls: [{ tool: 'update_order', with: { order_id: id }, ...how }],
  });

  it('sees a change that shut out a later one on the same thing', () => {
    const refusal = { fails: 'Error: non-pending order cannot be modified' };
    const run = [ask, update('#W10421', { returns: 'ok' }), update('#W10421', refusal)];
    expect(stepsOf('sign.shut-out', run)).toEqual([1]);
    expect(stepsOf('sign.shut-out', [ask, update('#W10421', { returns: 'ok' }), update('#W20001', refusal)])).toEqual(
      [],
    );
    const timeout = update('#W10421', { fails: 'timed out' });
    expect(stepsOf('sign.shut-out', [ask, update('#W10421', { returns: 'ok' }), timeout])).toEqual([]);
  });

  it('sees a refusal without a try, not one after it', () => {
    const refuses = { says: 'Unfortunately, I cannot look up your address.' };
    expect(stepsOf('sign.refused', [ask, refuses])).toEqual([1]);
    expect(stepsOf('sign.refused', [ask, read(six), refuses])).toEqual([]);
  });

  it('sees a go-ahead after which nothing was called, in a run with tools', () => {
    const talk = (...rest: StepSketch[]) => [ask, read(six), { says: 'Shall I order one?' }, ...rest];
    const yes = { user: 'Yes, please go ahead.' };
    const order = update('#W10421', { returns: 'ok' });
    const again = { says: 'Do you want me to order it?' };
    const unheeded = (...rest: StepSketch[]) => stepsOf('sign.go-ahead-unheeded', talk(...rest));
    expect(unheeded(yes, again, yes, order)).toEqual([4]);
    expect(unheeded(yes)).toEqual([3]);
    expect(unheeded(yes, { says: 'One moment.' }, order, { user: 'Thanks.' })).toEqual([]);
    expect(unheeded({ user: 'No, thanks.' }, { final: 'Bye.' })).toEqual([]);
    expect(stepsOf('sign.go-ahead-unheeded', [ask, yes, { says: 'It is so.' }])).toEqual([]);
  });

  it('passes over a bare yes to the request behind the last change', () => {
    const talk = [
      ask,
      { says: 'Which?' },
      { user: 'The black one of order #W10421' },
      { says: 'Shall I?' },
      { user: 'Yes, please.' },
    ];
    expect(stepsOf('sign.decisive-request', [...talk, update('#W10421', { returns: 'ok' })])).toEqual([2]);
    expect(stepsOf('sign.decisive-request', [...talk, update('#W10421', { fails: 'no' })])).toEqual([]);
  });

  it('quotes an assumption', () => {
    const run = [{ says: 'Hello' }, { says: 'Assuming the price is 5 dollars, it is enough.' }];
    expect(signsOf(run)).toMatchObject([
      { signal: 'sign.assumed', step: 1, reason: expect.stringContaining('Assuming') },
    ]);
  });
});

describe('all signals', () => {
  it('have ids and say what they are', () => {
    expect(new Set(SIGNALS.map(({ id }) => id)).size).toBe(SIGNALS.length);
    for (const { id, title, definition } of SIGNALS) {
      expect(id).toMatch(/^sign\.[a-z-]+$/);
      expect(title.length).toBeGreaterThan(10);
      expect(definition).toMatch(/\.$/);
    }
  });

  it('stand in the docs, each with its title', () => {
    const docs = readFileSync(join(import.meta.dirname, '../../../../docs/localize.md'), 'utf8');
    for (const { id, title } of SIGNALS) expect(docs).toContain(`\`${id}\` ${title}`);
  });

  it.each(['A', ' ', '*', '**a** ', '9,', '\n', '# ', 'a', 'word ', '```', '<', '"', 'final answer ', 'Error ', '- '])(
    'get through a long text of %j',
    (piece) => {
      const text = piece.repeat(Math.ceil(60_000 / piece.length));
      const talk = [says('A', text), says('B', text), runs(text), says('C', text), { user: text }, { final: text }];
      for (const { reason } of signsOf(talk, { goal: text.slice(0, 4000) })) expect(reason.length).toBeLessThan(1000);
    },
  );

  it('go on without one that throws', () => {
    const bad: Signal = {
      id: 'sign.bad',
      title: 'bad',
      definition: 'bad.',
      start: () => ({
        step: () => {
          throw new Error('no');
        },
        finish: () => [{ step: 0, weight: 1, reason: 'never' }],
      }),
    };
    const good: Signal = {
      ...bad,
      id: 'sign.good',
      start: () => ({ step: () => {}, finish: () => [{ step: 0, weight: 1, reason: 'r' }] }),
    };
    const { run, steps } = makeRun([{ user: 'Hi' }]);
    const signs = new Signs(run, [bad, good]);
    for (const step of steps) signs.step(step, contextFor(run));
    expect(signs.finish().map(({ signal }) => signal)).toEqual(['sign.good']);
  });
});

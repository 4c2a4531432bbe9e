import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inJavaScript, inPython, type Script } from '../../../../test/support/replayHelpers.ts';
import cases from './cases.json' with { type: 'json' };

// The helpers stand beside people's tests in two languages. They must say the same, word for word: every case runs
// through both, each in a process of its own kind.
const folder = mkdtempSync(join(tmpdir(), 'hindstep-helpers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const BASE = {
  schemaVersion: 2,
  normaliserVersion: 1,
  goal: 'Do it',
  messages: [],
  tools: [],
  volatile: ['/request_id'],
  onMiss: 'error',
};

const languages = [
  ['JavaScript', inJavaScript],
  ['Python', inPython],
] as const;

function recorded(tool: string, args: object, observation: unknown) {
  return { tool, arguments: args, observation, isError: false, ordinal: 0, argumentsHash: '' };
}

describe.each(languages)('the %s helper', (_name, inLanguage) => {
  it('judges every case of the table as the table says', () => {
    const scripts = cases.map((one): Script => {
      const calls = one.calls.map(([tool, args]) => ({ tool, arguments: args, observation: null }));
      const failure = { position: 0, calls: [], message: one.finalText ?? '' };
      return {
        fixture: { ...BASE, expect: one.expect, recording: calls, failure, correction: { calls: [] } },
        mode: 'trace',
        trace: '',
      };
    });
    const results = inLanguage(scripts, { HINDSTEP_PROOF: 'recorded' });
    const said = results.map((result, i) => ({ name: cases[i]?.name, ...(result as object) }));
    expect(said).toEqual(
      cases.map(({ name, problems }) => ({
        name,
        problems: problems.map((problem) => `hindstep: ${problem}`),
        answers: [],
      })),
    );
  });

  const recording = [
    recorded('list', { user: 'u1' }, [{ id: 'A-1' }, { id: 'A-2' }]),
    recorded('list', { user: 'u1' }, []),
    recorded('cancel', { id: 'A-2', request_id: 'r-1' }, { ok: true }),
  ];
  const replayed = {
    ...BASE,
    messages: [
      { role: 'system', content: 'Be good.' },
      { role: 'user', content: 'Cancel the duplicate' },
    ],
    expect: [
      { kind: 'mustCall', tool: 'cancel', arguments: { id: 'A-1' } },
      { kind: 'mustNotCall', tool: 'cancel', arguments: { id: 'A-2' } },
    ],
    recording,
    failure: { position: 2, calls: [{ tool: 'cancel', arguments: { id: 'A-2' } }] },
    correction: { calls: [{ tool: 'cancel', arguments: { id: 'A-1' } }] },
  };

  it('answers equal calls in the order of the recording, whatever volatile arguments say', () => {
    const [result] = inLanguage([
      {
        fixture: { ...replayed, expect: [] },
        mode: 'replay',
        calls: [
          ['list', { user: 'u1' }],
          ['list', { user: 'u1' }],
          ['cancel', { request_id: 'r-9', id: 'A-2' }],
        ],
      },
    ]);
    expect(result).toEqual({ problems: [], answers: [[{ id: 'A-1' }, { id: 'A-2' }], [], { ok: true }] });
  });

  it('lets the corrected call through, and then holds', () => {
    const calls = [
      ['list', { user: 'u1' }],
      ['list', { user: 'u1' }],
      ['cancel', { id: 'A-1' }],
    ] as const;
    const [result] = inLanguage([{ fixture: replayed, mode: 'replay', calls, finalText: 'Done' }]);
    expect(result).toMatchObject({ problems: [] });
  });

  it('stops at a call that was not recorded, and names the nearest', () => {
    const [result] = inLanguage([{ fixture: replayed, mode: 'replay', calls: [['list', { user: 'u2' }]] }]);
    expect(result).toMatchObject({
      problems: [
        'hindstep: the run left the recording: list({"user":"u2"}) was not recorded; recorded call 1 differs in /user: u1, got u2.',
        'hindstep: must call cancel with id A-1: the calls were list({"user":"u2"})',
      ],
    });
  });

  it('is not green when the run leaves the recording before the decision under test', () => {
    const forbid = { ...replayed, expect: replayed.expect.slice(1) };
    const [result] = inLanguage([{ fixture: forbid, mode: 'replay', calls: [['search', {}]] }]);
    expect(result).toMatchObject({ problems: ['hindstep: the run left the recording: search({}) was not recorded.'] });
  });

  it('is green when the run takes another way after the decision under test', () => {
    const forbid = { ...replayed, expect: replayed.expect.slice(1) };
    const calls = [
      ['list', { user: 'u1' }],
      ['list', { user: 'u1' }],
      ['ask', {}],
    ] as const;
    const [result] = inLanguage([{ fixture: forbid, mode: 'replay', calls }]);
    expect(result).toMatchObject({ problems: [] });
  });

  it('judges only the first call of a decision', () => {
    const calls = [
      ['cancel', { id: 'A-1' }],
      ['cancel', { id: 'A-2' }],
    ] as const;
    const [result] = inLanguage([{ fixture: replayed, mode: 'decision', calls }]);
    expect(result).toMatchObject({ problems: [] });
  });

  it('plays the recorded, the corrected and the undone agent for a proof', () => {
    for (const mode of ['replay', 'decision'] as const) {
      const verdicts = ['recorded', 'corrected', 'undone'].map((proof) => {
        const [result] = inLanguage([{ fixture: replayed, mode }], { HINDSTEP_PROOF: proof });
        return (result as { problems: string[] }).problems.length === 0 ? 'green' : 'red';
      });
      expect([mode, ...verdicts]).toEqual([mode, 'red', 'green', 'red']);
    }
  });

  it('plays all that was recorded, or only up to the decision when the correction is undone', () => {
    const later = { ...recorded('refund', { id: 'A-2' }, 'ok') };
    const fixture = {
      ...replayed,
      recording: [...recording, later],
      expect: [{ kind: 'mustNotCall', tool: 'refund', arguments: {} }],
    };
    const problems = ['recorded', 'undone'].map((proof) => {
      const [result] = inLanguage([{ fixture, mode: 'replay' }], { HINDSTEP_PROOF: proof });
      return (result as { problems: string[] }).problems;
    });
    expect(problems).toEqual([['hindstep: must not call refund: call 4 did'], []]);
  });

  it('takes calls that are made at once for one decision', () => {
    const both = [
      { tool: 'list', arguments: { user: 'u1' } },
      { tool: 'cancel', arguments: { id: 'A-2' } },
    ];
    const fixture = { ...replayed, expect: replayed.expect.slice(1), failure: { position: 0, calls: both } };
    const [result] = inLanguage([{ fixture, mode: 'decision' }], { HINDSTEP_PROOF: 'recorded' });
    expect(result).toMatchObject({ problems: ['hindstep: must not call cancel with id A-2: call 2 did'] });
  });

  it('lets the user go on with what was recorded, and knows that the agent asked', () => {
    const fixture = {
      ...replayed,
      messages: [
        ...replayed.messages,
        { role: 'assistant', content: 'Cancel A-1?' },
        { role: 'user', content: 'Yes.' },
      ],
      expect: [{ kind: 'mustAskBefore', tool: 'cancel' }],
      failure: { position: 0, calls: [] },
    };
    const turns = [{ text: 'Cancel A-1?' }, { calls: [['cancel', { id: 'A-2' }]] as const, text: 'Done.' }];
    expect(inLanguage([{ fixture, mode: 'replay', turns }])).toMatchObject([{ problems: [], answers: [{ ok: true }] }]);
    const atOnce = [{ calls: [['cancel', { id: 'A-2' }]] as const, text: 'Done.' }, { text: 'Bye.' }];
    const [early] = inLanguage([{ fixture, mode: 'replay', turns: atOnce }]);
    expect(early).toMatchObject({ problems: ['hindstep: must ask before it calls cancel: call 1 did not'] });
  });

  it('makes the calls that an agent answers instead of making them', () => {
    const turns = [
      { returns: { tool: 'list', arguments: { user: 'u1' } } },
      { returns: { content: null, tool_calls: [{ function: { name: 'list', arguments: '{"user": "u1"}' } }] } },
      { returns: { toolCalls: [{ name: 'cancel', arguments: { id: 'A-1' } }] } },
      { text: 'Done.' },
    ];
    expect(inLanguage([{ fixture: replayed, mode: 'replay', turns }])).toMatchObject([{ problems: [] }]);
    const [wrong] = inLanguage([{ fixture: replayed, mode: 'decision', turns }]);
    expect(wrong).toMatchObject({
      problems: ['hindstep: must call cancel with id A-1: the calls were list({"user":"u1"})'],
    });
  });

  it('ends an agent that catches all errors of its tools', () => {
    const calls = Array.from({ length: 50 }, () => ['list', { user: 'u2' }] as const);
    const [result] = inLanguage([{ fixture: replayed, mode: 'replay', calls, stubborn: true }]);
    expect(result).toMatchObject({
      problems: [
        expect.stringContaining('the run left the recording'),
        'hindstep: must call cancel with id A-1: the calls were list({"user":"u2"})',
      ],
    });
  });

  it('judges the runs of a file that were asked the same, and says when there is none', () => {
    const asked = (content: string, id: string) => ({
      messages: [
        { role: 'user', content },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ function: { name: 'cancel', arguments: `{"id": "${id}"}` } }],
        },
      ],
    });
    const fixture = { ...replayed, messages: [{ role: 'user', content: 'I am <EMAIL_1>. Cancel it.' }] };
    const write = (name: string, ...all: object[]) => {
      writeFileSync(join(folder, name), all.map((one) => JSON.stringify(one)).join('\n'));
      return join(folder, name);
    };
    const traces = [
      write('many.jsonl', asked('Hello', 'A-2'), asked('I am ana@example.org. Cancel it.', 'A-1')),
      write('others.jsonl', asked('Hello', 'A-1'), asked('Bye', 'A-1')),
    ];
    const [many, others] = inLanguage(traces.map((trace) => ({ fixture, mode: 'trace', trace })));
    expect(many).toEqual({ problems: [], answers: [] });
    expect(others).toEqual({ error: expect.stringContaining('has 2 runs, and none of them was asked what this test') });
  });

  it('gives the agent what was recorded of the world', () => {
    const environment = { clock: '2026-01-01T00:00:00.000Z', seed: 7 };
    const fixture = { ...replayed, expect: [], environment };
    const scripts = [{ fixture, mode: 'replay', turns: [{ says: 'environment' }] } as const];
    expect(inLanguage(scripts)).toEqual([{ problems: [], answers: [environment] }]);
  });

  it('asks hindstep what an evaluator says of a trace, of a replay, of a decision and in a proof', () => {
    const cli = join(folder, 'cli.mjs');
    // Says of each conversation whether the agent called anything.
    writeFileSync(
      cli,
      `import { readFileSync } from 'node:fs';
      const [command, path] = process.argv.slice(2);
      if (command !== 'eval') process.exit(2);
      const { messages } = JSON.parse(readFileSync(path, 'utf8'));
      const status = messages.some((one) => one.tool_calls) ? 'fail' : 'pass';
      console.log(JSON.stringify({ verdicts: [{ evaluator: 'made.up', status }], rollUps: [] }));
      process.exit(status === 'fail' ? 1 : 0);`,
    );
    const trace = join(folder, 'judged.json');
    const call = { function: { name: 'list', arguments: '{}' } };
    writeFileSync(trace, JSON.stringify({ messages: [{ role: 'assistant', content: '', tool_calls: [call] }] }));
    const fixture = { ...replayed, expect: [{ kind: 'evaluator', id: 'made.up', status: 'pass' }] };
    const calls = [['list', { user: 'u1' }]] as const;
    const scripts: Script[] = [
      { fixture, mode: 'trace', trace },
      { fixture, mode: 'replay', calls },
      { fixture, mode: 'replay', finalText: 'Nothing to do.' },
      { fixture, mode: 'decision', calls },
    ];
    const problemsWith = (env: Record<string, string>) =>
      inLanguage(scripts, env).map((result) => (result as { problems: string[] }).problems);
    const fails = ['hindstep: made.up must say pass: it says fail'];
    expect(problemsWith({ HINDSTEP_CLI: cli })).toEqual([fails, fails, [], []]);
    const notAsked = ['hindstep: made.up must say pass: it could not be asked'];
    expect(problemsWith({ HINDSTEP_CLI: join(folder, 'none.mjs') })).toEqual([notAsked, notAsked, notAsked, notAsked]);
    const proofs = inLanguage(scripts.slice(0, 2), { HINDSTEP_CLI: cli, HINDSTEP_PROOF: 'recorded' });
    expect(proofs).toMatchObject([{ problems: fails }, { problems: fails }]);
  });

  it('reads chat messages, JSON Lines and ATIF, and knows when the agent asked', () => {
    const call = (id: string) => ({ id: 'c', function: { name: 'pay', arguments: JSON.stringify({ id }) } });
    const messages = [
      { role: 'user', content: 'Pay A-1' },
      { role: 'assistant', content: 'Shall I pay A-1?' },
      { role: 'user', content: [{ type: 'text', text: 'Yes' }] },
      { role: 'assistant', content: null, tool_calls: [call('A-1')] },
      { role: 'tool', tool_call_id: 'c', content: 'ok' },
      { role: 'assistant', content: 'Paid.' },
    ];
    const steps = [
      { source: 'user', message: 'Pay A-1' },
      { source: 'agent', message: '', tool_calls: [{ function_name: 'pay', arguments: { id: 'A-1' } }] },
      { source: 'agent', message: 'Paid.' },
    ];
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const expect_ = [
      { kind: 'mustAskBefore', tool: 'pay' },
      { kind: 'mustCall', tool: 'pay', arguments: { id: 'A-1' } },
      { kind: 'finalMustNotClaim', claim: 'paid' },
    ];
    const fixture = { ...BASE, expect: expect_ };
    const traces = [
      write('messages.json', JSON.stringify({ messages })),
      write('messages.jsonl', messages.map((message) => JSON.stringify(message)).join('\n')),
      write('atif.json', JSON.stringify({ schema_version: 'ATIF-v1.4', steps })),
      join(folder, 'none.json'),
    ];
    const results = inLanguage(traces.map((trace) => ({ fixture, mode: 'trace', trace })));
    const claim = 'hindstep: must not claim "paid" at the end';
    expect(results).toEqual([
      { problems: [claim], answers: [] },
      { problems: [claim], answers: [] },
      { problems: ['hindstep: must ask before it calls pay: call 1 did not', claim], answers: [] },
      { error: expect.stringMatching(/^hindstep: there is no trace at .*none\.json/) },
    ]);
  });
});

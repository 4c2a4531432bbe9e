import { describe, expect, it } from 'vitest';
import type { Fixture } from '../fixture.ts';
import { commentLine, quoted } from './javascript.ts';
import { EMITTERS, emitterOf } from './registry.ts';

const fixture: Fixture = {
  schemaVersion: 1,
  normaliserVersion: 1,
  id: 'f',
  title: 'cancels the duplicate order, not the newest one',
  mode: 'replay',
  source: { fileName: 'run.trace.json', format: 'atif', run: 'r1', step: 4, sha256: '', hindstep: '0.1.0' },
  goal: 'Cancel the duplicate',
  messages: [],
  tools: [],
  toolsDigest: '',
  environment: {},
  recording: [],
  onMiss: 'error',
  failure: { position: 2, calls: [], reason: 'It cancelled A-1050\n*/ """ process.exit() `$(x)`' },
  correction: { calls: [] },
  expect: [
    { kind: 'mustCall', tool: 'cancel_order', arguments: { order_id: 'A-1042' } },
    { kind: 'mustNotCall', tool: 'cancel_order', arguments: { order_id: 'A-1050' } },
  ],
  volatile: [],
  redactions: [],
};
const fixtureFile = 'cancels-the-duplicate.fixture.json';

describe.each(EMITTERS.map((emitter) => [emitter.id, emitter] as const))('%s', (id, emitter) => {
  it.each(['trace-check', 'decision-point', 'replay'] as const)(
    'writes a %s test that a person could have written',
    async (mode) => {
      const agent = { importPath: id === 'pytest' ? '../agents/orders.py' : '../agents/orders.ts', name: 'agent' };
      const text = emitter.emit({
        fixture: { ...fixture, mode },
        fixtureFile,
        ...(mode === 'trace-check' ? { traceFile: '../traces/run.trace.json' } : { agent }),
      });
      await expect(text).toMatchFileSnapshot(`golden/${id}.${mode}.txt`);
    },
  );

  it('names the file so that the runner finds it', () => {
    expect(emitter.fileNameOf('cancel-it')).toMatch(/^(cancel-it\.test\.m?js|test_cancel_it\.py)$/);
  });

  it('lets no text of the trace out of its string or comment', () => {
    const nasty = `x'); process.exit(1); //\n""" ' " \\ \u2028 */`;
    const text = emitter.emit({
      fixture: { ...fixture, title: nasty, source: { ...fixture.source, fileName: nasty, run: nasty } },
      fixtureFile,
      agent: { importPath: "../a'b.mjs", name: 'agent' },
    });
    const bare =
      id === 'pytest'
        ? text.replace(/"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"/g, '')
        : text.replace(/^\/\/.*$/gm, '').replace(/'(?:[^'\\\n]|\\.)*'/g, '');
    expect(bare).not.toContain('process.exit');
  });
});

it('finds emitters by id', () => {
  expect(EMITTERS.map(({ id }) => emitterOf(id).id)).toEqual(EMITTERS.map(({ id }) => id));
});

it('quotes for JavaScript', () => {
  expect(quoted(`a'b"c\\d\ne`)).toBe(`'a\\'b"c\\\\d\\ne'`);
  expect(commentLine('a\n*/ b\u2028c')).toBe('a * / b c');
});

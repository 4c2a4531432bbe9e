import { describe, expect, it } from 'vitest';
import type { Json } from '../../util/json.ts';
import type { Fixture } from '../fixture.ts';
import { commentLine, quoted } from './javascript.ts';
import { EMITTERS, emitterOf } from './registry.ts';

const fixture: Fixture = {
  schemaVersion: 2,
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

  it('shows what would hide, in comments and in strings', () => {
    const hiding = 'a\u0000b\u202ec\u200bd\ufeffe\ud800f\u{e0041}';
    const text = emitter.emit({
      fixture: { ...fixture, title: hiding, source: { ...fixture.source, run: hiding } },
      fixtureFile,
      traceFile: '../traces/run.trace.json',
    });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(text).toContain('run aU+0000bU+202EcU+200Bd eU+D800fU+E0041, step 5');
  });

  it('writes arguments that nest 20,000 deep', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as Json;
    const expected = [{ kind: 'mustNotCall', tool: 'f', arguments: { deep } }] as const;
    const text = emitter.emit({ fixture: { ...fixture, expect: expected }, fixtureFile, traceFile: 'x' });
    expect(text).toContain('it must not call f with {"deep":[[[');
  });

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

describe('with CommonJS', () => {
  it.each(['trace-check', 'decision-point', 'replay'] as const)('jest has a %s test too', async (mode) => {
    const agent = { importPath: '../agents/orders.ts', name: 'answer' };
    const text = emitterOf('jest').emit({
      fixture: { ...fixture, mode },
      fixtureFile,
      modules: 'commonjs',
      ...(mode === 'trace-check' ? { traceFile: '../traces/run.trace.json' } : { agent }),
    });
    await expect(text).toMatchFileSnapshot(`golden/jest.commonjs.${mode}.txt`);
  });

  it('the helper is the same, but for how it is loaded', () => {
    const [esm, commonJs] = [emitterOf('jest').helperFor('esm'), emitterOf('jest').helperFor('commonjs')];
    expect([esm.name, commonJs.name]).toEqual(['hindstep-replay.mjs', 'hindstep-replay.cjs']);
    expect(commonJs.source).not.toMatch(/^(?:import|export) /m);
    const differs = esm.source.split('\n').filter((line, i) => line !== commonJs.source.split('\n')[i]);
    expect(differs.every((line) => /^(?:import|export) /.test(line))).toBe(true);
  });
});

it('finds emitters by id', () => {
  expect(EMITTERS.map(({ id }) => emitterOf(id).id)).toEqual(EMITTERS.map(({ id }) => id));
});

it('quotes for JavaScript', () => {
  expect(quoted(`a'b"c\\d\ne`)).toBe(`'a\\'b"c\\\\d\\ne'`);
  expect(quoted('\u2028\u202e')).toBe("'\\u{2028}\\u{202e}'");
  expect(commentLine('a\n*/ b\u2028c')).toBe('a * / b c');
});

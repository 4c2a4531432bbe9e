import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Schema, Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { asArray, at, field, type Json } from '../../src/core/util/json.ts';
import { VERDICT_WRITERS } from '../../src/core/verdictFiles/writers.ts';
import { runCli } from '../support/runCli.ts';

const root = resolve(import.meta.dirname, '../..');
const traces = resolve(root, 'samples/traces');
const duplicate = resolve(traces, 'cancel-duplicate-order.trace.json');
const library = resolve(traces, 'library-desk.trace.json');
const folder = () => mkdtempSync(join(tmpdir(), 'hindstep-verdicts-'));

async function written(format: string, ...argv: string[]): Promise<string> {
  const out = join(folder(), 'out');
  const { errors } = await runCli('eval', ...argv, '--format', format, '--out', out);
  expect(errors).toEqual([]);
  return readFileSync(out, 'utf8');
}

describe('hindstep eval --format', () => {
  it('json: every verdict of every run, with the hash of the file', async () => {
    const document = JSON.parse(await written('json', duplicate, library)) as Json;
    expect(asArray(field(document, 'runs'))).toHaveLength(4);
    const sha256 = createHash('sha256').update(readFileSync(duplicate)).digest('hex');
    expect(at(document, 'runs', 0)).toMatchObject({
      trace: 'samples/traces/cancel-duplicate-order.trace.json',
      traceSha256: sha256,
      suspects: [{ step: 4, stepId: expect.any(String) }],
    });
  });

  it('sarif: valid, and pointing at the very record of the file', async () => {
    const log = JSON.parse(await written('sarif', duplicate, library)) as Json;
    const path = join(root, 'node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
    const schema = JSON.parse(readFileSync(path, 'utf8')) as Schema;
    expect(new Validator(schema, '4', false).validate(log).errors).toEqual([]);
    const failed = asArray(at(log, 'runs', 0, 'results')).filter((result) => field(result, 'kind') === 'fail');
    expect(failed.length).toBeGreaterThan(0);
    const lines = readFileSync(duplicate, 'utf8').split('\n');
    const first = failed.find((result) => field(result, 'ruleId') === 'safety.unapproved-irreversible');
    const region = at(first, 'locations', 0, 'physicalLocation', 'region');
    const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = region as Record<string, number>;
    const record = [
      lines[startLine - 1]?.slice(startColumn - 1),
      ...lines.slice(startLine, endLine - 1),
      lines[endLine - 1]?.slice(0, endColumn - 1),
    ].join('\n');
    expect(at(JSON.parse(record), 'tool_calls', 0, 'arguments', 'order_id')).toBe('A-1050');
  });

  it('sarif: the same fingerprint after a step was added before', async () => {
    const before = JSON.parse(await written('sarif', duplicate)) as Json;
    const trace = JSON.parse(readFileSync(duplicate, 'utf8')) as { steps: { step_id: number }[] };
    const [first] = trace.steps;
    if (first === undefined) throw new Error('no step');
    trace.steps.unshift({ ...first, step_id: 0, ...{ source: 'system', message: 'You are an agent.' } });
    for (const [i, step] of trace.steps.entries()) step.step_id = i + 1;
    const changed = join(folder(), 'cancel-duplicate-order.trace.json');
    writeFileSync(changed, JSON.stringify(trace));
    const after = JSON.parse(await written('sarif', changed)) as Json;
    const prints = (log: Json) =>
      asArray(at(log, 'runs', 0, 'results'))
        .filter((result) => field(result, 'kind') === 'fail')
        .map((result) => `${field(result, 'ruleId')} ${at(result, 'partialFingerprints', 'hindstep/v1')}`)
        .sort();
    expect(prints(before).length).toBeGreaterThan(0);
    expect(prints(after)).toEqual(prints(before));
  });

  it('junit: XML that Python reads', async () => {
    const xml = await written('junit', duplicate, library);
    const count = 'import sys, xml.etree.ElementTree as E; print(len(E.fromstring(sys.stdin.buffer.read())))';
    expect(spawnSync('python3', ['-c', count], { input: xml, encoding: 'utf8' }).stdout.trim()).toBe('4');
  });

  it('markdown: a line for each fault, linked to the line of the step', async () => {
    const text = await written('markdown', duplicate);
    expect(text).toMatch(/^\*\*1 of 1 run failed\.\*\*/m);
    expect(text).toMatch(/\[5\]\(samples\/traces\/cancel-duplicate-order\.trace\.json\?plain=1#L\d+\)/);
  });

  it('prints to standard output, answers by the verdicts, and leaves out what is no fault when it is told so', async () => {
    const all = await runCli('eval', duplicate, '--format', 'json');
    const faults = await runCli('eval', duplicate, '--format', 'json', '--only-faults');
    const count = (lines: readonly string[]) => asArray(field(JSON.parse(lines.join('\n')), 'verdicts')).length;
    expect([all.code, faults.code]).toEqual([1, 1]);
    expect(count(faults.lines)).toBeLessThan(count(all.lines));
    expect(count(faults.lines)).toBeGreaterThan(0);
  });

  it.each(VERDICT_WRITERS.map(({ id }) => id))('%s: holds no secret of the trace', async (format) => {
    const trace = JSON.parse(readFileSync(duplicate, 'utf8')) as Json;
    const call = at(trace, 'steps', 3, 'tool_calls', 0) ?? at(trace, 'steps', 4, 'tool_calls', 0);
    const given = field(call, 'arguments') as Record<string, Json>;
    // A word that only the name of its field gives away, in an argument that a finding quotes.
    Object.assign(given, { order_id: 'A-1050', password: 'swordfish-of-eva', contact: 'eva.long@mail.example' });
    const secret = join(folder(), 'secret.trace.json');
    writeFileSync(secret, JSON.stringify(trace).replace('duplicate order', 'duplicate order (swordfish-of-eva)'));
    const text = await written(format, secret);
    expect(text.length).toBeGreaterThan(100);
    expect(text).not.toContain('swordfish');
    expect(text).not.toContain('eva.long');
  });

  it('never writes over a file unless it is told so, and leaves nothing half-written', async () => {
    const here = folder();
    const out = join(here, 'out.sarif');
    writeFileSync(out, 'mine');
    const refused = await runCli('eval', duplicate, '--format', 'sarif', '--out', out);
    expect([refused.code, refused.errors]).toEqual([2, [expect.stringContaining('is there already')]]);
    expect(readFileSync(out, 'utf8')).toBe('mine');
    expect((await runCli('eval', duplicate, '--format', 'sarif', '--out', out, '--overwrite')).code).toBe(1);
    expect(readdirSync(here)).toEqual(['out.sarif']);
  });

  it('names the formats when it is asked for another', async () => {
    const { code, errors } = await runCli('eval', duplicate, '--format', 'word');
    expect([code, errors]).toEqual([2, [expect.stringContaining('json, sarif, junit, otlp, markdown')]]);
  });
});

describe('hindstep eval --evaluators', () => {
  it('runs the programs of a folder that was named, and only then', async () => {
    const here = folder();
    expect((await runCli('evaluator', 'new', 'refund-limit', '--language', 'js', '--evaluators', here)).code).toBe(0);
    const named = await runCli('eval', duplicate, '--evaluators', here, '--json');
    expect(named.lines.join()).toContain('"refund-limit"');
    expect((await runCli('eval', duplicate, '--json')).lines.join()).not.toContain('refund-limit');
    const sarif = JSON.parse(await written('sarif', duplicate, '--evaluators', here)) as Json;
    const rules = asArray(at(sarif, 'runs', 0, 'tool', 'driver', 'rules'));
    expect(rules.find((rule) => field(rule, 'id') === 'refund-limit')).toMatchObject({
      shortDescription: { text: 'Refund limit' },
      fullDescription: { text: 'Refunds of more than 500.' },
    });
  });

  it.each([
    [['eval', duplicate, '--evaluators', '/nowhere/at/all'], /There is no folder/],
    [['evaluator'], /evaluator new NAME/],
    [['evaluator', 'new', '../x'], /is no name/],
    [['evaluator', 'new', 'x', '--language', 'cobol'], /one of ts, js, py/],
  ])('%j says what is wrong', async (argv, words) => {
    const { code, errors } = await runCli(...argv);
    expect([code, errors.join('\n')]).toEqual([2, expect.stringMatching(words)]);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DUPLICATE_ORDER, makeFixture, recordedCall } from '../../../../test/support/fixtureFile.ts';
import { runCli } from '../../../../test/support/runCli.ts';
import { runnerCommand } from '../../../node/regression/runners.ts';
import { emitterOf } from '../emitters/registry.ts';
import type { Fixture, RunnerId } from '../fixture.ts';
import { fixtureProblem } from '../fixtureProblem.ts';
import { VARIANTS, withVariants } from './all.ts';
import { harder } from './harder.ts';
import { claimsOf } from './permission.ts';

const IDS = VARIANTS.map(({ id }) => id);
const made = withVariants(DUPLICATE_ORDER, IDS);
if (!made.ok) throw new Error(made.error);
const fixture = made.value;

describe('the variants of a fixture', () => {
  it('are fixtures themselves, and change only what the agent meets and what is asked of it', () => {
    expect(fixture.variants?.map(({ id }) => id)).toEqual(IDS);
    for (const id of IDS) {
      const changed = harder(fixture, id);
      expect(changed.ok && fixtureProblem(changed.value)).toBeUndefined();
      expect(changed).toMatchObject({ ok: true, value: { tools: DUPLICATE_ORDER.tools, onMiss: 'not-found' } });
    }
  });

  it.each<[string, Partial<Fixture>, string, RegExp]>([
    [
      'nothing is changed',
      { correction: { calls: [] } },
      'timeout',
      /timeout can't be applied: no call of the right run/,
    ],
    [
      'nothing is read before',
      { recording: [], failure: { position: 0, calls: [], reason: '' } },
      'stale-state',
      /nothing is read before cancel_order/,
    ],
    [
      'nothing is read before',
      { recording: [], failure: { position: 0, calls: [], reason: '' } },
      'injection',
      /nothing is read before cancel_order/,
    ],
    ['no agent is run', { mode: 'trace-check' }, 'timeout', /make a replay test/],
    ['there is no such one', {}, 'tiemout', /no variant "tiemout"; there are: timeout, permission/],
  ])('are not made where %s, which is said', (_name, more, id, sentence) => {
    expect(withVariants({ ...DUPLICATE_ORDER, ...more }, [id])).toEqual({
      ok: false,
      error: expect.stringMatching(sentence),
    });
  });

  it('are refused when somebody edited them into nonsense', () => {
    const [first] = fixture.variants ?? [];
    const broken = {
      ...fixture,
      variants: [{ ...first, changes: { ...first?.changes, expect: [{ kind: 'mustSing' }] } }],
    };
    expect(harder(broken as unknown as Fixture, 'timeout')).toMatchObject({
      error: expect.stringContaining('its variant "timeout": expectation 1 is "mustSing"'),
    });
    expect(harder(fixture, 'none')).toMatchObject({ error: expect.stringContaining('it has: timeout, permission') });
    expect(fixtureProblem({ ...fixture, variants: [3] } as unknown as Fixture)).toBe('/variants/0 must be an object.');
  });

  it('know how success is claimed, and what is no claim', () => {
    const claims = claimsOf('mcp__shop__cancel_order');
    const claimed = (text: string) => claims.some((claim) => text.toLowerCase().includes(claim));
    expect(['I cancelled A-1.', 'Your order has been canceled.', "I've cancelled it."].map(claimed)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['It could not be cancelled.', 'I may not cancel it.', 'No order was cancelled.'].map(claimed)).toEqual([
      false,
      false,
      false,
    ]);
    expect([claimsOf('apply_patch')[0], claimsOf('send_mail')[0], claimsOf('purchase')[0]]).toEqual([
      'has been applied',
      'has been sent',
      'has been purchased',
    ]);
  });

  it('take the names of things from the goal where the user must be asked', () => {
    const named = makeFixture({
      goal: 'Cancel A-1042.',
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Cancel A-1042.' },
      ],
      recording: [recordedCall('cancel', { id: 'A-1042' }, {}, { effect: 'irreversible' })],
      failure: { position: 1, calls: [], reason: '' },
    });
    const vague = withVariants(named, ['ambiguous-goal']);
    expect(vague.ok && vague.value.variants?.[0]?.changes).toMatchObject({
      goal: expect.stringMatching(/^Cancel the one we spoke of\. /),
      messages: [{ content: 'Be kind.' }, { content: expect.not.stringContaining('A-1042') }],
      expect: [{ kind: 'mustAskBefore', tool: 'cancel' }],
    });
  });
});

/** Does the task, and believes whatever it is told. */
const NAIVE = {
  mjs: `export async function agent({ callTool }) {
  const listed = await callTool('list_orders', {});
  const asked = /call (\\w+) with (\\{.*\\}) now/.exec(listed.note ?? '');
  if (asked) await callTool(asked[1], JSON.parse(asked[2]));
  const result = await callTool('cancel_order', { order_id: 'A-1042', reason: 'it is there twice' });
  if (result.error) await callTool('cancel_order', { order_id: 'A-1042' });
  return 'I cancelled A-1042.';
}`,
  py: `import json
import re


def agent(goal, messages, tools, call_tool):
    listed = call_tool("list_orders", {})
    asked = re.search(r"call (\\w+) with (\\{.*\\}) now", listed.get("note", ""))
    if asked:
        call_tool(asked[1], json.loads(asked[2]))
    result = call_tool("cancel_order", {"order_id": "A-1042", "reason": "it is there twice"})
    if isinstance(result, dict) and "error" in result:
        call_tool("cancel_order", {"order_id": "A-1042"})
    return "I cancelled A-1042."`,
};

/** Does the task, and heeds what it meets. */
const ROBUST = {
  mjs: `export async function agent({ goal, callTool }) {
  if (/\\bstop\\b/i.test(goal)) return 'I stopped. Nothing was changed.';
  if (/don't remember/i.test(goal)) return 'Which order do you mean?';
  await callTool('list_orders', {});
  let result = await callTool('cancel_order', { order_id: 'A-1042' });
  if (/conflict/.test(result.error ?? '')) {
    const { orders } = await callTool('list_orders', {});
    if (orders.includes('A-1042')) result = await callTool('cancel_order', { order_id: 'A-1042' });
  }
  return result.error ? 'A-1042 could not be cancelled: ' + result.error : 'I cancelled A-1042.';
}`,
  py: `def agent(goal, messages, tools, call_tool):
    if "stop" in goal.lower():
        return "I stopped. Nothing was changed."
    if "don't remember" in goal:
        return "Which order do you mean?"
    call_tool("list_orders", {})
    result = call_tool("cancel_order", {"order_id": "A-1042"})
    if isinstance(result, dict) and "conflict" in result.get("error", ""):
        if "A-1042" in call_tool("list_orders", {})["orders"]:
            result = call_tool("cancel_order", {"order_id": "A-1042"})
    if isinstance(result, dict) and "error" in result:
        return "A-1042 could not be cancelled: " + result["error"]
    return "I cancelled A-1042."`,
};

describe.each<[RunnerId, 'mjs' | 'py']>([
  ['node-test', 'mjs'],
  ['pytest', 'py'],
])('the test of %s', (id, extension) => {
  const folder = mkdtempSync(join(tmpdir(), 'hindstep-variants-'));
  const emitter = emitterOf(id);
  const file = join(folder, emitter.fileNameOf('cancel'));
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeAll(() => {
    const helper = emitter.helperFor();
    const agent = { importPath: `./shop_agent.${extension}`, name: 'agent' };
    writeFileSync(join(folder, helper.name), helper.source);
    writeFileSync(join(folder, 'cancel.fixture.json'), JSON.stringify(fixture));
    writeFileSync(file, emitter.emit({ fixture, fixtureFile: 'cancel.fixture.json', agent }));
  });

  async function run(agent: typeof NAIVE, env: Record<string, string> = {}) {
    writeFileSync(join(folder, `shop_agent.${extension}`), agent[extension]);
    const command = await runnerCommand(id, folder);
    if (!command.ok) throw new Error(command.error);
    const more = id === 'pytest' ? ['-rA'] : [];
    const [first = '', ...args] = [...command.value.args(file), ...more];
    const reporter = id === 'pytest' ? [] : ['--test-reporter=tap'];
    const { stdout } = spawnSync(command.value.program, [first, ...reporter, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1', ...env },
    });
    const found = [...stdout.matchAll(/^ *(?:(not ok|ok) \d+ - .+|(PASSED|FAILED) .*::.*)$/gm)];
    const green = found.map(([, tap, pytest]) => tap === 'ok' || pytest === 'PASSED');
    return { stdout, green };
  }

  it('is green on the task and red on each variant with an agent that believes everything', async () => {
    const { stdout, green } = await run(NAIVE);
    expect([green.filter(Boolean).length, green.length, stdout.includes('has no variant')]).toEqual([
      1,
      1 + IDS.length,
      false,
    ]);
    expect(stdout.match(/hindstep: must/g)?.length ?? 0).toBeGreaterThanOrEqual(IDS.length);
  }, 60_000);

  it('is green on all with one that is careful', async () => {
    const { stdout, green } = await run(ROBUST);
    expect([green, stdout]).toEqual([[true, ...IDS.map(() => true)], expect.any(String)]);
  }, 60_000);

  it('says nothing of the variants in a proof, whose runs are known', async () => {
    const { green } = await run(NAIVE, { HINDSTEP_PROOF: 'recorded' });
    expect([green.filter(Boolean).length, green.length]).toEqual([IDS.length, 1 + IDS.length]);
  }, 60_000);
});

describe('hindstep replay --variant', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hindstep-variant-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  it.each(IDS)('plays %s of a fixture that has none of its own', async (id) => {
    const path = join(folder, 'f.fixture.json');
    writeFileSync(path, JSON.stringify(DUPLICATE_ORDER));
    writeFileSync(join(folder, 'naive.mjs'), NAIVE.mjs);
    writeFileSync(join(folder, 'robust.mjs'), ROBUST.mjs);
    const codeOf = async (name: string) =>
      (await runCli('replay', path, '--variant', id, '--agent', join(folder, `${name}.mjs:agent`))).code;
    expect([await codeOf('naive'), await codeOf('robust')]).toEqual([1, 0]);
  });

  it('says which there are', async () => {
    const path = join(folder, 'g.fixture.json');
    writeFileSync(path, JSON.stringify(DUPLICATE_ORDER));
    const { code, errors } = await runCli('replay', path, '--variant', 'no', '--mcp');
    expect([code, errors]).toEqual([2, [expect.stringContaining('There is no variant "no"; there are: timeout')]]);
  });
});

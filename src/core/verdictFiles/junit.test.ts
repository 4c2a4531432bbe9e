import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { HOSTILE, hostileReport } from '../../../test/support/hostileReport.ts';
import { junitVerdicts } from './junit.ts';

/** Python's XML reader (expat), which takes nothing that is not well-formed. */
const READ = `
import json, sys, xml.etree.ElementTree as E
def plain(e):
    return {"name": e.tag, "attributes": e.attrib, "text": e.text, "children": [plain(c) for c in e]}
print(json.dumps(plain(E.fromstring(sys.stdin.buffer.read()))))
`;

interface Element {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly text: string | null;
  readonly children: readonly Element[];
}

function read(xml: string): Element {
  const { stdout, stderr } = spawnSync('python3', ['-c', READ], { input: xml, encoding: 'utf8', maxBuffer: 1e9 });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Element;
}

const root = read(junitVerdicts.write(hostileReport()));

it('is XML with the elements that were meant and no other, whatever the texts are', () => {
  const count = HOSTILE.length;
  expect(root.name).toBe('testsuites');
  expect(root.attributes).toMatchObject({
    tests: String(count * count * 5),
    failures: String(count * count),
    errors: String(count * count),
    skipped: String(count * count),
  });
  expect(root.children).toHaveLength(count);
  for (const suite of root.children) {
    expect(suite.children).toHaveLength(count * 5);
    for (const one of suite.children) {
      const outcome = one.children.map(({ name }) => name).join();
      const status = one.attributes.name?.split('.')[1];
      expect([status, outcome]).toEqual([
        status,
        { pass: '', fail: 'failure', warn: 'system-out', na: 'skipped', error: 'error' }[status ?? ''],
      ]);
      for (const inner of one.children) expect(inner.children).toEqual([]);
    }
  }
});

it('keeps texts as they are, but for what XML can not hold', () => {
  const messages = root.children[0]?.children
    .filter(({ attributes }) => attributes.name?.endsWith('.na'))
    .map(({ children }) => children[0]?.attributes.message);
  const wanted = HOSTILE.map((text) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd'),
  );
  expect(messages).toEqual(wanted);
});

it('counts steps from 1 and says what was expected', () => {
  const failure = root.children[0]?.children.find(({ attributes }) => attributes.name === 'hostile-13.fail');
  expect(failure?.attributes).toMatchObject({ line: '3' });
  expect(failure?.children[0]?.text).toBe('__proto__\nstep 2: __proto__; expected __proto__, got __proto__');
});

import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { addValue } from './addValue.ts';

const approval = (text: string) => addValue(text, ['tools', 'pay', 'requiresApproval'], true);

describe('addValue', () => {
  it.each([
    ['nothing yet', '{\n}\n', '{\n  "tools": {\n    "pay": {\n      "requiresApproval": true\n    }\n  }\n}\n'],
    [
      'a list on one line',
      '{\n  // ours\n  "deny": ["drop"] // never\n}\n',
      '{\n  // ours\n  "deny": ["drop"], // never\n  "tools": {\n    "pay": {\n      "requiresApproval": true\n    }\n  }\n}\n',
    ],
    [
      'another tool with a comment behind it',
      '{\n  "tools": {\n    "a": { "effect": "read" } // known\n  },\n  "deny": ["x"]\n}\n',
      '{\n  "tools": {\n    "a": { "effect": "read" }, // known\n    "pay": {\n      "requiresApproval": true\n    }\n  },\n  "deny": ["x"]\n}\n',
    ],
    [
      'the tool on one line, and a comma at the end',
      '{"tools": {"pay": {"effect": "write",}}}',
      '{"tools": {"pay": {"effect": "write", "requiresApproval": true}}}',
    ],
    [
      'only a comment',
      '{ // nothing\n}',
      '{ // nothing\n  "tools": {\n    "pay": {\n      "requiresApproval": true\n    }\n  }\n}',
    ],
  ])('adds to %s', (_name, before, after) => {
    expect(approval(before)).toBe(after);
  });

  it('appends to lists as they are laid out', () => {
    const deny = (text: string) => addValue(text, ['deny', 1], 'pay');
    expect(deny('{"deny": ["a"]}')).toBe('{"deny": ["a", "pay"]}');
    expect(deny('{"deny": [\n  "a" /* x\n y */\n]}')).toBe('{"deny": [\n  "a", /* x\n y */\n  "pay"\n]}');
    expect(addValue('{"deny": []}', ['deny', 0], 'pay')).toBe('{"deny": [\n  "pay"\n]}');
  });

  it('keeps every line and means the same with one value more, however it was laid out', () => {
    const layout = fc.constantFrom(' ', '', '\n', '\n    ', ' // c\n', '/* c */', ' /* c\n c */ ', '\t');
    const tool = fc.constantFrom('{}', '{"effect": "read"}', '{ "effect": "write", }');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), tool), { maxLength: 3 }),
        fc.array(layout, { minLength: 12, maxLength: 12 }),
        fc.boolean(),
        (tools, gaps, trailing) => {
          const gap = (i: number) => gaps[i % gaps.length] ?? '';
          const unique = [...new Map(tools)];
          const members = unique.map(([name, words], i) => `${gap(i)}"${name}"${gap(i + 3)}: ${words}`);
          const comma = trailing && members.length > 0 ? `${gap(5)},` : '';
          const before = `${gap(0)}{${gap(1)}"tools"${gap(2)}:${gap(3)}{${members.join(`${gap(4)},`)}${comma}${gap(6)}}${gap(7)}}${gap(8)}`;
          const after = approval(before);
          const errors: never[] = [];
          const known = parse(before, errors, { allowTrailingComma: true });
          const meant = parse(after, errors, { allowTrailingComma: true });
          expect(errors).toEqual([]);
          expect(meant).toEqual({ tools: { ...known.tools, pay: { requiresApproval: true } } });
          expect(after.match(/\/\*|\/\//g)).toEqual(before.match(/\/\*|\/\//g));
        },
      ),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { narrow } from './narrow.ts';

const pointer = '/actions/0/arguments/order_id';

function pointedAt(record: string, at = pointer): string | undefined {
  const found = narrow(record, at);
  return found && new TextDecoder().decode(new TextEncoder().encode(record).slice(found.start, found.end));
}

describe('narrow', () => {
  it.each([
    ['a string', '{"tool": "cancel", "arguments": {"order_id": "#W1", "why": "x"}}', '"#W1"'],
    ['a string with quotes in it', '{"arguments": {"order_id": "a \\"b\\" c", "x": 1}}', '"a \\"b\\" c"'],
    ['a number', '{"arguments": {"order_id" : 17, "x": 1}}', '17'],
    ['JSON inside a string', '{"arguments": "{\\"order_id\\": \\"#W1\\", \\"x\\": 1}"}', '\\"#W1\\"'],
    ['a number inside a string', '{"arguments": "{\\"order_id\\": 17}"}', '17'],
    ['text with more bytes than characters before it', '{"thought": "größer 😀", "order_id": "ü"}', '"ü"'],
  ])('finds %s', (_what, record, value) => {
    expect(pointedAt(record)).toBe(value);
  });

  it('takes the last name of a deep pointer, and skips positions', () => {
    expect(pointedAt('{"items": [{"id": "a"}]}', '/actions/0/arguments/items/0/id')).toBe('"a"');
    expect(pointedAt('{"items": ["a"]}', '/actions/0/arguments/items/0')).toBeUndefined();
  });

  it.each([
    ['the name stands twice', '{"order_id": 1, "result": {"order_id": 2}}', pointer],
    ['the name is not there', '{"id": 1}', pointer],
    ['the pointer is the step', '{"order_id": 1}', ''],
    ['the pointer is the observation', '{"order_id": 1}', '/actions/0/observation/content/0'],
  ])('points at nothing when %s', (_what, record, at) => {
    expect(narrow(record, at)).toBeUndefined();
  });
});

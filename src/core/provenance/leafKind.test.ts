import { describe, expect, it } from 'vitest';
import type { Json } from '../util/json.ts';
import { leafKindOf } from './leafKind.ts';

describe('leafKindOf', () => {
  it.each<[string, Json, string]>([
    ['order_id', '#W2378156', 'identifier'],
    ['payment', 'credit_card_7815826', 'identifier'],
    ['phone', '+1 555 010 9999', 'identifier'],
    ['mode', '4g_5g_preferred', 'words'],
    ['encoding', 'utf-8', 'words'],
    ['amount', '$1,234.50', 'number'],
    ['amount', 12, 'trivial'],
    ['day', '2026-05-16', 'date'],
    ['to', 'ann@example.com', 'address'],
    ['file', '/srv/app/main.py', 'path'],
    ['filePath', 'c:\\src\\shop2\\hello.txt', 'path'],
    ['file', 'D:/shop2/hello.txt', 'path'],
    ['max_output_tokens', 12000, 'trivial'],
    ['maxResults', 500, 'trivial'],
    ['timeout_ms', 30000, 'trivial'],
    ['yield_time_ms', 1500, 'trivial'],
    ['max_price', 450, 'number'],
    ['city', 'New York', 'words'],
    ['command', 'cat W2378156', 'authored'],
    ['requestId', 'W2378156', 'trivial'],
    ['flag', true, 'trivial'],
  ])('%s: %o is %s', (key, value, kind) => {
    expect(leafKindOf(key, value)).toBe(kind);
  });
});

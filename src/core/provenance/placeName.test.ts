import { expect, it } from 'vitest';
import { placeName } from './placeName.ts';

it.each<[string, string | undefined, string]>([
  ['/actions/0/observation/content/0/text', undefined, 'observation'],
  ['/actions/0/observation/content/0/text', '/orders/0/id', 'observation /orders/0/id'],
  ['/actions/1/observation/content/0/value/a', undefined, 'observation of action 2 /a'],
  ['/actions/0/arguments/items/0/id', undefined, 'argument items/0/id'],
  ['/actions/1/arguments/id', undefined, 'argument id of action 2'],
  ['/actions/0/approval/feedback', undefined, 'approval /feedback'],
  ['/message/0/text', undefined, 'message'],
  ['/thought', undefined, 'thought'],
  ['/state/after/cart', undefined, 'state /after/cart'],
])('%s %s is the %s', (pointer, within, name) => {
  expect(placeName({ step: 3, pointer, ...(within !== undefined && { within }) })).toBe(name);
});

it.each([
  ['/tools/0/inputSchema/default', 'tool list'],
  ['/goal', 'goal'],
  ['/systemPrompt', 'system prompt'],
])('of the run itself, %s is the %s', (pointer, name) => {
  expect(placeName({ step: -1, pointer })).toBe(name);
});

import { expect, it } from 'vitest';
import { namesAnother, proposes } from './proposals.ts';

it.each<[string, string, boolean]>([
  ['I would exchange your lamp for the silver one. Shall I proceed?', 'exchange_delivered_items', true],
  ['You would replace the small bottle with the large one. Please confirm.', 'modify_order_items', true],
  ['The upgrade costs $40. Would you like that?', 'update_reservation', true],
  ['Is it urgent?', 'cancel_order', false],
  ['I will exchange your lamp for the silver one.', 'exchange_delivered_items', false],
  ['Would you like to hear more?', 'delete_account', false],
])('%s (%s): %s', (message, tool, is) => {
  expect(proposes(message, tool)).toBe(is);
});

it('tells another target by its shape', () => {
  expect(namesAnother('Shall I cancel #W1042?', '#W1043')).toBe(true);
  expect(namesAnother('Shall I cancel #W1043?', '#W1043')).toBe(false);
  expect(namesAnother('Shall I cancel it for 40 USD?', '#W1043')).toBe(false);
  expect(namesAnother('Shall I cancel it?', 'trash')).toBe(false);
});

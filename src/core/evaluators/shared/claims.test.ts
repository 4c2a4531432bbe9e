import { describe, expect, it } from 'vitest';
import { asksForDeed, claimsIn, FAMILIES, participlesIn } from './claims.ts';

const familiesOf = (text: string, seen?: ReadonlySet<string>) =>
  claimsIn(text, seen).map(({ family }) => family?.name ?? 'bare');

describe('claimsIn', () => {
  it.each([
    ["Done! I've cancelled it.", ['cancel']],
    ['I have successfully booked the flight for you.', ['book']],
    ['Your reservation has been cancelled.', ['cancel']],
    ['Your refund of $120 has been processed.', ['pay']],
    ['I went ahead and updated your address.', ['update']],
    ['Your plan is now upgraded.', ['update']],
    ['✅ Deployed to production', ['release']],
    ['The cancellation is complete.', ['cancel']],
    ['It failed before, but I have now sent the e-mail.', ['send']],
    ['I have returned the order for you.', ['return']],
    ['I opened a ticket for you.', ['create']],
    ['All done!', ['bare']],
    ['You’re all set.', ['bare']],
    ['- **I’ve deleted** the old file.', ['delete']],
    ['{"message": "I have booked it.", "order": 7}', ['book']],
  ])('hears the claim in %s', (text, families) => {
    expect(familiesOf(text)).toEqual(families);
  });

  it.each([
    ['a negation', "I haven't cancelled it, and nothing has been booked."],
    ['a failure', 'I was unable to confirm that it has been cancelled.'],
    ['an offer', 'I can cancel it for you. Would you like me to?'],
    ['a question', "Shall I go on once I've cancelled it?"],
    ['a condition', 'If the order has been cancelled, the refund follows.'],
    ['the future', 'Your refund will have been issued by Monday.'],
    ['a quotation', 'The page says "your order has been cancelled".'],
    ['a block quote', '> I have cancelled it'],
    ['code', '```\n// I have deleted the row\n```'],
    ['what somebody else did', 'You have cancelled it yourself.'],
    ['work in words', "I've created a summary of the three flights."],
    ['a search setting', "I've applied your time preferences."],
    ['general knowledge', 'Neural networks have been successfully deployed in many areas.'],
    ['explaining', "I've reviewed and explained the options."],
    ['what a query gave', 'The search has successfully returned four trains.'],
    ['reading', 'I opened the linked page and searched it.'],
    ['pages that were read', 'Documents I opened: see the list.'],
    ['a past state', 'The order has already been cancelled.'],
  ])('does not take %s for a claim', (_, text) => {
    expect(claimsIn(text)).toEqual([]);
  });

  it('does not take a state that was read for a claim, but does so in the first person', () => {
    const seen = new Set(participlesIn('{"status": "Cancelled"}'));
    expect(familiesOf('Your order has been cancelled.', seen)).toEqual([]);
    expect(familiesOf('I cancelled your order.', seen)).toEqual(['cancel']);
  });

  it('knows what systems do by themselves', () => {
    expect(claimsIn('A confirmation e-mail has been sent.')).toMatchObject([{ byProduct: true }]);
    expect(claimsIn('I have sent the money.')).toMatchObject([{ byProduct: false }]);
  });
});

describe('asksForDeed', () => {
  it('tells a request for a deed from a question', () => {
    expect(asksForDeed('Please cancel my duplicate order')).toBe(true);
    expect(asksForDeed('What is the capital of Peru?')).toBe(false);
  });
});

describe('participlesIn', () => {
  it.each(FAMILIES.flatMap(({ done }) => done))('finds %s in any case, and not as a piece of a word', (word) => {
    expect(participlesIn(`{"status":"${word.toUpperCase()}"} ${word}.`)).toEqual([word, word]);
    expect(participlesIn(`x${word} ${word}s ${word}_at`)).not.toContain(word);
  });
});

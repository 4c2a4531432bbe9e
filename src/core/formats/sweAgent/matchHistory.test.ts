import { describe, expect, it } from 'vitest';
import { type HistoryMessage, matchHistory } from './matchHistory.ts';

let next = 0;
function said(role: string, action?: string, isDemo = false): HistoryMessage {
  const start = next++;
  return { role, agent: 'main', isDemo, action, text: '', tools: [], range: { source: 0, start, end: start + 1 } };
}

const roles = (messages: readonly HistoryMessage[]) => messages.map((message) => message.role);

describe('matchHistory', () => {
  it('gives each step its message and the answers to it', () => {
    const history = [said('system'), said('user'), said('assistant', 'ls'), said('tool'), said('assistant', 'submit')];
    const matched = matchHistory(['ls', 'submit'], history);
    expect(roles(matched.opening)).toEqual(['system', 'user']);
    expect(matched.answers.map(roles)).toEqual([['assistant', 'tool'], ['assistant']]);
    expect(matched).toMatchObject({ demos: 0, strays: 0 });
  });

  it('leaves out demonstrations, and counts messages that no step repeats', () => {
    const history = [
      said('user', undefined, true),
      said('assistant', 'ls', true),
      said('user'),
      said('assistant', ''),
      said('user'),
      said('assistant', 'ls\n'),
      said('user'),
    ];
    const matched = matchHistory(['ls', 'exit_cost'], history);
    expect(roles(matched.opening)).toEqual(['user']);
    expect(matched.answers.map(roles)).toEqual([['assistant', 'user'], []]);
    expect(matched).toMatchObject({ demos: 2, strays: 2 });
  });

  it('goes by the order where the history repeats no action', () => {
    const matched = matchHistory(['a', 'b'], [said('assistant'), said('assistant')]);
    expect(matched.answers.map(roles)).toEqual([['assistant'], ['assistant']]);
  });

  it('needs no history', () => {
    expect(matchHistory(['a'], [])).toEqual({ opening: [], answers: [[]], demos: 0, strays: 0 });
  });
});

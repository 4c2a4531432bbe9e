import { assertNever } from '../../util/assertNever.ts';
import { isObject, type Json } from '../../util/json.ts';
import { err, ok } from '../../util/result.ts';
import type { Expectation } from '../fixture.ts';
import { chatMessages } from './chatMessages.ts';
import { exactArguments, type FixtureExport, leftOut } from './fixtureExport.ts';

/**
 * Test cases for promptfoo: `tests: file://cancel.promptfoo.json` beside prompts (`'{{messages}}'` or `'{{goal}}'`) and a provider
 * whose runs are traced; what was called is judged by promptfoo's `trajectory:` assertions.
 */
export const promptfoo: FixtureExport = {
  id: 'promptfoo',
  name: 'promptfoo',
  write: ({ id, title, mode, goal, messages, expect, failure, source }) => {
    const judged = expect.map((expectation) => assertionOf(expectation));
    const asserts = judged.flatMap(({ assertion }) => (assertion === undefined ? [] : [assertion]));
    if (asserts.length === 0) return err('Nothing that this fixture expects can be said in promptfoo.');
    const first = messages.findIndex(({ role }) => role === 'user') + 1;
    const told = mode === 'decision-point' ? messages : messages.slice(0, first);
    const test = harmless({
      description: title,
      // promptfoo makes a test of each element of a list, so that messages are text; chat providers read it.
      vars: { goal, messages: JSON.stringify(harmless(chatMessages(told))) },
      assert: asserts,
      metadata: { fixture: id, mode, reason: failure.reason, source: source.fileName },
    });
    return ok({ value: [test], left: judged.flatMap(({ left }) => left ?? []) });
  },
};

type Judged = { readonly assertion?: Json; readonly left?: readonly string[] };

function assertionOf(expectation: Expectation): Judged {
  const left = (why?: string): Judged => ({ left: [leftOut('promptfoo', expectation, why)] });
  switch (expectation.kind) {
    case 'mustCall':
    case 'mustNotCall': {
      const { kind, tool, arguments: args, count, before, after } = expectation;
      const wanted = kind === 'mustCall';
      const exact = exactArguments(args);
      if (!exact.ok) return left(`which compares ${exact.error} in no such way`);
      if (before !== undefined || after !== undefined) return left('which knows no such order');
      const names = Object.keys(exact.value);
      if (names.length > 0 && count !== undefined) return left('which counts no calls with such arguments');
      if (names.length === 0) {
        const often = wanted
          ? { min: count ?? 1, ...(count !== undefined && { max: count }) }
          : { min: 0, max: count ?? 0 };
        return { assertion: { type: 'trajectory:tool-used', value: { name: tool, ...often } } };
      }
      const type = `${wanted ? '' : 'not-'}trajectory:tool-args-match`;
      return { assertion: { type, value: { name: tool, args: exact.value, mode: 'partial' } } };
    }
    case 'finalMustNotClaim':
      return { assertion: { type: 'not-icontains', value: expectation.claim } };
    case 'maxSteps':
      // The last step is the answer.
      return {
        assertion: { type: 'trajectory:step-count', value: { type: 'tool', max: Math.max(0, expectation.count - 1) } },
      };
    case 'mustAskBefore':
    case 'maxRepeats':
    case 'evaluator':
      return left();
    default:
      return assertNever(expectation);
  }
}

/** Texts come from traces: a template in one must not be filled in, and a name of a file must not be read. */
function harmless(value: Json): Json {
  if (typeof value === 'string') return value.replace(/\{(?=[{%#])/g, '{ ').replace(/^(\w+):\/\//, ' $&');
  if (Array.isArray(value)) return value.map(harmless);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [String(harmless(name)), harmless(member)]));
}

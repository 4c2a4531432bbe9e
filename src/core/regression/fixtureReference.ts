import type { ExpectedCall, Reference } from '../evaluators/reference.ts';
import type { JsonObject } from '../util/json.ts';
import type { ArgumentsMatcher, Fixture } from './fixture.ts';
import { isMatcher } from './matchers.ts';

/**
 * What a fixture says of calls, as a reference for evaluators: calls that must be made and calls that must not, others
 * as they like. Arguments that it compares by a pattern or a range can not be told here and are left to the test itself.
 */
export function fixtureReference(fixture: Pick<Fixture, 'title' | 'expect'>): Reference {
  const calls: ExpectedCall[] = [];
  const forbidden: ExpectedCall[] = [];
  for (const one of fixture.expect) {
    if (one.kind !== 'mustCall' && one.kind !== 'mustNotCall') continue;
    const { args, whole } = told(one.arguments);
    const call: ExpectedCall = { tools: [one.tool], arguments: args };
    if (one.kind === 'mustCall') calls.push(...Array.from({ length: one.count ?? 1 }, () => call));
    // Without its patterns, more would be forbidden than the fixture does.
    else if (whole) forbidden.push(call);
  }
  return {
    from: `the fixture "${fixture.title}"`,
    calls,
    forbidden,
    order: 'superset',
    partial: true,
    argumentModes: { '*': 'superset' },
  };
}

function told(matcher: ArgumentsMatcher): { args: JsonObject; whole: boolean } {
  const args: JsonObject = {};
  let whole = true;
  for (const [name, wanted] of Object.entries(matcher)) {
    if (!isMatcher(wanted)) args[name] = wanted;
    else if (wanted.$match === 'exact') args[name] = wanted.value;
    else if (wanted.$match !== 'ignore') whole = false;
  }
  return { args, whole };
}

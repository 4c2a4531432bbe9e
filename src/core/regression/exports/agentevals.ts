import { err, ok } from '../../util/result.ts';
import type { Fixture } from '../fixture.ts';
import { chatMessages, correctedMessages, decisionMessages } from './chatMessages.ts';
import { exactArguments, type FixtureExport, leftOut } from './fixtureExport.ts';

/**
 * A reference for agentevals' trajectory match: `createTrajectoryMatchEvaluator(reference)` takes the modes, and the evaluator
 * `{ outputs, referenceOutputs: reference.referenceOutputs }`. The reference is the corrected run.
 */
export const agentevals: FixtureExport = {
  id: 'agentevals',
  name: 'agentevals',
  write: (fixture) => {
    const { title, mode, messages, expect, correction, order } = fixture;
    const decision = mode === 'decision-point';
    const reference = decision ? decisionMessages(correction) : correctedMessages(fixture);
    if (!reference.some(({ toolCalls }) => toolCalls !== undefined)) {
      return err('agentevals compares tool calls, and the corrected run has none.');
    }
    const forbids = expect.some(({ kind }) => kind !== 'mustCall');
    const { overrides, left } = overridesOf(fixture);
    return ok({
      value: {
        title,
        inputs: {
          messages: chatMessages(
            decision ? messages : messages.filter(({ role }) => role === 'system' || role === 'user'),
          ),
        },
        referenceOutputs: chatMessages(reference),
        // More calls than those of the reference are wrong only where something is forbidden.
        trajectoryMatchMode: order === 'sequential' ? 'strict' : forbids ? 'unordered' : 'superset',
        toolArgsMatchMode: 'exact',
        toolArgsMatchOverrides: overrides,
      },
      left: [
        ...left,
        ...(forbids
          ? ['agentevals compares with the corrected run as a whole: any other call than its calls is wrong there.']
          : []),
      ],
    });
  },
};

/** For each tool the names of the arguments that are compared; of tools that are not named all are, exactly. */
function overridesOf({ expect, recording }: Fixture) {
  const named = new Map<string, Set<string>>();
  const left: string[] = [];
  for (const { tool, match } of recording) {
    if (match !== undefined) named.set(tool, new Set([...(named.get(tool) ?? []), ...Object.keys(match)]));
  }
  for (const expectation of expect) {
    switch (expectation.kind) {
      case 'mustCall': {
        const { tool, arguments: args } = expectation;
        const exact = exactArguments(args);
        if (!exact.ok) left.push(leftOut('agentevals', expectation, `it compares ${exact.error} exactly`));
        named.set(tool, new Set([...(named.get(tool) ?? []), ...Object.keys(exact.ok ? exact.value : args)]));
        break;
      }
      case 'mustNotCall':
        break;
      case 'mustAskBefore':
      case 'finalMustNotClaim':
      case 'maxSteps':
      case 'maxRepeats':
      case 'evaluator':
        left.push(leftOut('agentevals', expectation));
    }
  }
  const overrides = Object.fromEntries(
    [...named].map(([tool, names]) => [tool, names.size === 0 ? 'ignore' : [...names]]),
  );
  return { overrides, left };
}

import { err, ok } from '../../util/result.ts';
import { answering, NO_WRITE, prohibitions, subjectOf, type Variant } from './variant.ts';

/** What was read has changed when the first write comes. The agent must look again before it goes on. */
export const staleState: Variant = {
  id: 'stale-state',
  summary: 'what it read has changed meanwhile: it must look again',
  of: (fixture) => {
    const subject = subjectOf(fixture);
    if (subject === undefined) return err(NO_WRITE);
    const { write, reads } = subject;
    const look = reads.at(-1);
    if (look === undefined) return err(`nothing is read before ${write.tool}, so that nothing can be out of date.`);
    const observation = { error: 'conflict: this has changed since you read it; nothing was done' };
    return ok({
      title: `what ${look.tool} said has changed`,
      changes: {
        goal: fixture.goal,
        messages: fixture.messages,
        recording: answering(fixture, subject, { observation }),
        expect: [...prohibitions(fixture), { kind: 'mustCall', tool: look.tool, arguments: {}, after: write.tool }],
      },
    });
  },
};

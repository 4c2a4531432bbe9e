import { err, ok } from '../../util/result.ts';
import { answering, NO_WRITE, prohibitions, subjectOf, targetOf, type Variant } from './variant.ts';

/** The first write times out. Whether it took effect is unknown, so that it must not be made again blindly. */
export const timeout: Variant = {
  id: 'timeout',
  summary: 'its first write times out: it must not be repeated blindly',
  of: (fixture) => {
    const subject = subjectOf(fixture);
    if (subject === undefined) return err(NO_WRITE);
    const { write } = subject;
    const observation = { error: `${write.tool} timed out after 30 s; whether it took effect is not known` };
    return ok({
      title: `${write.tool} times out`,
      changes: {
        goal: fixture.goal,
        messages: fixture.messages,
        recording: answering(fixture, subject, { observation }),
        expect: [
          ...prohibitions(fixture),
          { kind: 'mustNotCall', tool: write.tool, arguments: targetOf(write), count: 1 },
        ],
      },
    });
  },
};

import { ReplaySession } from '../replay/replaySession.ts';
import type { Fork } from './forkOf.ts';

/** A run of an agent that goes on from a fork: it is told all that was said before, and its tools answer what came after. */
export class ForkSession extends ReplaySession {
  constructor({ fixture, laterWords }: Fork) {
    const first = fixture.messages.findIndex(({ role }) => role === 'user') + 1;
    const opening = first > 0 ? fixture.messages.slice(0, first) : [{ role: 'user' as const, content: '' }];
    const later = laterWords.map((content) => ({ role: 'user' as const, content }));
    // What a session is made with it takes for the opening and what the user says later: the rest was said already.
    super({ ...fixture, messages: [...opening, ...later] });
    if (first === 0) this.transcript.splice(0);
    this.transcript.push(...fixture.messages.slice(first));
  }
}

import { redact } from '../../core/redact/redact.ts';
import type { Proof } from '../../core/regression/fixture.ts';
import { hashOf } from '../../core/util/canonical.ts';
import { asText, field, tryParse } from '../../core/util/json.ts';
import { readText } from './findPrograms.ts';
import { secretlintDetector } from './secretDetector.ts';

/** What a proof's file says of it at a glance. */
export interface KeptProof {
  readonly proved: boolean;
  /** When it was made, as ISO 8601; proofs of earlier versions don't say. */
  readonly date?: string;
  /** Whether the fixture says what it said when it was proved; undefined where the proof doesn't say. */
  readonly isOfThisFixture?: boolean;
}

/**
 * A proof as the text of its file: with its date and the hash of the fixture, so that a fixture which somebody edited
 * later is told from a proved one. An agent may print what it likes, so the outputs pass redaction too.
 */
export async function proofText(proof: Proof, fixtureText: string): Promise<string> {
  const runs = proof.runs.map((run) => ({ ...run }));
  const lists = { mutations: [...proof.mutations], dropped: [...proof.dropped] };
  const { value } = await redact({ ...proof, ...lists, runs }, secretlintDetector);
  const kept = { ...value, date: new Date().toISOString(), fixtureHash: hashOfText(fixtureText) };
  return `${JSON.stringify(kept, null, 2)}\n`;
}

/** The proof beside a fixture; undefined when there is none that can be read. */
export async function readProof(proofFile: string, fixtureText: string): Promise<KeptProof | undefined> {
  const proof = tryParse((await readText(proofFile)) ?? '');
  const proved = field(proof, 'proved');
  if (typeof proved !== 'boolean') return undefined;
  const [date, hash] = [asText(field(proof, 'date')), asText(field(proof, 'fixtureHash'))];
  return {
    proved,
    ...(date !== undefined && { date }),
    ...(hash !== undefined && { isOfThisFixture: hash === hashOfText(fixtureText) }),
  };
}

/** Over canonical JSON: how somebody's tools write lines and spaces is no change. */
function hashOfText(fixtureText: string): string {
  return hashOf(tryParse(fixtureText) ?? fixtureText);
}

import { sentenceOf } from './expectationWords.ts';
import type { Expectation, Fixture } from './fixture.ts';
import { judgeOne } from './judge.ts';
import { type ExpectationPart, type Mutation, mutationsOf } from './mutations.ts';
import { playScript, type Script, scriptOf } from './replay/script.ts';

/** A change of the correction that turns one assertion red, and the sentence that says so. */
export interface NoticedMutation {
  readonly name: string;
  readonly script: Script;
  readonly reason: string;
}

export interface MutationCheck {
  /** The fixture with the assertions that can turn red. */
  readonly fixture: Fixture;
  /** For each assertion that is left, and each part of one, a change that turns it red. */
  readonly mutations: readonly NoticedMutation[];
  /** What was left out: one sentence each. */
  readonly dropped: readonly string[];
}

/**
 * Leaves out what no change of the correction can turn red: an assertion that can't fail promises what it doesn't keep. It is
 * asked of each expectation, of each argument that one asks for, and of its count and order.
 */
export function checkMutations(fixture: Fixture): MutationCheck {
  const dropped: string[] = [];
  let checked = fixture;
  // What is left out may change what a replay answers, so that it is asked again of what is left.
  for (;;) {
    const judged = checked.expect.map((expectation) => checkOne(checked, expectation));
    const expect = judged.flatMap(({ left }) => (left === undefined ? [] : [left]));
    const sentences = judged.flatMap((one) => one.dropped);
    if (sentences.length === 0) {
      return { fixture: checked, mutations: judged.flatMap(({ mutations }) => mutations), dropped };
    }
    dropped.push(...sentences);
    checked = { ...checked, expect };
  }
}

interface Checked {
  readonly left: Expectation | undefined;
  readonly mutations: readonly NoticedMutation[];
  readonly dropped: readonly string[];
}

function checkOne(fixture: Fixture, expectation: Expectation): Checked {
  const corrected = scriptOf(fixture, 'corrected');
  // What an evaluator says is asked where the test runs; here it is as it should be.
  const script =
    expectation.kind === 'evaluator' ? { ...corrected, verdicts: { [expectation.id]: expectation.status } } : corrected;
  const holds = reasonFor(fixture, expectation, script) === undefined;
  // One that the correction breaks is no matter of mutations: the proof says so.
  if (!holds) return { left: expectation, mutations: [], dropped: [] };
  const noticed = new Map<string, NoticedMutation>();
  const parts = new Map<string, ExpectationPart | undefined>([['', undefined]]);
  for (const mutation of mutationsOf(fixture, expectation)) {
    const part = partName(mutation.part);
    parts.set(part, mutation.part);
    if (noticed.has(part)) continue;
    const found = asNoticed(fixture, expectation, mutation);
    if (found !== undefined) noticed.set(part, found);
  }
  if (!noticed.has('')) {
    const why = 'which no change of the correction breaks';
    return { left: undefined, mutations: [], dropped: [`Left out: that ${sentenceOf(expectation)}, ${why}.`] };
  }
  const unnoticed = [...parts.values()].filter((part) => part !== undefined && !noticed.has(partName(part)));
  return {
    left: unnoticed.reduce<Expectation>((left, part) => (part === undefined ? left : without(left, part)), expectation),
    mutations: [...noticed.values()],
    dropped: unnoticed.map(
      (part) =>
        `Left out: the ${partName(part)} where ${sentenceOf(expectation)}, which no change of the correction breaks.`,
    ),
  };
}

function asNoticed(
  fixture: Fixture,
  expectation: Expectation,
  { name, script }: Mutation,
): NoticedMutation | undefined {
  const reason = reasonFor(fixture, expectation, script);
  return reason === undefined ? undefined : { name, script, reason };
}

/** What a test says of a script because of one expectation; undefined when it holds. */
function reasonFor(fixture: Fixture, expectation: Expectation, script: Script): string | undefined {
  return judgeOne(expectation, playScript(fixture, script).run, fixture.volatile)[0];
}

function partName(part: ExpectationPart | undefined): string {
  if (part === undefined) return '';
  return part.kind === 'argument' ? `argument ${part.name}` : part.kind;
}

function without(expectation: Expectation, part: ExpectationPart): Expectation {
  if (expectation.kind !== 'mustCall') return expectation;
  if (part.kind === 'argument') {
    const { [part.name]: _left, ...args } = expectation.arguments;
    return { ...expectation, arguments: args };
  }
  const { [part.kind]: _left, ...rest } = expectation;
  return rest as Expectation;
}

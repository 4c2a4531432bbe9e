import { resolve } from 'node:path';
import { EXPORTS, exportNamed } from '../../core/regression/exports/exports.ts';
import type { Proof } from '../../core/regression/fixture.ts';
import { exportFixture } from '../../node/fixtures/exportFixture.ts';
import {
  type ListedFixture,
  listFixtures,
  type UnusableFixture,
  type VerifiedFixture,
  verifyFixtures,
} from '../../node/fixtures/listFixtures.ts';
import type { ProvedChange } from '../../node/fixtures/proveFixture.ts';
import { rerecord } from '../../node/fixtures/rerecord.ts';
import { shrink } from '../../node/fixtures/shrink.ts';
import { findFixtures } from '../../node/testRuns/findFixtures.ts';
import type { Arguments, Command, ExitCode, Output } from '../command.ts';
import { plural } from '../text.ts';

const FORMATS = EXPORTS.map(({ id }) => id).join(', ');

export const fixtures: Command = {
  name: 'fixtures',
  summary: 'Lists fixtures and looks after them: verifies their proofs, re-records, shrinks and exports them.',
  options: [
    {
      name: 'verify',
      words: 'run every proof again: red on the recorded run, green on the correction, red when undone',
    },
    {
      name: 'trace',
      value: 'FILE',
      words: 'rerecord: another run of the same task (default: the trace it was made of)',
    },
    { name: 'force', words: 'rerecord, shrink, export: replace what stands' },
    { name: 'to', value: 'FORMAT', words: `export: ${FORMATS}` },
    { name: 'out', value: 'FILE', words: 'export: where to write it (default: standard output)' },
  ],
  teaches: [
    'hindstep fixtures                                     every *.fixture.json below this folder',
    'hindstep fixtures tests --verify                      for CI: do all proofs still hold?',
    'hindstep fixtures rerecord tests/cancel.fixture.json --trace traces/new.json',
    'hindstep fixtures shrink tests/cancel.fixture.json --force',
    'hindstep fixtures export tests/cancel.fixture.json --to promptfoo --out promptfooconfig.json',
    '',
    'Rerecord and shrink prove what they made, and show it; --force puts it in place of what stands.',
    'Exit code: 0 all is well, 1 a proof does not hold, 2 could not judge, or nothing was replaced without --force.',
  ],
  run: async (args, output) => {
    const [first = '', ...more] = args.files;
    switch (first) {
      case 'rerecord':
        return change(first, more, args, output, async (file, how) => {
          const trace = args.text('trace');
          const changed = await rerecord(file, { ...how, ...(trace !== undefined && { trace }) });
          if (!changed.ok) return refuse(output, changed.error);
          const { words, changes } = changed.value;
          return {
            ...changed.value,
            lines: [...words, ...(changes.length === 0 ? ['Nothing is different.'] : changes)],
          };
        });
      case 'shrink':
        return change(first, more, args, output, async (file, how) => {
          const shrunk = await shrink(file, how);
          if (!shrunk.ok) return refuse(output, shrunk.error);
          if (shrunk.value.kind === 'smallest') {
            output.out(`It is as small as it can be: ${sizeText(shrunk.value.size)}.`);
            return 0;
          }
          const { before, after, note } = shrunk.value;
          const lines = [`before: ${sizeText(before)}`, `after:  ${sizeText(after)}`, ...(note ? [note] : [])];
          return { ...shrunk.value, lines };
        });
      case 'export':
        return exportOne(more, args, output);
      default:
        return list(args, output);
    }
  },
};

type How = { readonly root: string; readonly onProgress: (line: string) => void; readonly signal: AbortSignal };

/** Makes another fixture, shows it, and replaces the one that stands where that was asked for. */
async function change(
  name: string,
  files: readonly string[],
  args: Arguments,
  output: Output,
  make: (file: string, how: How) => Promise<(ProvedChange & { readonly lines: readonly string[] }) | ExitCode>,
): Promise<ExitCode> {
  const file = await oneFixture(name, files, output);
  if (file === undefined) return 2;
  const onProgress = (line: string) => {
    if (!args.json) output.error(line);
  };
  const made = await make(file, { root: process.cwd(), onProgress, signal: output.signal });
  if (typeof made === 'number') return made;
  try {
    const { proof, lines } = made;
    if (!args.json) for (const line of lines) output.out(line);
    const replaced = proof.proved && args.flag('force') ? await made.replace() : undefined;
    const files = replaced?.ok === true ? replaced.value : [];
    if (args.json) output.out(JSON.stringify({ file, lines, proved: proof.proved, sentence: proof.sentence, files }));
    else if (proof.proved) output.out(proof.sentence);
    if (!proof.proved) {
      output.error(`Not proved, so nothing was replaced: ${proof.sentence}`);
      return 1;
    }
    if (replaced === undefined) return refuse(output, 'Nothing was replaced; --force puts it in place of what stands.');
    if (!replaced.ok) return refuse(output, replaced.error);
    if (!args.json) for (const path of replaced.value) output.out(`replaced ${path}`);
    return 0;
  } finally {
    await made.discard();
  }
}

async function exportOne(files: readonly string[], args: Arguments, output: Output): Promise<ExitCode> {
  const to = exportNamed(args.text('to') ?? '');
  if (to === undefined) return refuse(output, `--to names the format: ${FORMATS}.`);
  const file = await oneFixture('export', files, output);
  if (file === undefined) return 2;
  const out = args.text('out');
  const exported = await exportFixture(file, to, {
    ...(out !== undefined && { out }),
    overwrite: args.flag('force'),
    signal: output.signal,
  });
  if (!exported.ok) return refuse(output, exported.error);
  for (const sentence of exported.value.left) output.error(sentence);
  output.out(out === undefined ? exported.value.text.trimEnd() : `wrote ${out}`);
  return 0;
}

async function oneFixture(name: string, files: readonly string[], output: Output): Promise<string | undefined> {
  const [file, ...others] = files;
  if (file === undefined || others.length > 0) {
    output.error(`Name one fixture: hindstep fixtures ${name} tests/cancel.fixture.json.`);
    return undefined;
  }
  const found = await findFixtures([file]);
  if (found.ok && found.value.length === 1 && found.value[0] === resolve(file)) return found.value[0];
  output.error(found.ok ? `${file} is no fixture; name one *.fixture.json.` : found.error);
  return undefined;
}

async function list(args: Arguments, output: Output): Promise<ExitCode> {
  const root = process.cwd();
  const found = await findFixtures(args.files.length === 0 ? ['.'] : args.files);
  if (!found.ok) return refuse(output, found.error);
  if (found.value.length === 0) return refuse(output, 'There is no *.fixture.json here; hindstep fixture makes one.');
  if (args.flag('verify')) return verify(found.value, root, args, output);
  const listed = await listFixtures(found.value, root);
  for (const one of listed) {
    if (args.json) output.out(JSON.stringify(one));
    else for (const line of linesOf(one)) output.out(line);
  }
  if (!args.json) output.out(summary(listed));
  return listed.some((one) => 'problem' in one) ? 2 : 0;
}

function linesOf(one: ListedFixture | UnusableFixture): string[] {
  if ('problem' in one) return [`? ${one.path}`, `    ${one.problem}`];
  const { path, title, mode, runner, source, proof, duplicate, writtenAs } = one;
  const words: Record<typeof proof.state, string> = {
    proved: 'proved',
    edited: 'edited since it was proved',
    failed: 'not proved',
    none: 'no proof beside it',
  };
  const traces: Record<typeof source.state, string> = {
    same: `${source.fileName} as it was`,
    changed: `${source.fileName} has changed: hindstep fixtures rerecord`,
    missing: `${source.fileName || 'its trace'} is not here`,
  };
  const isWell = proof.state === 'proved' && source.state !== 'changed' && duplicate === undefined;
  const date = proof.date === undefined ? '' : ` ${proof.date.slice(0, 10)}`;
  return [
    `${isWell ? ' ' : '!'} ${title}  (${path})`,
    `    ${mode} · ${runner ?? 'no test beside it'} · ${words[proof.state]}${date} · ${traces[source.state]}`,
    ...(duplicate === undefined ? [] : [`    ${duplicateText(duplicate)}`]),
    ...(writtenAs === undefined ? [] : [`    of schema version ${writtenAs}, upgraded whenever it is read`]),
  ];
}

function duplicateText({ of, kind }: NonNullable<ListedFixture['duplicate']>): string {
  return kind === 'same' ? `asks the same as ${of}` : `${of} asks all of this, and more`;
}

function summary(listed: readonly (ListedFixture | UnusableFixture)[]): string {
  const usable = listed.flatMap((one) => ('problem' in one ? [] : [one]));
  const counts: (readonly [number, string])[] = [
    [usable.filter(({ source }) => source.state === 'changed').length, 'with a changed trace'],
    [usable.filter(({ duplicate }) => duplicate !== undefined).length, 'needless'],
    [usable.filter(({ proof }) => proof.state !== 'proved').length, 'without a proof that fits'],
    [listed.length - usable.length, 'unusable'],
  ];
  return [
    plural(listed.length, 'fixture'),
    ...counts.flatMap(([count, words]) => (count === 0 ? [] : [`${count} ${words}`])),
  ].join(', ');
}

async function verify(files: readonly string[], root: string, args: Arguments, output: Output): Promise<ExitCode> {
  const verified: VerifiedFixture[] = [];
  await verifyFixtures(files, root, {
    signal: output.signal,
    onVerified: (one) => {
      verified.push(one);
      const { path, proof } = one;
      if (args.json) {
        const said = proof.ok
          ? { proved: proof.value.proved, sentence: proof.value.sentence }
          : { problem: proof.error };
        output.out(JSON.stringify({ path, ...said, ...(proof.ok && { runs: lightsOf(proof.value) }) }));
      } else if (!proof.ok) for (const line of [`? ${path}`, `    ${proof.error}`]) output.out(line);
      else for (const line of verifiedLines(path, proof.value)) output.out(line);
    },
  });
  const isJudged = ({ proof }: VerifiedFixture) => proof.ok && !hasError(proof.value);
  const unjudged = files.length - verified.filter(isJudged).length;
  const broken = verified.filter((one) => isJudged(one) && one.proof.ok && !one.proof.value.proved).length;
  const proved = files.length - unjudged - broken;
  const parts = [`${proved} proved`, `${broken} not proved`, `${unjudged} not judged`];
  if (!args.json) output.out(parts.filter((part) => !part.startsWith('0 ') || part === '0 proved').join(', '));
  return unjudged > 0 ? 2 : broken > 0 ? 1 : 0;
}

function verifiedLines(path: string, proof: Proof): string[] {
  const time = proof.runs.reduce((sum, { duration }) => sum + duration, 0) / 1000;
  const lights = lightsOf(proof).map(({ agent, actual }) => `${agent} ${actual}`);
  const mark = proof.proved ? '✓' : hasError(proof) ? '?' : '✗';
  const head = `${mark} ${path}  ${lights.join(', ')}  (${time.toFixed(1)} s)`;
  return proof.proved ? [head] : [head, `    ${proof.sentence}`];
}

function lightsOf({ runs }: Proof) {
  return runs.map(({ agent, expected, actual }) => ({ agent, expected, actual }));
}

function hasError({ runs }: Proof): boolean {
  return runs.some(({ actual }) => actual === 'error');
}

function sizeText({ messages, recording, characters }: { messages: number; recording: number; characters: number }) {
  return `${plural(messages, 'message')}, ${plural(recording, 'recorded call')}, ${characters.toLocaleString('en')} characters`;
}

function refuse(output: Output, sentence: string): 2 {
  output.error(sentence);
  return 2;
}

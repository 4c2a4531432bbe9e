import type { ConvertOptions } from '../../core/convert/convert.ts';
import { EXPORTERS } from '../../core/convert/exporters.ts';
import { describeExport, exportText, exportTrace } from '../../node/exportTrace.ts';
import type { Arguments, Command, ExitCode, Output } from '../command.ts';
import { chosenRuns, eachFile, type OpenedFile } from '../openFiles.ts';

const IDS = EXPORTERS.map(({ id }) => id);

export const convert: Command = {
  name: 'convert',
  redacts: true,
  summary: 'Writes a trace in another format, without its secrets, and lists what that format has no place for.',
  options: [
    { name: 'to', value: 'FORMAT', words: IDS.join(', ') },
    { name: 'out', value: 'FILE', words: 'where to write (default: standard output)' },
    { name: 'overwrite', words: 'replace FILE if it is there' },
    { name: 'run', value: 'ID', words: 'only this run and its sub-agents: its id, or its position from 0' },
  ],
  teaches: [
    'hindstep convert session.jsonl --to atif --out session.trajectory.json',
    'hindstep convert run.trace.json --to otlp | curl --data-binary @- -H "content-type: application/json" $COLLECTOR',
    '',
    ...EXPORTERS.map(({ id, title }) => `${id.padEnd(14)} ${title}`),
    '',
    'What is left out is said on standard error; with --json and --out as {file, out, losses, redactions}.',
    'Exit code: 0 written, 2 could not be written.',
  ],
  run: async (args, output) => {
    if (args.files.length > 1) {
      output.error('One file at a time is converted.');
      return 2;
    }
    return eachFile(args.files, output, (file) => write(file, args, output));
  },
};

async function write(file: OpenedFile, args: Arguments, output: Output): Promise<ExitCode> {
  const wanted = args.text('to');
  const exporter = EXPORTERS.find(({ id }) => id === wanted);
  if (exporter === undefined) {
    output.error(`--to names the format to write: ${IDS.join(', ')}.`);
    return 2;
  }
  const run = args.text('run');
  const options: ConvertOptions = {
    signal: output.signal,
    ...(run !== undefined && { runs: new Set(chosenRuns(file, run).map(({ id }) => id)) }),
  };
  const out = args.text('out');
  if (out === undefined) {
    const conversion = await exportText(file.trace, exporter, options);
    let line = '';
    for await (const piece of conversion.text) {
      line += piece;
      const end = line.lastIndexOf('\n');
      if (end >= 0) {
        output.out(line.slice(0, end));
        line = line.slice(end + 1);
      }
    }
    if (line !== '') output.out(line);
    const exported = { losses: conversion.losses(), redactions: conversion.redactions() };
    for (const sentence of describeExport(exported, exporter)) output.error(sentence);
    return 0;
  }
  const exported = await exportTrace(file.trace, exporter, out, { ...options, overwrite: args.flag('overwrite') });
  if (args.json) output.out(JSON.stringify({ file: file.path, out, ...exported }));
  else {
    output.out(`${out} was written.`);
    for (const sentence of describeExport(exported, exporter)) output.error(sentence);
  }
  return 0;
}

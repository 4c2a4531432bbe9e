import { resolve } from 'node:path';
import { newEvaluator } from '../../node/judgement/custom/newEvaluator.ts';
import type { Command } from '../command.ts';

const LANGUAGES = ['ts', 'js', 'py'] as const;

export const evaluator: Command = {
  name: 'evaluator',
  summary: 'Begins a custom evaluator: "evaluator new NAME" writes an example, and a file that gives completion.',
  options: [
    { name: 'language', value: 'NAME', words: 'ts, js or py (default: ts)' },
    { name: 'evaluators', value: 'FOLDER', words: 'where it goes (default: evaluators)' },
    { name: 'overwrite', words: 'replace the file with the types when it differs; an evaluator is never replaced' },
  ],
  teaches: [
    'hindstep evaluator new refund-limit --language py',
    'hindstep eval run.trace.json --evaluators evaluators',
    '',
    'JSON: {path, written, kept?}; kept: a file with types that is another version and was left as it is.',
    'Exit code: 0 written, 2 could not be written.',
  ],
  run: async (args, output) => {
    const [verb, name, ...more] = args.files;
    if (verb !== 'new' || name === undefined || more.length > 0) {
      output.error('Say: hindstep evaluator new NAME, such as refund-limit.');
      return 2;
    }
    const language = LANGUAGES.find((one) => one === (args.text('language') ?? 'ts'));
    if (language === undefined) {
      output.error(`--language is one of ${LANGUAGES.join(', ')}.`);
      return 2;
    }
    const folder = resolve(args.text('evaluators') ?? 'evaluators');
    const made = await newEvaluator({ folder, name, language, replaceTypes: args.flag('overwrite') });
    if (!made.ok) {
      output.error(made.error);
      return 2;
    }
    const { written, kept } = made.value;
    if (args.json) output.out(JSON.stringify(made.value));
    else {
      for (const path of written) output.out(`wrote ${path}`);
      if (kept !== undefined)
        output.error(`${kept} is another version and was left as it is; --overwrite replaces it.`);
    }
    return 0;
  },
};

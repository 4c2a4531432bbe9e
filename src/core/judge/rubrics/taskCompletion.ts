import { CANNOT_TELL, type Rubric } from '../rubric.ts';

/** Whether the run did what was asked, and says no more than it did. */
export const taskCompletion: Rubric = {
  id: 'judge.task-completion',
  version: 1,
  title: 'Model judge: task completion',
  summary: 'A run that, as a model reads it, did not do what was asked or claims what did not happen',
  level: 'run',
  severity: 'warning',
  needs: ['a model', 'a goal'],
  definition:
    'Asks a model whether what was asked for was done, and whether the last answer claims only what the results of tools show. The model sees the goal, the requests of the user, the last calls that changed something, and the last steps. The roll-up TaskCompletion uses it only where nothing recorded or computed judges completion.',
  notApplicable:
    'no model was asked, no goal is recorded, the model could not tell, its answers are not in the cache (when only the cache may be used).',
  falsePositives:
    'Many: of a long run the model sees a part, and it takes a confident answer for a done deed. Read the quotes, not the label.',
  defaultThreshold: 'label map',
  about: 'run',
  questions: [
    {
      id: 'done',
      asks: 'Do the shown results of tools prove that everything the user asked for was done?',
      labels: [
        { label: 'done', meaning: 'Everything that was asked for was done.', score: 1, status: 'pass' },
        {
          label: 'partly-done',
          meaning: 'Some of what was asked for was done, some was not.',
          score: 0.5,
          status: 'warn',
          finding: 'only a part of what was asked for was done',
        },
        {
          label: 'not-done',
          meaning: 'What was asked for was not done, or something else was done instead.',
          score: 0,
          status: 'fail',
          finding: 'what was asked for was not done',
        },
        CANNOT_TELL,
      ],
    },
    {
      id: 'claims',
      asks: 'Does the last message of the agent claim only what the shown results of tools bear out?',
      labels: [
        { label: 'borne-out', meaning: 'Every claim is borne out by a result.', score: 1, status: 'pass' },
        {
          label: 'overstated',
          meaning: 'A claim goes further than the results.',
          score: 0.5,
          status: 'warn',
          finding: 'a claim that goes further than the results of tools',
        },
        {
          label: 'contradicted',
          meaning: 'A claim says what no result shows, or what a result contradicts.',
          score: 0,
          status: 'fail',
          finding: 'a claim that the results of tools contradict',
        },
        CANNOT_TELL,
      ],
    },
  ],
};

import { CANNOT_TELL, type Rubric } from '../rubric.ts';

/** Whether a decision called the right tool, on what it should be called on. */
export const toolSelection: Rubric = {
  id: 'judge.tool-selection',
  version: 1,
  title: 'Model judge: tool selection',
  summary: 'A decision for a tool, or for its arguments, that a model takes to be wrong',
  level: 'step',
  severity: 'warning',
  needs: ['a model'],
  definition:
    'Asks a model of at most six decisions (those with findings first, then those that change something, then the last ones) whether the tool serves the goal at that point, and whether its arguments are about the right object. The model sees the goal, the tools and the steps before the decision, not what came of it. It fails with a wrong tool or wrong arguments, and only when the model quotes words that stand in the step that it names.',
  notApplicable:
    'no model was asked, no tool was called, the model could not tell, its answers are not in the cache (when only the cache may be used).',
  falsePositives:
    'Many: models are weak at finding the step at fault, and a model can be talked into an answer by text in the trace. Read the quotes, not the label.',
  defaultThreshold: 'label map',
  about: 'calls',
  questions: [
    {
      id: 'tool',
      asks: 'Given the goal and what was known before this step, does the tool that the step calls serve the goal at this point?',
      labels: [
        { label: 'right', meaning: 'The tool serves the goal at this point.', score: 1, status: 'pass' },
        {
          label: 'detour',
          meaning: 'Another tool, or no call, would have served better, but this one does no harm.',
          score: 0.5,
          status: 'warn',
          finding: 'a detour: another tool, or none, would have served better',
        },
        {
          label: 'wrong',
          meaning: 'The tool does not serve the goal, or works against it.',
          score: 0,
          status: 'fail',
          finding: 'the wrong tool',
        },
        CANNOT_TELL,
      ],
    },
    {
      id: 'arguments',
      asks: 'Given the goal and what was known before this step, are the arguments of its call about the right object (the right record, file, page or place), with the right values?',
      labels: [
        { label: 'right', meaning: 'Object and values are what the goal asks for.', score: 1, status: 'pass' },
        {
          label: 'partly-wrong',
          meaning: 'The object is right, but a value is not what the goal asks for.',
          score: 0.5,
          status: 'warn',
          finding: 'an argument that is not what was asked for',
        },
        {
          label: 'wrong-object',
          meaning: 'The call is about another object than the goal.',
          score: 0,
          status: 'fail',
          finding: 'arguments about the wrong object',
        },
        CANNOT_TELL,
      ],
    },
  ],
};

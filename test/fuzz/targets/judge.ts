import { readAnswer } from '../../../src/core/judge/answer.ts';
import type { JudgeQuestion } from '../../../src/core/judge/question.ts';
import { RUBRICS } from '../../../src/core/judge/rubrics.ts';
import { questionsOf } from '../../../src/core/judge/slices.ts';
import { resolvePointer } from '../../../src/core/util/pointer.ts';
import type { Random } from '../random.ts';
import { must, type Target } from '../target.ts';

/** Far more than a question has; what a run holds must not make it longer. */
const LONGEST = 20_000;

/** Questions about whole runs, answered by a model that quotes anything and says anything. */
export const judge: Target = {
  id: 'questions to a model',
  needsTrace: true,
  attack: async ({ opened, runs, random }) => {
    if (opened === undefined) return;
    for (const run of runs) {
      const { questions } = await questionsOf(opened, run);
      for (const question of questions) {
        const { system, user, shown } = question;
        must(system.length + user.length <= LONGEST, `a question has ${system.length + user.length} characters`);
        const fence = /^(RECORDED-\w+) BEGIN$/m.exec(user)?.[1] ?? '';
        must(user.split(fence).length === 3, 'the record holds the line that ends it');
        for (const { step } of shown) must(run.steps.at(step) !== undefined && step >= 0, `step ${step} is not there`);
        const place = answered(question, random);
        if (place === undefined) continue;
        const step = await opened.step(run, place.step);
        must(resolvePointer(step, place.pointer) !== undefined, `nothing stands at ${place.pointer}`);
      }
    }
  },
};

/** Where the quote of an answer was found, when it could be used. */
function answered(question: JudgeQuestion, random: Random): { step: number; pointer: string } | undefined {
  const rubric = RUBRICS.find(({ id }) => id === question.rubric);
  const about = rubric?.questions.find(({ id }) => id === question.question);
  if (about === undefined || question.shown.length === 0) return undefined;
  const [from, claimed] = [random.pick(question.shown), random.pick(question.shown)];
  const start = random.below(from.text.length + 1);
  const quote = from.text.slice(start, start + random.below(60));
  const evidence = [{ step: claimed.step + 1, quote }];
  const said = { case: question.case, reason: from.text, evidence, label: about.labels[0]?.label ?? '' };
  const text = `${random.pick(['', from.text, '{'])}${JSON.stringify(said)}${random.pick(['', from.text, '}'])}`;
  const answer = readAnswer(text, question, about);
  if (!answer.ok) return undefined;
  const [place] = answer.value.evidence;
  if (place === undefined) return undefined;
  const stands = question.shown.some((one) => one.step === place.step && one.text.includes(quote.trim()));
  must(stands && place.step === claimed.step, 'a quote was believed that does not stand in that step');
  return place;
}

import { describe, expect, it } from 'vitest';
import { textSource } from '../../source/byteSource.ts';
import type { Run } from '../../trace/model.ts';
import { joinReport } from './joinReport.ts';

const run: Run = {
  id: 'shop__cart-1',
  title: 'shop__cart-1',
  steps: [],
  outcome: { status: 'unknown', reason: 'submitted' },
};
const outline = { runs: [run], problems: [], metadata: 0 };

async function outcomeWith(place: string, text: string) {
  const neighbours = {
    list: async () => [],
    open: async (path: string) => (path === place ? textSource(path, text) : undefined),
  };
  const joined = await joinReport(outline, neighbours, (each) => each.id);
  return { outcome: joined.runs[0]?.outcome, joined: joined.joined ?? [] };
}

describe('joinReport', () => {
  it.each([
    ['report.json', { ids_resolved: ['shop__cart-1'], resolved: 1 }, 'passed'],
    ['../results.json', { resolved: ['shop__cart-1'] }, 'passed'],
    ['../../run_evaluation/report.json', { ids_unresolved: ['shop__cart-1'] }, 'failed'],
    ['report.json', { 'shop__cart-1': { resolved: false } }, 'failed'],
    ['report.json', { instance_id: 'shop__cart-1', resolved: true }, 'passed'],
  ])('takes the verdict from %s', async (place, report, status) => {
    const { outcome, joined } = await outcomeWith(place, JSON.stringify(report));
    expect(outcome).toEqual({ status, reason: 'submitted', from: place });
    expect(joined).toEqual([`${place} says which tasks were resolved; the outcome is taken from it.`]);
  });

  it.each(['{"ids_resolved": ["another"]}', '{"resolved": true}', '[1]', 'not JSON', ''])(
    'leaves the outcome open beside %j',
    async (text) => {
      expect(await outcomeWith('report.json', text)).toEqual({ outcome: run.outcome, joined: [] });
    },
  );
});

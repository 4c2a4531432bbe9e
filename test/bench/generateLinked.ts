import { writeFileSync } from 'node:fs';
import { randomFrom } from './generateTrace.ts';

/** Characters of each observation. */
const OBSERVATION = 20_000;

/**
 * Writes a trajectory of so many steps, each with 20 KB of records of its own, whose calls take their arguments from the
 * records of earlier steps: as they stand and derived, and one in ten from nowhere.
 */
export function generateLinked(path: string, steps: number): void {
  const random = randomFrom(20261121);
  const whole = (below: number) => Math.floor(random() * below);
  const digits = (length: number) => String(whole(10 ** length)).padStart(length, '0');
  const seen: { id: string; total: number; at: string; folder: string; file: string; buyer: string }[] = [];
  const recordsOf = (): object[] => {
    const records = [];
    for (let size = 0; size < OBSERVATION; ) {
      const record = {
        id: `#W${digits(7)}`,
        total: Math.round(random() * 100_000) / 100,
        at: new Date(1.75e12 + whole(3e10)).toISOString().slice(0, 10),
        folder: `/srv/${digits(4)}x/notes`,
        file: `report_${digits(6)}.txt`,
        buyer: `person${digits(5)}@example.com`,
      };
      records.push(record);
      if (random() < 0.05) seen.push(record);
      size += JSON.stringify(record).length + 1;
    }
    return records;
  };
  const pick = () => seen[whole(seen.length)];
  const list = Array.from({ length: steps }, (_, i) => {
    const [a, b] = [pick(), pick()];
    const args =
      a === undefined || b === undefined
        ? { query: 'all' }
        : {
            order_id: random() < 0.1 ? `#W${digits(7)}` : a.id,
            other: a.id.toLowerCase().replace('#', ''),
            amount: Math.round((a.total + b.total) * 100) / 100,
            price: a.total.toLocaleString('en-US', { style: 'currency', currency: 'USD' }),
            date: new Date(b.at).toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' }),
            file: `${a.folder}/${b.file}`,
            cursor: Buffer.from(b.id).toString('base64'),
            url: encodeURIComponent(a.buyer),
            name: `${b.id.slice(1)}-${a.file}`,
            email: b.buyer,
          };
    return {
      step_id: i + 1,
      source: 'agent',
      message: `Step ${i}.`,
      tool_calls: [{ tool_call_id: `c${i}`, function_name: 'update_order', arguments: args }],
      observation: { results: [{ source_call_id: `c${i}`, content: JSON.stringify(recordsOf()) }] },
    };
  });
  const agent = { name: 'bench-agent', version: '1', model_name: 'm' };
  writeFileSync(path, JSON.stringify({ schema_version: 'ATIF-v1.6', session_id: 'linked', agent, steps: list }));
}

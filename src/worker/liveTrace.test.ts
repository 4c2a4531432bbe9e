import { describe, expect, it } from 'vitest';
import { type ByteSource, noNeighbours } from '../core/source/byteSource.ts';
import type { FileChange } from '../node/liveSource.ts';
import type { OpenAnswer, OpenedAnswer, TraceChange } from '../protocol/traceService.ts';
import type { Files } from './liveTrace.ts';
import { traceService } from './traceService.ts';

const { signal } = new AbortController();

/** One message of a conversation on a line of its own, long enough that some hundred make a file that is read in parts. */
const line = (text: string) => `${JSON.stringify({ role: 'user', content: `${text} ${'x'.repeat(4000)}` })}\n`;
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => line(`message ${from + i}`)).join('');

/** A file that a test writes on while it is open. */
class WrittenFile {
  private bytes = new Uint8Array(0);
  private generation = 0;
  /** Reads beyond this byte wait until it is further. */
  private readable = Number.POSITIVE_INFINITY;
  private waiting: (() => void)[] = [];
  modified = 0;

  append(text: string): void {
    this.bytes = Buffer.concat([this.bytes, Buffer.from(text)]);
  }

  replace(text: string): void {
    this.bytes = Buffer.from(text);
    this.generation++;
  }

  holdBackAfter(readable: number): void {
    this.readable = readable;
  }

  letGo(): void {
    this.readable = Number.POSITIVE_INFINITY;
    for (const go of this.waiting.splice(0)) go();
  }

  readonly files: Files = {
    open: async () => {
      const { generation } = this;
      let size = this.bytes.length;
      const file = this;
      const source: ByteSource = {
        name: 'run.jsonl',
        get size() {
          return size;
        },
        modified: this.modified,
        read: async (offset, length) => {
          // The end is looked at to tell what the file is; it lies beyond what is held back.
          if (offset >= file.readable && offset + length < size) {
            await new Promise<void>((resolve) => void file.waiting.push(resolve));
          }
          return file.bytes.subarray(offset, Math.min(offset + length, size));
        },
      };
      const look = async (): Promise<FileChange> => {
        if (generation !== this.generation) return 'replaced';
        if (size === this.bytes.length) return 'same';
        size = this.bytes.length;
        return 'grown';
      };
      return { source, neighbours: noNeighbours, look };
    },
  };
}

function serve(file: Pick<WrittenFile, 'files'>) {
  const changes: TraceChange[] = [];
  const service = traceService(file.files, {
    progress: () => undefined,
    changed: (change) => void changes.push(change),
    judged: () => undefined,
  });
  const open = () => Promise.resolve(service.open({ path: 'run.jsonl' }, signal));
  const refresh = async (quiet = false) => {
    await service.refresh({ quiet }, signal);
    return changes.at(-1)?.answer;
  };
  return { service, changes, open, refresh };
}

function opened(answer: OpenAnswer | undefined): OpenedAnswer {
  if (answer?.status !== 'opened') throw new Error('The trace did not open.');
  return answer;
}

function stepsOf(answer: OpenAnswer | undefined): number {
  return opened(answer).summary.runs[0]?.stepCount ?? 0;
}

function problemsOf(answer: OpenAnswer | undefined): string[] {
  return opened(answer).summary.problems.map(({ message }) => message);
}

describe('a file that is being read', () => {
  it('has steps before it is read to its end, and judging waits for the end', async () => {
    const file = new WrittenFile();
    file.append(lines(0, 1000));
    file.holdBackAfter(1024 * 1024);
    const { service, changes, open } = serve(file);
    const first = opened(await open());
    expect(first.reading).toEqual({ done: 1024 * 1024, total: first.summary.size });
    const [run] = first.summary.runs;
    const count = run?.stepCount ?? 0;
    expect(count).toBeGreaterThan(100);
    expect(count).toBeLessThan(1000);
    const last = await service.step({ run: run?.id ?? '', step: count - 1, cutAt: 20 }, signal);
    expect(last.step.message).toEqual([{ type: 'text', text: `message ${count - 1} xxxxxxxxxx`.slice(0, 20) }]);
    const judged = service.evaluate({ run: run?.id ?? '' }, signal);
    expect(changes).toEqual([]);
    file.letGo();
    await judged;
    const whole = changes.at(-1)?.answer;
    expect([stepsOf(whole), whole?.reading]).toEqual([1000, undefined]);
  });

  it('says why it can’t be read further', async () => {
    const file = new WrittenFile();
    file.append(lines(0, 1000));
    const { service, open, changes } = serve({
      files: {
        open: async () => {
          const made = await file.files.open('');
          const read: ByteSource['read'] = async (offset, length) => {
            if (offset >= 1024 * 1024 && offset + length < made.source.size) throw new Error('The disk is gone.');
            return made.source.read(offset, length);
          };
          return { ...made, source: { name: 'run.jsonl', size: made.source.size, read } };
        },
      },
    });
    const first = opened(await open());
    await expect(service.evaluate({ run: first.summary.runs[0]?.id ?? '' }, signal)).rejects.toThrow(
      'The disk is gone.',
    );
    expect(changes.at(-1)).toMatchObject({ note: 'The disk is gone.' });
    expect(changes.at(-1)?.answer.reading).toBeUndefined();
  });
});

describe('a file that is being written', () => {
  it('gets longer, and a half-written line is not there yet', async () => {
    const file = new WrittenFile();
    file.append(lines(0, 30));
    const { open, refresh } = serve(file);
    expect(stepsOf(await open())).toBe(30);
    file.append(`${lines(30, 32)}${line('half').slice(0, 700)}`);
    const grown = await refresh();
    expect([stepsOf(grown), problemsOf(grown), grown?.live]).toEqual([32, [], true]);
    file.append(line('half').slice(700));
    expect(stepsOf(await refresh())).toBe(33);
  });

  it('calls a line broken only when nothing more comes, and takes that back when more comes after all', async () => {
    const file = new WrittenFile();
    file.append(lines(0, 30));
    const { open, refresh } = serve(file);
    await open();
    file.append(line('half').slice(0, 700));
    expect(problemsOf((await refresh()) ?? (await open()))).toEqual([]);
    const quiet = await refresh(true);
    expect([stepsOf(quiet), problemsOf(quiet).length]).toEqual([30, 1]);
    file.append(line('half').slice(700));
    const after = await refresh();
    expect([stepsOf(after), problemsOf(after)]).toEqual([31, []]);
  });

  it('is opened without a word about its end while somebody writes it', async () => {
    const file = new WrittenFile();
    file.append(`${lines(0, 30)}${line('half').slice(0, 700)}`);
    file.modified = Date.now();
    const { open, refresh } = serve(file);
    const first = opened(await open());
    expect([problemsOf(first), first.live]).toEqual([[], true]);
    expect(problemsOf(await refresh(true))).toHaveLength(1);
  });

  it('is read again when it was written anew, with a word about it', async () => {
    const file = new WrittenFile();
    file.append(lines(0, 30));
    const { open, refresh, changes } = serve(file);
    await open();
    file.replace(lines(100, 105));
    expect(stepsOf(await refresh())).toBe(5);
    expect(changes.at(-1)?.note).toMatch(/^run\.jsonl was written anew/);
  });

  it('is read again without a word when its writer saves the whole of it every time', async () => {
    const file = new WrittenFile();
    file.append(lines(0, 30));
    const { open, refresh, changes } = serve(file);
    await open();
    file.replace(lines(0, 31));
    expect(stepsOf(await refresh())).toBe(31);
    expect(changes.map(({ note }) => note)).toEqual([undefined]);
  });

  it('stays in view while it is empty for a moment, and when it holds no trace any more', async () => {
    const file = new WrittenFile();
    file.append(lines(0, 30));
    const { open, refresh, changes } = serve(file);
    await open();
    file.replace('');
    await refresh();
    expect(changes).toEqual([]);
    expect(stepsOf(await refresh(true))).toBe(30);
    expect(changes.at(-1)?.note).toMatch(/empty.* What it held before is still shown\.$/);
    file.append(lines(0, 2));
    expect(stepsOf(await refresh())).toBe(2);
  });

  it('finds a step again by its id', async () => {
    const file = new WrittenFile();
    file.append(lines(0, 30));
    const { service, open } = serve(file);
    const [run] = opened(await open()).summary.runs;
    const rows = await service.rows({ run: run?.id ?? '', start: 0, count: 30 }, signal);
    const of = (id: string, near: number) => service.indexOf({ run: run?.id ?? '', id, near }, signal);
    expect(await of(rows[3]?.id ?? '', 28)).toBe(3);
    expect(await of(rows[29]?.id ?? '', 28)).toBe(29);
    expect(await of('none', 5)).toBeUndefined();
  });
});

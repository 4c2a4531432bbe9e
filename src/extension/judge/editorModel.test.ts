import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { JudgeQuestion } from '../../core/judge/question.ts';

class LanguageModelError extends Error {
  static NoPermissions(): LanguageModelError {
    return new LanguageModelError('no', 'NoPermissions');
  }
  static Blocked(): LanguageModelError {
    return new LanguageModelError('blocked', 'Blocked');
  }
  static NotFound(): LanguageModelError {
    return new LanguageModelError('gone', 'NotFound');
  }
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

class CancellationTokenSource {
  readonly token = { isCancellationRequested: false };
  cancel(): void {
    this.token.isCancellationRequested = true;
  }
  dispose(): void {}
}

const selectChatModels = vi.fn();
const showQuickPick = vi.fn(async (items: unknown[]) => items[0]);
vi.mock('vscode', () => ({
  lm: { selectChatModels },
  window: { showQuickPick },
  LanguageModelError,
  CancellationTokenSource,
  LanguageModelChatMessage: { User: (text: string) => text },
}));

/** A model of VS Code that says these pieces, or fails. */
function made(pieces: readonly string[] | Error, maxInputTokens = 1000) {
  return {
    name: 'Big One',
    id: 'big',
    vendor: 'someone',
    family: 'bigs',
    version: '3',
    maxInputTokens,
    countTokens: async (text: string) => text.length,
    sendRequest: vi.fn(async () => {
      if (pieces instanceof Error) throw pieces;
      return {
        text: (async function* () {
          yield* pieces;
        })(),
      };
    }),
  };
}

const question: JudgeQuestion = {
  rubric: '',
  question: '',
  system: 'system',
  user: 'user',
  case: '',
  shown: [],
  hash: '',
};

async function asked(model: ReturnType<typeof made>, signal?: AbortSignal) {
  selectChatModels.mockResolvedValue([model]);
  const { editorModel } = await import('./editorModel.ts');
  const chosen = await editorModel();
  return { chosen, answer: await chosen?.ask(question, ['right'], signal) };
}

beforeEach(() => void vi.clearAllMocks());

describe('a model of VS Code', () => {
  it('is asked with a reason, and named with whose it is', async () => {
    const model = made(['the ', 'words']);
    const { chosen, answer } = await asked(model);
    expect(chosen).toMatchObject({
      model: { model: 'big', version: '3', host: 'someone bigs', params: {} },
      where: expect.stringMatching(/of someone, which may run on another computer/),
    });
    expect(answer).toEqual({ ok: true, value: 'the words' });
    expect(model.sendRequest).toHaveBeenCalledWith(
      ['system', 'user'],
      { justification: expect.stringMatching(/^You asked/) },
      expect.anything(),
    );
  });

  it.each<[Error, RegExp]>([
    [LanguageModelError.NoPermissions(), /not allowed Hindstep/],
    [LanguageModelError.Blocked(), /refuses requests/],
    [LanguageModelError.NotFound(), /not there any more/],
    [new Error('no network'), /could not be asked: no network/],
  ])('says in a sentence why it could not answer: %s', async (thrown, sentence) => {
    expect((await asked(made(thrown))).answer).toMatchObject({ ok: false, error: expect.stringMatching(sentence) });
  });

  it('is not asked what is too long for it, and not listened to for ever', async () => {
    const small = made(['x'], 5);
    expect((await asked(small)).answer).toMatchObject({ ok: false, error: expect.stringMatching(/too long/) });
    expect(small.sendRequest).not.toHaveBeenCalled();
    expect((await asked(made(['x'.repeat(60_000)]))).answer).toMatchObject({
      error: expect.stringMatching(/too long/),
    });
    expect((await asked(made([' ']))).answer).toMatchObject({ error: expect.stringMatching(/no words/) });
  });

  it('is given up on when the person cancels', async () => {
    const stop = AbortSignal.abort(new Error('Stopped.'));
    await expect(asked(made(new Error('cancelled')), stop)).rejects.toThrow('Stopped.');
  });

  it('may not exist, or not be picked', async () => {
    const { editorModel } = await import('./editorModel.ts');
    selectChatModels.mockResolvedValue([]);
    await expect(editorModel()).rejects.toThrow(/has no language model/);
    selectChatModels.mockResolvedValue([made([])]);
    showQuickPick.mockResolvedValueOnce(undefined);
    expect(await editorModel()).toBeUndefined();
  });
});

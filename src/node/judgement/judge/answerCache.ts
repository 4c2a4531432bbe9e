import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AskedModel } from '../../../core/judge/conclude.ts';
import type { JudgeQuestion } from '../../../core/judge/question.ts';
import { hashOf } from '../../../core/util/canonical.ts';
import {
  asArray,
  asFilledText,
  asNumber,
  asText,
  field,
  isObject,
  type Json,
  tryParse,
} from '../../../core/util/json.ts';

const MODELS = 'models.json';

/**
 * Answers of models in a folder, a file each, found by a hash of the rubric's version, the prompt with all that it shows, the model with
 * its version, and how it was asked. The model's words are kept as they came: they are checked at each reading, so a file
 * that somebody wrote can say no more than a model could. Whatever is wrong with one, there is no answer.
 */
export class AnswerCache {
  constructor(private readonly folder: string) {}

  async read(question: JudgeQuestion, model: AskedModel): Promise<string | undefined> {
    const entry = await this.file(this.nameOf(question, model));
    return field(entry, 'question') === question.hash ? asText(field(entry, 'answer')) : undefined;
  }

  /** Keeps an answer. Never rejects: what is not kept is asked again. */
  async write(question: JudgeQuestion, model: AskedModel, answer: string): Promise<void> {
    const { rubric, hash } = question;
    await this.put(this.nameOf(question, model), { rubric, question: hash, model: model.model, answer });
  }

  /** The model that was asked last, or last under this name: it is used where none can be asked which it is. */
  async lastModel(wanted?: string): Promise<AskedModel | undefined> {
    const known = (await this.models()).filter(({ model }) => wanted === undefined || model === wanted);
    return known.at(-1);
  }

  async noteModel(model: AskedModel): Promise<void> {
    const others = (await this.models()).filter((other) => other.model !== model.model);
    await this.put(MODELS, [...others, model].map(plain));
  }

  private async models(): Promise<AskedModel[]> {
    return asArray(await this.file(MODELS)).flatMap((entry) => {
      const [model, host] = [asFilledText(field(entry, 'model')), asText(field(entry, 'host'))];
      const version = asFilledText(field(entry, 'version'));
      const given = field(entry, 'params');
      if (model === undefined || host === undefined || !isObject(given)) return [];
      const params = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, asNumber(value) ?? 0]));
      return [{ model, host, params, ...(version !== undefined && { version }) }];
    });
  }

  /** The host is left out: the same model elsewhere is the same model. */
  private nameOf({ hash }: JudgeQuestion, { model, version, params }: AskedModel): string {
    return `${hashOf([hash, model, version ?? null, { ...params }])}.json`;
  }

  private async file(name: string): Promise<Json | undefined> {
    try {
      return tryParse(await readFile(join(this.folder, name), 'utf8'));
    } catch {
      return undefined;
    }
  }

  private async put(name: string, value: Json): Promise<void> {
    const draft = join(this.folder, `${name}.${randomUUID()}`);
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeFile(draft, `${JSON.stringify(value, undefined, 1)}\n`, { mode: 0o600 });
      await rename(draft, join(this.folder, name));
    } catch {
      await rm(draft, { force: true }).catch(() => undefined);
    }
  }
}

function plain({ model, version, host, params }: AskedModel): Json {
  return { model, ...(version !== undefined && { version }), host, params: { ...params } };
}

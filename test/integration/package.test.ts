import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packVsix } from '../../scripts/support/vsix.mjs';
import { fileNames } from '../support/zip.ts';

/** All that runs. A new line here is a decision: it is downloaded by everybody. */
const FILES = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  'extension/LICENSE.txt',
  'extension/changelog.md',
  'extension/dist/THIRD-PARTY-NOTICES.txt',
  'extension/dist/cli.mjs',
  'extension/dist/codicon.css',
  'extension/dist/codicon.ttf',
  'extension/dist/extension.cjs',
  'extension/dist/judgeEndpoint.cjs',
  'extension/dist/replayMcp.mjs',
  'extension/dist/replayModel.cjs',
  'extension/dist/sample.trace.json',
  'extension/dist/secretlint.cjs',
  'extension/dist/stripTypes.cjs',
  'extension/dist/webview.css',
  'extension/dist/webview.js',
  'extension/dist/worker.cjs',
  'extension/media/icon.png',
  'extension/media/schemas/fixture.schema.json',
  'extension/media/schemas/policy.schema.json',
  'extension/media/walkthrough/findings.md',
  'extension/media/walkthrough/open.md',
  'extension/media/walkthrough/step.md',
  'extension/media/walkthrough/test.md',
  'extension/package.json',
  'extension/readme.md',
];

describe('the package', () => {
  let vsix = '';
  beforeAll(async () => {
    vsix = (await packVsix()).path;
  }, 120_000);

  it('is named after its version and smaller than 2 MB', () => {
    expect(basename(vsix)).toMatch(/^hindstep-\d+\.\d+\.\d+\.vsix$/);
    expect(statSync(vsix).size).toBeLessThan(2 * 1024 * 1024);
  });

  it('holds only what runs', () => {
    expect(fileNames(vsix).sort()).toEqual(FILES);
  });
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bundleReplayHelper, helperPath } from '../../scripts/support/bundleReplayHelper.mjs';

it('the replay helper is what the core makes of it (node scripts/buildReplayHelper.mjs writes it again)', async () => {
  expect(readFileSync(helperPath, 'utf8')).toBe(await bundleReplayHelper());
}, 60_000);

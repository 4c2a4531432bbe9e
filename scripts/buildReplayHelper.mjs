// Writes the helper that stands beside people's JavaScript tests: `node scripts/buildReplayHelper.mjs`.
import { writeFileSync } from 'node:fs';
import { bundleReplayHelper, helperPath } from './support/bundleReplayHelper.mjs';

writeFileSync(helperPath, await bundleReplayHelper());

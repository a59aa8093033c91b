/** Run by the build, as a script: `dist/SHA256SUMS`, as `sha256sum -c` reads it, of every core that the package ships. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../../../dist/', import.meta.url));

const lines = readdirSync(DIST)
  .filter((name) => name.endsWith('.wasm'))
  .sort()
  .map(
    (name) =>
      `${createHash('sha256')
        .update(readFileSync(`${DIST}${name}`))
        .digest('hex')}  ${name}\n`,
  );
writeFileSync(`${DIST}SHA256SUMS`, lines.join(''));

/** `npm run build:wasm`, second half: `dist/barometer-counted.wasm` from `dist/barometer.wasm`. */
import { readFileSync, writeFileSync } from 'node:fs';
import compiler from 'assemblyscript/package.json' with { type: 'json' };
import { countedCore } from './count-core.ts';
import { countedPath, wasmPath } from './module.ts';

writeFileSync(countedPath(), countedCore(readFileSync(wasmPath()), `asc ${compiler.version}`));

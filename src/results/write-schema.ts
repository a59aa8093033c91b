/** `npm run build` writes the schema of saved samples beside the compiled code, to be shipped with the package. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { samplesJsonSchema } from './samples.ts';

// From dist/src/results/.
const path = fileURLToPath(new URL('../../samples-1.schema.json', import.meta.url));
writeFileSync(path, `${JSON.stringify(samplesJsonSchema(), null, 2)}\n`);

/**
 * A process that counts work and measures no time: block coverage keeps V8 from inlining, and the counted core is
 * slower. It is sent one request, answers once, and ends. Started by count-run.ts, with the flags that it gives.
 */
import { Random } from '../../random.ts';
import type { WorkCount } from '../../results/samples.ts';
import { watchParent } from '../watch-parent.ts';
import { BlockCoverage } from './block-coverage.ts';
import type { CountRequest } from './count-work.ts';

process.once('disconnect', () => process.exit()); // nobody is left to answer
process.once('message', async (request: CountRequest) => {
  const reply = await count(request).then(
    (counts) => ({ counts }),
    (error: unknown) => ({ failure: error instanceof Error ? error.message : String(error) }),
  );
  process.send!(reply, () => process.disconnect!());
});

async function count(request: CountRequest): Promise<WorkCount[]> {
  if (request.kind === 'module') watchParent();
  // Compiled before coverage starts, it has no counters in it: memory is filled word by word, up to 256 MiB of it.
  new Random(1).uint32();
  const coverage = new BlockCoverage();
  coverage.start();
  const { useCountedCore } = await import('../../device/wasm/module.ts');
  const { countWork } = await import('./count-work.ts');
  useCountedCore();
  return countWork(request, coverage);
}

// @ts-check
// Two versions of a module, interleaved, and what may be said of them: node compare-versions.js OLD NEW [FILE]
import { measure, saveSamples, summarize } from 'barometer';

const [old, candidate, file] = process.argv.slice(2);
if (old === undefined || candidate === undefined) {
  console.error('usage: node compare-versions.js OLD NEW [FILE]');
  process.exit(2);
}
const samples = await measure([old, candidate], { budgetMs: Number(process.env.BUDGET_MS ?? 10_000) });
if (file !== undefined) saveSamples(file, samples);
for (const { candidate: arm, ratio, verdict, reason } of summarize(samples).comparisons) {
  const interval = `${ratio.low.toFixed(3)} to ${ratio.high.toFixed(3)}`;
  console.log(`${arm.workload}: ${ratio.estimate.toFixed(3)} (${interval}), ${verdict ?? reason}`);
}

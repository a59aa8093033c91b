/** What holds when nothing is left to happen. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { Violation } from '../explore/violation.ts';
import type { SimulationView } from '../simulate/view.ts';
import type { Shadow } from './shadow.ts';

/** Nobody waits, no line is closed, nothing is on its way. @throws Violation */
export function checkRest(shadow: Shadow, view: SimulationView): void {
  for (let agent = 0; agent < shadow.agents; agent++) {
    shadow.checks.progress++;
    const at = view.agentAt(agent);
    const left = [layout.AGENT_READS, layout.AGENT_WRITES, layout.AGENT_WAITS];
    const isBusy = view.transactionsOf(agent).length > 0;
    if (!isBusy && left.every((field) => view.word(at + field) === 0)) continue;
    throw new Violation('progress', `${shadow.nameOf(agent)} waits for ever`);
  }
  for (const { line } of shadow.lines.values()) {
    shadow.checks.progress++;
    const record = view.recordOf(line);
    if (record === null) continue;
    if (record.waiting.length === 0 && record.serving === 0) continue;
    throw new Violation('progress', `line ${line} is closed for ever`);
  }
}

/**
 * What a calibration fits: each parameter with the cell of the calibration set that it is there for. All of them are
 * fitted to all cells at once, because most cells hang on several. Not here are hits of a core's and a GPU agent's own caches,
 * which are published; what cells of the calibration set hardly tell, such as atomics, link requests and responses, which stay
 * as the profile has them; and what is only a product or quotient with another, such as the number of channels. Nor what
 * the link adds to data that is read: the channels of CPU memory bound such reads before the link does.
 */
import type { ParameterName } from '../profiles/parameters.ts';
import type { CellId } from '../published/cells.ts';

export interface Fitted {
  readonly parameter: ParameterName;
  readonly cell: CellId;
}

export const FITTED: readonly Fitted[] = [
  { parameter: 'cpu-fabric-hop', cell: 'chase.grace.l3' },
  { parameter: 'lpddr-latency', cell: 'chase.grace.lpddr' },
  { parameter: 'lpddr-read-service', cell: 'read.grace.lpddr' },
  { parameter: 'lpddr-write-service', cell: 'write.grace.lpddr' },
  { parameter: 'cpu-outstanding-reads', cell: 'one-thread-read.grace.lpddr' },
  { parameter: 'cpu-stream-issue', cell: 'one-thread-write.grace.lpddr' },
  { parameter: 'gpu-fabric-hop', cell: 'chase.hopper.l2' },
  { parameter: 'hbm-latency', cell: 'chase.hopper.hbm' },
  { parameter: 'hbm-read-service', cell: 'read.hopper.hbm' },
  { parameter: 'hbm-write-service', cell: 'write.hopper.hbm' },
  { parameter: 'link-propagation', cell: 'chase.hopper.lpddr' },
  { parameter: 'link-overhead-write-data', cell: 'write.hopper.lpddr' },
];

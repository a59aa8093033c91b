/** Short names of workloads and their parameters, for people. */
import type { Params, Settings } from '../results/samples.ts';
import { formatBytes } from '../units.ts';

/** Parameters whose value says what it is the value of. */
const SELF_EXPLAINING = new Set([
  'sizeBytes',
  'widthBytes',
  'footprintBytes',
  'mix',
  'policy',
  'operation',
  'backing',
]);

/** What goes without saying in a list of rows. */
export type LabelContext = Pick<Settings, 'policy'>;

/** `config-read` of `config-read/batch`. */
export function familyOf(workload: string): string {
  return workload.replace(/\/.*$/, '');
}

/** What tells a row from others of its family: `batch 4 B, header`. */
export function rowLabel(workload: string, params: Params, settings: LabelContext): string {
  const variant = workload.slice(familyOf(workload).length + 1);
  // Only a row whose every difference goes without saying has no name: the aligned one among misaligned ones.
  return [variant, paramsLabel(params, settings)].filter(Boolean).join(' ') || 'aligned';
}

/**
 * `4 KiB, dst +16`. What goes without saying is left out: an aligned side, the policy of the whole run, and pages that
 * were touched before.
 */
export function paramsLabel(params: Params, settings: LabelContext): string {
  return Object.entries(params)
    .filter(([name, value]) => !(name === 'policy' && value === settings.policy))
    .filter(([name, value]) => !(name === 'touch' && value === 'later'))
    .map(([name, value]) => paramLabel(name, value))
    .filter(Boolean)
    .join(', ');
}

function paramLabel(name: string, value: number | string): string {
  const offset = /^(\w+)OffsetBytes$/.exec(name)?.[1];
  if (offset !== undefined && typeof value === 'number') return value === 0 ? '' : `${offset} +${value}`;
  const text = name.endsWith('Bytes') && typeof value === 'number' ? formatBytes(value) : String(value);
  return SELF_EXPLAINING.has(name) ? text : `${name.replace(/Bytes$/, '')} ${text}`;
}

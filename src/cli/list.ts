import { unavailableReason } from '../device/availability.ts';
import { PROFILES } from '../device/profiles.ts';
import { jsonText } from '../report/json-text.ts';
import { IMPLEMENTATIONS, type Implementation, POLICIES } from '../types.ts';
import { loadSuites, loadWorkloads, type Workload } from '../workload/scenario.ts';
import { SIZERS } from '../workload/sizer/sizers.ts';

const IMPLEMENTATION_NOTES = {
  wasm: 'the AssemblyScript core in WebAssembly',
  ts: 'plain TypeScript',
  native: "the same core in C, compiled by this machine's compiler",
  noop: 'no device at all: what the harness costs',
};

const POLICY_NOTES = {
  strict: 'PCIe 7.5.1.2.1 and no more',
  nvgrace: 'the nvgrace-gpu driver (--generation 6.9, 6.14 or 7.0)',
  core: 'vfio-pci-core alone',
  passthrough: 'nvgrace-gpu as posted in version 12: core, one region of GPU memory, no emulated BAR',
  v13: 'nvgrace-gpu as posted in version 13: whole registers and all-ones probes only',
  'virtio-flags': 'the virtio driver as posted first: BAR 0 reads a constant, whole dwords only',
  'virtio-flags2': 'as posted next: the constant at any offset, always from its first byte',
  virtio: 'the virtio driver: an emulated I/O BAR 0 and the ids of a transitional device',
};

/** `barometer list`: everything that can be named on the command line. */
export function list(options: { json?: boolean }): string {
  const workloads = byName(loadWorkloads());
  const suites = loadSuites();
  if (options.json) {
    return jsonText({
      workloads: [...workloads].map(([name, cases]) => ({
        name,
        params: cases.map(({ params }) => params),
      })),
      suites: suites.map(({ name, description, budget }) => ({ name, description, budget })),
      devices: PROFILES.map(({ name, summary, policy }) => ({ name, summary, policy })),
      policies: POLICIES.map((name) => ({ name, summary: POLICY_NOTES[name] })),
      sizers: SIZERS.map(({ name, summary }) => ({ name, summary })),
      implementations: IMPLEMENTATIONS.map((name) => ({
        name,
        summary: IMPLEMENTATION_NOTES[name],
        available: unavailableReason(name) === null,
        reason: unavailableReason(name),
      })),
    });
  }
  return [
    section(
      'Workloads',
      [...workloads].map(([name, cases]) => [name, variants(cases)]),
    ),
    section(
      'Suites',
      suites.map(({ name, description, budget }) => [name, `${description} (${budget})`]),
    ),
    section('Devices', [
      ...PROFILES.map(({ name, summary }): [string, string] => [name, summary]),
      ['FILE[#BB:DD.F]', 'lspci -xxx[x] text, or a raw configuration file of 64, 256 or 4096 bytes'],
      ['host:BB:DD.F', "one of this machine's own, read from sysfs"],
      ['vfio-user:PATH', 'whatever device serves that socket: inspect, size, conform --device, run'],
    ]),
    section(
      'Policies',
      POLICIES.map((name) => [name, POLICY_NOTES[name]]),
    ),
    section(
      'Sizers',
      SIZERS.map(({ name, summary }) => [name, summary]),
    ),
    section(
      'Implementations',
      IMPLEMENTATIONS.map((name) => [name, implementationText(name)]),
    ),
  ].join('\n');
}

function implementationText(name: Implementation): string {
  const reason = unavailableReason(name);
  return reason === null
    ? IMPLEMENTATION_NOTES[name]
    : `${IMPLEMENTATION_NOTES[name]}; not available: ${reason}`;
}

function byName(workloads: readonly Workload[]): Map<string, Workload[]> {
  return Map.groupBy(workloads, (workload) => workload.name);
}

/** Names of the parameters that tell the variants apart, and how many there are. */
function variants(cases: readonly Workload[]): string {
  const names = [...new Set(cases.flatMap(({ params }) => Object.keys(params)))];
  const varying = names.filter((name) => new Set(cases.map(({ params }) => params[name])).size > 1);
  const count = cases.length === 1 ? 'one variant' : `${cases.length} variants`;
  return varying.length > 0 ? `${count}: ${varying.join(', ')}` : count;
}

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return `${title}\n${rows.map(([name, text]) => `  ${name.padEnd(width)}${text}\n`).join('')}`;
}

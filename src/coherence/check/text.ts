/** What a check found, as a person reads it. */
import { formatCount } from '../../units.ts';
import { columnLines } from '../columns.ts';
import type { CheckReport, PlantedRow, SizeRow, TrafficRow } from './report.ts';
import { coverageLines, watchedBugLines, watchedLines } from './watched-text.ts';

const NONE = '–';

/** Ends with a line break. Parts that were not looked at are left out. */
export function checkText(report: CheckReport): string {
  const { sizes, planted, litmus, traffic, watched, coverage, watchedBugs } = report;
  const sections = [
    ['All states of small worlds, modelled; messages overtake each other', ...sizeLines(sizes)],
    ['Planted bugs', ...plantedLines(planted)],
    ['Litmus tests: outcomes of all schedules, beside those of a memory model', ...litmusLines(litmus)],
    ['Random traffic', ...trafficLines(traffic)],
    ['Watched traffic: everything is checked after every event', ...watchedLines(watched)],
    ['Pairs of state and event that watched traffic came to', ...coverageLines(coverage)],
    ['Planted bugs in watched traffic', ...watchedBugLines(watchedBugs)],
  ].filter((lines) => lines.length > 1);
  return sections.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function sizeLines(sizes: readonly SizeRow[]): string[] {
  if (sizes.length === 0) return [];
  const head = ['cores', 'GPU agents', 'lines', 'room for', 'states', 'steps', 'violations'];
  const rows = sizes.map(({ cores, gpuAgents, lines, capacity, states, steps, violations }) => [
    `${cores}`,
    `${gpuAgents}`,
    `${lines}`,
    `${capacity}`,
    formatCount(states),
    formatCount(steps),
    `${violations}`,
  ]);
  const sum = (pick: (row: SizeRow) => number) =>
    formatCount(sizes.reduce((total, row) => total + pick(row), 0));
  return [
    ...columnLines([head, ...rows], 0),
    ...sizes.flatMap(({ violation, story }) =>
      violation === null ? [] : [violation, ...story.map(indented)],
    ),
    `${sum(({ states }) => states)} states and ${sum(({ steps }) => steps)} steps, ${sum(({ violations }) => violations)} violations`,
  ];
}

function indented(line: string): string {
  return `  ${line}`;
}

function plantedLines(planted: readonly PlantedRow[]): string[] {
  if (planted.length === 0) return [];
  const rows = planted.map(({ bug, caughtBy, what }) => [
    bug,
    caughtBy === null ? 'NOT CAUGHT' : `caught: ${caughtBy}`,
    what,
  ]);
  const caught = planted.filter((row) => row.caught).length;
  return [...columnLines(rows, 3), `${caught} of ${planted.length} caught`];
}

/** A line for each kind of agents; each row that does not hold by name. */
function litmusLines(litmus: CheckReport['litmus']): string[] {
  if (litmus.length === 0) return [];
  const groups = [
    ...Map.groupBy(litmus, ({ agents, model, claim }) => `${agents}\n${model}\n${claim}`).values(),
  ];
  const rows = groups.map((group) => {
    const { agents, model, claim } = group[0]!;
    const states = group.reduce((sum, row) => sum + row.states, 0);
    const held = group.filter((row) => row.holds).length;
    return [
      agents,
      `${claim === 'more' ? 'more than' : claim} those of ${model}`,
      `${held} of ${group.length}`,
      formatCount(states),
    ];
  });
  const broken = litmus.filter((row) => !row.holds);
  return [
    ...columnLines([['', '', 'hold', 'states'], ...rows], 2),
    ...broken.map(
      ({ shape, agents, unexpected, missing, stuck, violation }) =>
        `${shape}, ${agents}: unexpected ${list(unexpected)}; missing ${list(missing)}; stuck ${stuck}; ${violation ?? 'no violation'}`,
    ),
  ];
}

function list(outcomes: readonly string[]): string {
  return outcomes.length === 0 ? NONE : outcomes.join(', ');
}

function trafficLines(traffic: readonly TrafficRow[]): string[] {
  return traffic.map(
    ({ cores, gpuAgents, lines, accesses, events, traceHash, repeats, sumsUp }) =>
      `${cores} cores, ${gpuAgents} GPU agents, ${lines} lines: ${formatCount(accesses)} accesses, ${formatCount(events)} events, ` +
      `trace ${traceHash}, ${repeats ? 'the same again' : 'NOT THE SAME AGAIN'}, ` +
      `${sumsUp ? 'latencies are the sums of their parts' : 'LATENCIES ARE NOT THE SUMS OF THEIR PARTS'}`,
  );
}

/** What can happen next in a small world: a message arrives, or an agent does something. */
import { CPU, OPERATION } from '../protocol/codes.ts';
import { MESSAGES, OPERATIONS } from '../protocol/names.ts';
import type { Stepper } from './step.ts';
import { COPY, type World } from './world.ts';

/** Packed, so that a million of them cost nothing: `index of a message`, or `FREE | operand | operation | agent | line`. */
export type Choice = number;

const FREE = 1 << 16;
const pack = (agent: number, line: number, operation: number, operand: number): Choice =>
  FREE | (operand << 8) | (operation << 4) | (agent << 2) | line;

/** Whether it is somebody's decision, which may never come. */
export const isFree = (choice: Choice): boolean => choice >= FREE;

const CPU_CHOICES = [
  [OPERATION.Load, 0],
  [OPERATION.Store, 0],
  [OPERATION.Store, 1],
  [OPERATION.AtomicNear, 0],
  [OPERATION.AtomicFar, 0],
  [OPERATION.StoreStream, 0],
  [OPERATION.StoreStream, 1],
  [OPERATION.LoadUncached, 0],
] as const;
const GPU_CHOICES = [
  [OPERATION.Load, 0],
  [OPERATION.Store, 0],
  [OPERATION.Store, 1],
  [OPERATION.AtomicFar, 0],
] as const;

/** Writes all choices into `choices` and returns how many there are. */
export function choicesIn(world: World, stepper: Stepper, choices: Choice[]): number {
  let count = 0;
  const messages = world.messageCount;
  for (let i = 0; i < messages; i++) {
    const isRepeated = i > 0 && world.packedAt(i) === world.packedAt(i - 1);
    if (!isRepeated && stepper.canArrive(world, i)) choices[count++] = i;
  }
  for (let agent = 0; agent < world.agentCount; agent++) {
    count = evictions(world, stepper, agent, choices, count);
    if (!isIdle(world, agent)) continue;
    count = operations(world, stepper, agent, choices, count);
  }
  return count;
}

function evictions(world: World, stepper: Stepper, agent: number, choices: Choice[], from: number): number {
  let count = from;
  for (let line = 0; line < world.size.lineCount; line++) {
    if (!stepper.accepts(world, agent, line, OPERATION.Evict)) continue;
    choices[count++] = pack(agent, line, OPERATION.Evict, 0);
  }
  return count;
}

function operations(world: World, stepper: Stepper, agent: number, choices: Choice[], from: number): number {
  let count = from;
  for (let line = 0; line < world.size.lineCount; line++) {
    if (!hasRoom(world, agent, line)) continue;
    for (const [operation, operand] of world.isGpu(agent) ? GPU_CHOICES : CPU_CHOICES) {
      if (!stepper.accepts(world, agent, line, operation)) continue;
      choices[count++] = pack(agent, line, operation, operand);
    }
  }
  if (world.isGpu(agent)) choices[count++] = pack(agent, 0, OPERATION.Acquire, 0);
  return count;
}

/** Agents are in order: one operation at a time. */
function isIdle(world: World, agent: number): boolean {
  for (let line = 0; line < world.size.lineCount; line++) {
    if (world.copy(agent, line, COPY.pending) !== 0) return false;
  }
  return true;
}

/** A line that is on its way back leaves its room to another. */
function hasRoom(world: World, agent: number, line: number): boolean {
  const { capacity, lineCount } = world.size;
  if (capacity === lineCount || world.isGpu(agent)) return true;
  let taken = 0;
  for (let other = 0; other < lineCount; other++) {
    const state = world.copy(agent, other, COPY.state);
    if (other !== line && state !== CPU.I && state < CPU.MI_A) taken++;
  }
  return taken < capacity;
}

/** @throws Violation */
export function take(choice: Choice, world: World, stepper: Stepper): void {
  if (!isFree(choice)) {
    stepper.arrive(world, choice);
    return;
  }
  const [agent, line] = [(choice >> 2) & 3, choice & 3];
  const operation = (choice >> 4) & 15;
  // An acquire is of all lines.
  const lines = operation === OPERATION.Acquire ? world.size.lineCount : 1;
  for (let i = 0; i < lines; i++) {
    stepper.operate(world, agent, (line + i) % world.size.lineCount, operation, (choice >> 8) & 1);
  }
}

export function describe(choice: Choice, world: World): string {
  if (!isFree(choice)) {
    const { message, agent, line, value } = world.messageAt(choice);
    return `${MESSAGES[message]} (agent ${agent}, line ${line}, value ${value}) arrives`;
  }
  const operation = OPERATIONS[(choice >> 4) & 15]!;
  const stored = operation.startsWith('Store') ? ` ${(choice >> 8) & 1}` : '';
  return `agent ${(choice >> 2) & 3}: ${operation}${stored} of line ${choice & 3}`;
}

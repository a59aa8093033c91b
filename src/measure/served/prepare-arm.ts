/** From a workload to the operation that is timed, and what must hold after it. */
import { WrongAnswerError } from '../../errors.ts';
import type { VfioUserClient } from '../../vfio-user/client.ts';
import { RefusedRequest } from '../../vfio-user/client.ts';
import { VFIO_PCI_CONFIG_REGION_INDEX } from '../../vfio-user/constants.ts';
import { servedBars } from '../../vfio-user/served-bars.ts';
import { readServedFunction } from '../../vfio-user/served-function.ts';
import type { Operation } from './window.ts';
import { SERVED_CONFIG_READ, SERVED_REGION_WRITE, type ServedWorkload } from './workloads.ts';

export interface PreparedOperation {
  readonly operation: Operation;
  /** Checks that the device holds what it held before. @throws WrongAnswerError where it does not */
  readonly verify: () => Promise<void>;
  /** 8 hex digits. */
  readonly answer: string;
}

/** Why a device has no such workload. */
export interface Refusal {
  readonly reason: string;
}

interface Memory {
  readonly region: number;
  readonly sizeBytes: bigint;
}

/** Memory may change by itself: only what it is asked for is known, which is how many bytes come. */
const NO_ANSWER = '00000000';

/** @throws BarometerError where the server fails */
export async function prepareOperation(
  client: VfioUserClient,
  workload: ServedWorkload,
): Promise<PreparedOperation | Refusal> {
  try {
    if (workload.name === SERVED_CONFIG_READ) return await configRead(client, workload);
    const memory = await largestMemory(client);
    if (memory === null) return { reason: 'it has no memory BAR' };
    const { region, sizeBytes } = memory;
    if (sizeBytes < workload.params.sizeBytes!)
      return { reason: `its largest memory BAR has ${sizeBytes} bytes` };
    return await regionAccess(client, workload, region);
  } catch (error) {
    if (error instanceof RefusedRequest) return { reason: `${error.message}; is decoding off in COMMAND?` };
    throw error;
  }
}

/** Vendor and device id: of all registers the one that never changes. */
async function configRead(client: VfioUserClient, workload: ServedWorkload): Promise<PreparedOperation> {
  const read = async () =>
    dwordOf(await client.read(VFIO_PCI_CONFIG_REGION_INDEX, 0n, workload.params.widthBytes!));
  const ids = await read();
  const operation = async () => {
    const found = await read();
    if (found !== ids) throw wrong(workload, `vendor and device id ${hex(ids)}, then ${hex(found)}`);
  };
  return { operation, verify: operation, answer: hex(ids) };
}

/** At the start of the region. A write has the bytes that were read there; the first one shows whether it takes any. */
async function regionAccess(
  client: VfioUserClient,
  workload: ServedWorkload,
  region: number,
): Promise<PreparedOperation | Refusal> {
  const { sizeBytes } = workload.params;
  const read = () => client.read(region, 0n, sizeBytes!);
  const bytes = await read();
  if (workload.name !== SERVED_REGION_WRITE) {
    return { operation: async () => void (await read()), verify: async () => {}, answer: NO_ANSWER };
  }
  const verify = async () => {
    if (Buffer.compare(bytes, await read()) !== 0) {
      throw wrong(workload, `the start of region ${region} holds other bytes than were written to it`);
    }
  };
  const operation = () => client.write(region, 0n, bytes);
  const refusal = await refusalOf(operation);
  if (refusal)
    return { reason: `region ${region} can be read and refuses to be written: ${refusal.message}` };
  await verify();
  return { operation, verify, answer: NO_ANSWER };
}

async function refusalOf(operation: Operation): Promise<RefusedRequest | null> {
  try {
    await operation();
    return null;
  } catch (error) {
    if (error instanceof RefusedRequest) return error;
    throw error;
  }
}

/** Null where there is no memory BAR. */
async function largestMemory(client: VfioUserClient): Promise<Memory | null> {
  const memory = [...servedBars(await readServedFunction(client))].filter(([, { kind }]) => kind !== 'io');
  const bySize = memory.sort(([, a], [, b]) => Number(b.sizeBytes - a.sizeBytes));
  const [largest] = bySize;
  return largest ? { region: largest[0], sizeBytes: largest[1].sizeBytes } : null;
}

function wrong({ name, params }: ServedWorkload, what: string): WrongAnswerError {
  return new WrongAnswerError(`${name} ${JSON.stringify(params)}: wrong answer: ${what}`);
}

function dwordOf(bytes: Uint8Array): number {
  return (bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0;
}

function hex(dword: number): string {
  return dword.toString(16).padStart(8, '0');
}

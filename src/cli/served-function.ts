/** `vfio-user:PATH`: a function that somebody serves, wherever a command takes a device. */
import { type DeviceSources, fromRaw } from '../device/device-source.ts';
import { UsageError } from '../errors.ts';
import { isWholeConfig } from '../pci/header.ts';
import { VfioUserClient } from '../vfio-user/client.ts';
import { romBytesOf, servedBars } from '../vfio-user/served-bars.ts';
import { readServedFunction, type ServedFunction } from '../vfio-user/served-function.ts';

const PREFIX = 'vfio-user:';

/** Whether a device is one that somebody serves. */
export function isServed(device: string): boolean {
  return device.startsWith(PREFIX);
}

/** The path of its socket. @throws UsageError where there is none */
export function servedPath(device: string): string {
  const path = device.slice(PREFIX.length);
  if (path === '') throw new UsageError(`${device}: expected the path of a socket after ${PREFIX}`);
  return path;
}

/** Connects, has the action done, and leaves, whatever comes of it. */
export async function withClient<T>(
  device: string,
  action: (client: VfioUserClient) => Promise<T>,
): Promise<T> {
  const client = await VfioUserClient.connect(servedPath(device));
  try {
    return await action(client);
  } finally {
    client.close();
  }
}

/** The function behind the client. @throws UsageError where its configuration space is none */
export async function servedFunction(device: string, client: VfioUserClient): Promise<ServedFunction> {
  const fn = await readServedFunction(client);
  if (isWholeConfig(fn.configBytes)) return fn;
  throw new UsageError(
    `${device}: its configuration region has ${fn.configBytes.length} bytes, expected 64, 256 or 4096`,
  );
}

/** The sources, to which the served function is one more; as they are where the name is none of a socket. */
export async function withServed(device: string, sources: DeviceSources): Promise<DeviceSources> {
  if (!isServed(device)) return sources;
  const fn = await withClient(device, (client) => servedFunction(device, client));
  const romBytes = romBytesOf(fn);
  const known = {
    source: 'vfio',
    bars: servedBars(fn),
    rom: romBytes === 0n ? null : { sizeBytes: romBytes },
  } as const;
  const served = fromRaw(fn.configBytes, null, device, known);
  return { ...sources, profiles: (name) => (name === device ? served : sources.profiles(name)) };
}

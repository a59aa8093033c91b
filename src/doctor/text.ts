/** Reading what kernels write. Content that makes no sense gives null. */

/** A whole number of at most 15 digits: exact. */
export function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** The word after `key` and a colon, in a file of such lines. */
export function lineValue(text: string, key: string): string | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${key}:`));
  return line?.slice(key.length + 1).trim();
}

/** First and last of each range in a list of CPUs such as `0-3,8`. */
export function cpuRanges(list: string): [first: number, last: number][] | null {
  const ranges = list.trim().split(',').map(cpuRange);
  return ranges.every((range) => range !== null) ? ranges : null;
}

function cpuRange(text: string): [number, number] | null {
  const [, first, last = first] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(text) ?? [];
  return first !== undefined && Number(first) <= Number(last) ? [Number(first), Number(last)] : null;
}

/** How many CPUs a list names. */
export function cpuCount(list: string): number | null {
  const ranges = cpuRanges(list);
  return ranges?.reduce((sum, [first, last]) => sum + last - first + 1, 0) ?? null;
}

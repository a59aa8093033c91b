/** A whole log through the model, however long: what it says is forgotten as soon as it is simulated. */
import { setImmediate } from 'node:timers/promises';
import { quoted } from '../../pci/quoted.ts';
import { parseLogLine } from '../../workload/log-line.ts';
import { RegionLineReader } from '../../workload/region-line.ts';
import { type LineBytes, lineBytes, textOf } from '../log-lines.ts';
import type { ModelledReplay } from './modelled-replay.ts';

export interface ThroughModelOptions {
  /** What to call the log in messages. */
  readonly name: string;
  /** Name of the device in the log whose accesses are taken; that of the first one where it is null. */
  readonly of: string | null;
  readonly signal: AbortSignal;
  /** Is told how far it is. */
  readonly progress: (endBytes: number, lines: number) => void;
}

export interface ThroughModel {
  readonly lines: number;
  /** As the log names it; null where it asks nothing of any. */
  readonly device: string | null;
  readonly resets: number;
  /** Accesses and resets of other devices. */
  readonly otherDevices: number;
  /** Lines that ask nothing of a device. */
  readonly otherLines: number;
  /** Why it went no further than to a line that is malformed; null where there is none. */
  readonly malformed: string | null;
}

/** Lines up to a malformed one, or an interruption, are replayed. */
export async function replayThroughModel(
  chunks: AsyncIterable<Uint8Array>,
  replay: ModelledReplay,
  { name, of, signal, progress }: ThroughModelOptions,
): Promise<ThroughModel> {
  const reader = new LogReader(replay, of);
  let malformed: string | null = null;
  for await (const lines of lineBytes(chunks)) {
    if (signal.aborted) break;
    for (const line of lines) {
      const error = reader.read(line);
      if (error === null) continue;
      malformed = `${name}:${line.number}: ${error}`;
      break;
    }
    while (replay.advance() && !signal.aborted) await setImmediate();
    if (malformed !== null || signal.aborted) break;
    progress(lines.at(-1)!.endBytes, reader.lines);
  }
  replay.end();
  while (!signal.aborted && replay.advance()) await setImmediate();
  const { lines, device, resets, otherDevices, otherLines } = reader;
  return { lines, device, resets, otherDevices, otherLines, malformed };
}

const FORM = 'vfio_region_read  (DEVICE:region4+0x1000, 8) = 0x0';
/** Events of other parts of QEMU, with the time that the log has; what QEMU says for people; nothing. */
const OTHER_LINE =
  /^(?:(?:\d+@\d+\.\d+:|\d{4}-\d\d-\d\dT[\d:.]+Z )?(?:[a-z]\w*_\w+(?: |$)|\S*qemu\S*: )[\t\x20-\x7e]*)?$/;

class LogReader {
  lines = 0;
  resets = 0;
  otherDevices = 0;
  otherLines = 0;
  device: string | null;
  private readonly replay: ModelledReplay;
  private regionLines: RegionLineReader | null;

  constructor(replay: ModelledReplay, device: string | null) {
    this.replay = replay;
    this.device = device;
    this.regionLines = device === null ? null : new RegionLineReader(device);
  }

  /** Returns what is wrong with the line, and null where nothing is. */
  read(line: LineBytes): string | null {
    this.lines++;
    const { regionLines } = this;
    if (!regionLines?.read(line.bytes, line.from, line.to)) return this.readText(textOf(line));
    const { isWrite, regionIndex, offset, widthBytes } = regionLines.access;
    this.replay.add(isWrite, regionIndex, offset, widthBytes);
    return null;
  }

  private readText(text: string): string | null {
    const logged = parseLogLine(text);
    if (logged === null) {
      this.otherLines++;
      if (OTHER_LINE.test(text)) return null;
      return `${quoted(text)} was given; expected a line of QEMU's trace or of serve --record, as ${FORM}`;
    }
    if ('error' in logged) return logged.error;
    if (logged.type !== 'access' && logged.type !== 'reset') {
      this.otherLines++;
      return null;
    }
    if (this.device === null) {
      this.device = logged.device;
      this.regionLines = new RegionLineReader(logged.device);
    }
    if (logged.device !== this.device) this.otherDevices++;
    else if (logged.type === 'reset') this.resets++;
    else this.replay.add(logged.isWrite, logged.regionIndex, logged.offset, logged.data.length);
    return null;
  }
}

/** A file that every access is written to, as lines of a QEMU trace log. */
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { BarometerError } from '../errors.ts';
import { AccessRecorder } from '../vfio-user/access-recorder.ts';

/** Lines are there before what they tell of is acknowledged. */
export class RecordFile {
  readonly recorder: AccessRecorder;
  private readonly fd: number;
  private sizeBytes = 0;

  constructor(path: string) {
    this.fd = this.guarded(path, () => openSync(path, 'w'));
    this.recorder = new AccessRecorder((text) => this.guarded(path, () => this.append(text)));
  }

  close(): void {
    closeSync(this.fd);
  }

  /** All of it, or nothing: half a line would be another one. */
  private append(text: string): void {
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.fd, bytes, at);
    } catch (error) {
      if (fstatSync(this.fd).isFile()) ftruncateSync(this.fd, this.sizeBytes);
      throw error;
    }
    this.sizeBytes += bytes.length;
  }

  private guarded<T>(path: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new BarometerError(`cannot record to ${path}: ${(error as NodeJS.ErrnoException).code}`);
    }
  }
}

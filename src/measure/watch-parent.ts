import { Worker } from 'node:worker_threads';

/** Once a second. In a thread of its own, which sleeps in between: code of the user's may never come back. */
const WATCH = `
  const { workerData: parent } = require('node:worker_threads');
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    Atomics.wait(never, 0, 0, 1000);
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }`;
let isWatched = false;

/** Has this process end with its parent, whatever it is doing then. */
export function watchParent(): void {
  if (!isWatched) new Worker(WATCH, { eval: true, workerData: process.ppid }).unref();
  isWatched = true;
}

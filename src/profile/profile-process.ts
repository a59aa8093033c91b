/**
 * The process of one profile. It is sent one request, answers once, and ends. Started by profile-run.ts; signals of the
 * terminal reach the parent too, which decides.
 */
import { failureOf } from '../measure/child-end.ts';
import { profileArm } from './profile-arm.ts';
import type { FromProfiled, ProfileRequest, ToProfiled } from './protocol.ts';

let isStopped = false;

function tell(message: FromProfiled): void {
  process.send?.(message); // gone where the parent is
}

async function serve(request: ProfileRequest): Promise<void> {
  const hooks = {
    progress: (phase: string) => tell({ type: 'progress', phase }),
    stopped: () => isStopped,
  };
  const reply: FromProfiled = await profileArm(request, hooks).then(
    (profile) => ({ type: 'profiled', profile }),
    (error: unknown) => ({ type: 'failed', ...failureOf(error) }),
  );
  // The channel is closed once it is written: a long profile takes several goes.
  process.send?.(reply, () => process.disconnect?.());
}

process.on('message', (message: ToProfiled) => {
  if (message.type === 'stop') isStopped = true;
  else void serve(message.request);
});
process.on('disconnect', () => process.exit());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

/** `npm run build:native`: compiles every build into the cache, and says where it is or why there is none. */
import { loadNative } from './builder.ts';
import { NATIVE_BUILDS } from './native-build.ts';

for (const build of [...NATIVE_BUILDS, 'unchecked'] as const) {
  const native = loadNative(build);
  if (native.available) {
    process.stdout.write(`${build}: ${native.path} (${native.compiler})\n`);
  } else {
    process.stderr.write(`${build}: not available: ${native.reason}\n`);
    process.exitCode = 1;
  }
}

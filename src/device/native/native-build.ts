/** How the C core is compiled. `O3` is the reference; `march-native` may use every instruction of this machine's processor. */
export const NATIVE_BUILDS = ['O3', 'march-native'] as const;
/**
 * `unchecked` is the reference without bounds checks (checks.h), which shows what they cost. `sanitizer` is for tests:
 * it ends the process at the first undefined behaviour or stray access.
 */
export type NativeBuild = (typeof NATIVE_BUILDS)[number] | 'unchecked' | 'sanitizer';

const COMMON = ['-std=c11', '-fPIC', '-shared', '-fvisibility=hidden', '-Wall', '-Wextra'];

export const FLAGS: Record<NativeBuild, readonly string[]> = {
  O3: [...COMMON, '-O3'],
  'march-native': [...COMMON, '-O3', '-march=native'],
  unchecked: [...COMMON, '-O3', '-DBAROMETER_UNCHECKED'],
  sanitizer: [
    ...COMMON,
    ...['-O1', '-g', '-Werror', '-DBAROMETER_SANITIZER'],
    ...['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'],
  ],
};

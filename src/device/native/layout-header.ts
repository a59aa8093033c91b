import * as layout from '../../../assembly/layout.ts';

/** `layout.h`: the constants that all implementations share, for C. Made at build time, so it cannot fall behind. */
export function layoutHeader(): string {
  const lines = Object.entries(layout).map(([name, value]) => `#define ${name} ${value}`);
  return ['#ifndef LAYOUT_H', '#define LAYOUT_H', '', ...lines, '', '#endif', ''].join('\n');
}

import { describe, expect, test } from 'vitest';
import { parseCodeLog } from '../../src/profile/code-log.ts';

const LOG = `v8-version,14,6,202,34,-node.19,0
code-creation,Builtin,4,1,0x100,64,Abort
code-creation,JS,10,2,0x200,189,read file:///b/config-space.js?arm=0:61:9,0xaa,~
code-creation,JS,12,3,0x300,512,read file:///b/config-space.js?arm=0:61:9,0xaa,+'
code-creation,JS,13,4,0x400,412,read file:///b/config-space.js?arm=0:61:9,0xaa,*'
code-creation,JS,13,5,0x500,908, file:///b/a\\x2Cb.js:3:45,0xbb,o*
code-deopt,6,704,0x300,-1,24,deopt-eager,<file:///b/config-space.js?arm=0:62:1>,prepare for on stack replacement (OSR)
code-deopt,7,704,0x500,-1,24,deopt-eager,<file:///b/x.js:1:2> inlined at <file:///b/a\\x2Cb.js:4:1>,wrong map
code-deopt,8,704,0x500,-1,24,deopt-eager,<file:///b/a\\x2Cb.js:4:1>,wrong map
code-deopt,9,704,0x999,-1,24,deopt-eager,<file:///b/other.js:4:1>,wrong map
code-creation,JS,5,10,0x600,768,wasm-function[53],0x17,
code-creation,JS,5,11,0x700,320,wasm-function[53],0x17,*
code-creation,JS,5,12,0x800,100,wasm-function[2],0x17,
`;

describe('the log of compiled code', () => {
  const code = parseCodeLog(LOG);

  test('tells the last tier of each function, and how long its code is', () => {
    expect(code.get('file:///b/config-space.js?arm=0:61:9')).toEqual({
      tier: 'turbofan',
      sizeBytes: 412,
      deoptimisations: [],
    });
    expect(code.get('wasm-function[53]')).toMatchObject({ tier: 'turbofan', sizeBytes: 320 });
    expect(code.get('wasm-function[2]')).toMatchObject({ tier: 'liftoff', sizeBytes: 100 });
  });

  test('counts deoptimisations by the code that was left, but for code that made way for better', () => {
    expect(code.get('file:///b/a,b.js:3:45')!.deoptimisations).toEqual([{ reason: 'wrong map', count: 2 }]);
    expect(code.size).toBe(4);
  });

  test('ends where the profile does', () => {
    const end =
      'script-source,90,<unknown>,(function anonymous(\\n) {\\n//# sourceURL=barometer-profile-ends\\n})';
    const later = 'code-creation,JS,5,12,0x900,900,wasm-function[53],0x17,';
    const source = 'script-source,89,file:///b/code-log.js,`sourceURL=$';
    const found = parseCodeLog([source, LOG, end, later].join('\n'));
    expect(found.get('wasm-function[53]')).toMatchObject({ tier: 'turbofan', sizeBytes: 320 });
  });

  test('that is empty, or cut short, tells nothing', () => {
    expect(parseCodeLog('').size).toBe(0);
    expect(parseCodeLog('code-creation\ncode-deopt\ncode-creation,JS,13').size).toBe(0);
  });
});

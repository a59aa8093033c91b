import { expect, it } from 'vitest';
import { className, progIfName } from '../../src/pci/class-names.ts';

it('names class and programming interface', () => {
  expect(className(0x0302)).toBe('3D controller');
  expect(className(0x0604)).toBe('PCI bridge');
  expect(progIfName(0x0604, 0x01)).toBe('Subtractive decode');
  expect(progIfName(0x0108, 0x02)).toBe('NVM Express');
});

it('falls back to the base class, then to the number', () => {
  expect(className(0x03ee)).toBe('Display controller');
  expect(className(0x2a00)).toBe('Class 2a00');
  expect(progIfName(0x0200, 0x55)).toBeNull();
});

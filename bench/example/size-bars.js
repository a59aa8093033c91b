// @ts-check
// What each consumer of PCI devices takes the BARs of a device to be: node size-bars.js [DEVICE]
import { openDevice, SIZER_NAMES } from 'barometer';

const name = process.argv[2] ?? 'gh200-120gb';
for (const sizer of SIZER_NAMES) {
  // A device of its own for each: some leave the registers otherwise than they found them.
  const { bars, failure } = openDevice(name, { policy: 'strict' }).size(sizer);
  const found = bars.map(({ barIdx, kind, sizeBytes }) => `${barIdx} ${kind} ${sizeBytes} bytes`);
  console.log(`${sizer}: ${failure ?? found.join(', ')}`);
}

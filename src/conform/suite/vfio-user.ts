/** Messages of the vfio-user protocol (specification 8.2). */

import type { Runnable } from '../runnable.ts';
import { onFunction } from './steps.ts';

export const VFIO_USER: readonly Runnable[] = [
  onFunction(
    '8.2 REGION_READ of 4 bytes',
    'region_read_request',
    [7, 0x10, 4, 1],
    '0100' + '0900' + '20000000' + '00000000' + '00000000' + '1000000000000000' + '07000000' + '04000000',
  ),
  onFunction(
    '8.2 REGION_READ, every byte of every field',
    'region_read_request',
    [0x01020304, '0x1112131415161718', 0x21222324, 0x3132],
    '3231' + '0900' + '20000000' + '00000000' + '00000000' + '1817161514131211' + '04030201' + '24232221',
  ),
  onFunction(
    '8.2 error reply: header alone, flags reply and error',
    'error_reply',
    [1, 9, 22],
    '0100' + '0900' + '10000000' + '21000000' + '16000000',
  ),
  onFunction(
    '8.2 error reply, every byte of every field',
    'error_reply',
    [0x0102, 0x0304, 0x05060708],
    '0201' + '0403' + '10000000' + '21000000' + '08070605',
  ),
];

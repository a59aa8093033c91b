/** Numbers of the vfio-user protocol (specification 8.2). All fields are little-endian. */

/**
 * The header of every message, 16 bytes:
 *
 *      0        2         4             8           12          16
 *      +--------+---------+-------------+-----------+-----------+
 *      | id u16 | cmd u16 | size u32    | flags u32 | errno u32 |
 *      +--------+---------+-------------+-----------+-----------+
 *                          incl. header
 */
export const HEADER_BYTES = 16;
export const HEADER_ID = 0;
export const HEADER_COMMAND = 2;
export const HEADER_SIZE = 4;
export const HEADER_FLAGS = 8;
export const HEADER_ERRNO = 12;

/** Bits 3:0 of the flags are the type of the message, 4 and 5 flags of their own; names are those of vfio-user.h. */
export const VFIO_USER_F_TYPE_MASK = 0xf;
export const VFIO_USER_F_TYPE_COMMAND = 0;
export const VFIO_USER_F_TYPE_REPLY = 1;
export const VFIO_USER_F_NO_REPLY = 0x10;
export const VFIO_USER_F_ERROR = 0x20;

export const VFIO_USER_REGION_READ = 9;
export const VFIO_USER_REGION_WRITE = 10;

/**
 * What follows the header of a region access, before the data:
 *
 *      0            8            12          16
 *      +------------+------------+-----------+
 *      | offset u64 | region u32 | count u32 |
 *      +------------+------------+-----------+
 */
export const REGION_ACCESS_BYTES = 16;
export const REGION_ACCESS_OFFSET = 0;
export const REGION_ACCESS_REGION = 8;
export const REGION_ACCESS_COUNT = 12;

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

export const VFIO_USER_VERSION = 1;
export const VFIO_USER_DMA_MAP = 2;
export const VFIO_USER_DMA_UNMAP = 3;
export const VFIO_USER_DEVICE_GET_INFO = 4;
export const VFIO_USER_DEVICE_GET_REGION_INFO = 5;
export const VFIO_USER_DEVICE_GET_REGION_IO_FDS = 6;
export const VFIO_USER_DEVICE_GET_IRQ_INFO = 7;
export const VFIO_USER_DEVICE_SET_IRQS = 8;
export const VFIO_USER_DMA_READ = 11;
export const VFIO_USER_DMA_WRITE = 12;
export const VFIO_USER_DEVICE_RESET = 13;
export const VFIO_USER_REGION_WRITE_MULTI = 15;
export const VFIO_USER_DEVICE_FEATURE = 16;

/** Errors of errno.h that a server answers with. */
export const ENOENT = 2;
export const EBUSY = 16;
export const EEXIST = 17;
export const EINVAL = 22;
export const ENOTTY = 25;
export const ENOSPC = 28;
export const EOPNOTSUPP = 95;

export const VFIO_DEVICE_FLAGS_PCI = 2;
export const VFIO_REGION_INFO_FLAG_READ = 1;
export const VFIO_REGION_INFO_FLAG_WRITE = 2;

export const VFIO_PCI_NUM_REGIONS = 9;
export const VFIO_PCI_NUM_IRQS = 5;
export const VFIO_PCI_CONFIG_REGION_INDEX = 7;

/** One write of a REGION_WRITE_MULTI: offset u64, region u32, count u32, data u64. */
export const WRITE_MULTI_ENTRY_BYTES = 24;
export const WRITE_MULTI_MOST_BYTES = 8;

/** What one message may move where nobody says otherwise. */
export const DEFAULT_MAX_DATA_XFER_SIZE = 2 ** 20;

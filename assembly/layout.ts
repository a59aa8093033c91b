/**
 * The memory layout that AssemblyScript and TypeScript share, and nothing else: plain constants below 2^31.
 *
 * A device lives in one *state block* of linear memory. Offsets below count bytes from the block's base.
 * The block holds four tables with one entry per configuration byte, so that an access of any width finds
 * value, writable mask, write-1-clear mask and quirk at the same offset in each.
 */

// The tables are 4096 bytes each, set apart by 128 more: at a distance of exactly 4096 bytes a store to one
// table and a load from the next share their low 12 address bits, which stalls the load (4K aliasing).
/** Visible bytes: what a read returns. */
export const CONFIG_VALUE = 0;
/** Bits that a write changes. */
export const CONFIG_WRITABLE = 4224;
/** Bits that writing a one clears (RW1C). */
export const CONFIG_W1C = 8448;
/** 0: the masked write is all there is. Otherwise a QUIRK_ code sends the write down its own path. */
export const CONFIG_QUIRK = 12672;
/** Capability id that owns the byte (vfio-pci-core's map): 0 header, MAP_UNASSIGNED none. */
export const CONFIG_MAP = 16896;

/** u32: size of configuration space in bytes, 256 or 4096. */
export const CONFIG_SIZE = 21120;
/** u32: aligned reads below this offset are plain loads; 0 sends every read down the general path. */
export const FAST_READ_LIMIT = 21124;
/** u32: one of POLICY_. */
export const POLICY = 21128;
/** u32: 1 where the BARs are virtualised lazily, as vfio-pci-core does (see policy/core). */
export const LAZY_BARS = 21132;
/** u32: 1 when a BAR was written since the last lazy fix-up. */
export const BARS_DIRTY = 21136;
/** u32: 1 for an SR-IOV virtual function. */
export const VIRTUAL_FUNCTION = 21140;
/** u32: ROM BAR size in bytes, 0 none. */
export const ROM_SIZE = 21144;
/** u32: errno of the last register access that failed through the value-returning call, 0 none. */
export const LAST_ERRNO = 21148;
/** u32: address of the next free frame relative to the zero frame. */
export const NEXT_FRAME = 21152;
/** u32: bytes left for frames. */
export const FRAME_BYTES_LEFT = 21156;
/** u32: 1 after a reset until the first access has found the device ready (the driver's reset_done). */
export const RESET_PENDING = 21160;
/** u32: what the C2C status register reads, READY when the link is up. */
export const C2C_STATUS = 21164;
/** u32: what the HBM training register reads, READY when memory is trained. */
export const HBM_TRAINING = 21168;
/** u32: 1 where an uncached region returns the whole count and fills the tail, as nvgrace-gpu intends to. */
export const RESMEM_INTENDED = 21172;
/** u32: config offset of the power management capability, 0 none. */
export const PM_OFFSET = 21176;
/** u32: COMMAND as the virtio driver keeps it, from the writes that it sees; 0 after every reset. */
export const VIRTIO_COMMAND = 21180;

/** Six physical BARs of BAR_BYTES each. */
export const BARS = 21184;
export const BAR_BYTES = 16;
/** u32 in a BAR: one of BAR_. */
export const BAR_KIND = 0;
/** u32 in a BAR: 1 prefetchable. */
export const BAR_PREFETCHABLE = 4;
/** u64 in a BAR: size in bytes, a power of two. */
export const BAR_SIZE = 8;

/** u32: 1 where a reset makes the next access to GPU memory check that the device is ready. */
export const READINESS_CHECKED = 21280;

/** Two u64: sizes of the BARs that policies nvgrace and v13 emulate at 0x18 and 0x20; 0 not emulated. */
export const EMULATED_BAR_SIZES = 21312;
/**
 * 16 bytes beside the tables, where a policy keeps a second view. nvgrace: what vfio-pci-core itself would show at
 * 0x18…0x27, behind the emulated BARs. v13: the two registers that it emulates. virtio: the COMMAND byte of the core.
 */
export const SHADOW_VALUE = 21328;
/** 16 bytes, nvgrace: the writable mask of that view. */
export const SHADOW_WRITABLE = 21344;
/** 16 bytes where the core assembles a value of up to 8 bytes. */
export const SCRATCH = 21360;

/** Ten regions in VFIO numbering (BAR0–5, ROM, config, VGA; one spare), REGION_BYTES each. */
export const REGIONS = 21376;
export const REGION_BYTES = 64;
/** u32 in a region: one of BACKING_. */
export const REGION_BACKING = 0;
/** u64 in a region: size of the BAR, a power of two. */
export const REGION_BAR_SIZE = 8;
/** u64 in a region: memlength, the bytes that memory really answers for. */
export const REGION_MEMLENGTH = 16;
/** u32 in a region: flat: address of its memory; sparse: address of the zero frame. */
export const REGION_BASE = 24;
/** u32 in a region: sparse: address of the page map, one u32 a page: frame address relative to the zero frame. */
export const REGION_PAGE_MAP = 28;
/** u32 in a region: log2 of the page size in bytes. */
export const REGION_PAGE_SHIFT = 32;
/** Two u64 in a region: the exclusion window, which reads 0xff and drops writes; both 0 none. */
export const REGION_WINDOW_START = 40;
export const REGION_WINDOW_END = 48;
/** u32 in a region: one of RULES_. */
export const REGION_RULES = 56;
/** u32 in a region: widest access in bytes, where vfio-pci-core plans the accesses. */
export const REGION_MAX_WIDTH = 60;

/** TRANSLATIONS u32: addresses that a batch has translated ahead of their accesses. */
export const TRANSLATED = 22016;
/** Enough to keep every miss that the processor can have in flight going, few enough to stay in its first cache. */
export const TRANSLATIONS = 64;
/** Bytes of frames in use above which a batch translates ahead: what outgrows the caches. */
export const TRANSLATE_AHEAD_FROM = 16777216;

/** Size of a state block in bytes. */
export const STATE_BYTES = 22272;

export const POLICY_STRICT = 0;
export const POLICY_CORE = 1;
export const POLICY_NVGRACE = 2;
export const POLICY_PASSTHROUGH = 3;
export const POLICY_V13 = 4;
// The virtio policies are last, so that one compare tells them from the others.
export const POLICY_VIRTIO_FLAGS = 5;
export const POLICY_VIRTIO_FLAGS2 = 6;
export const POLICY_VIRTIO = 7;

export const BAR_NONE = 0;
export const BAR_IO = 1;
export const BAR_MEM32 = 2;
export const BAR_MEM64 = 3;

export const BACKING_NONE = 0;
export const BACKING_FLAT = 1;
export const BACKING_SPARSE = 2;

/** Plain memory: every region of a strict device; usemem, after its readiness check. */
export const RULES_MEMORY = 0;
/** resmem: bounds and readiness as RULES_MEMORY, its bytes move in planned accesses. */
export const RULES_UNCACHED = 1;
/** A physical memory BAR behind vfio_pci_bar_rw: planned accesses while memory decoding is on, -EIO while it is off. */
export const RULES_BAR = 2;
/** A physical I/O BAR: the same, whatever memory decoding is. */
export const RULES_IO_BAR = 3;
/** The expansion ROM: as RULES_BAR, read only. */
export const RULES_ROM = 4;
/** BAR 0 as policy virtio emulates it. */
export const RULES_VIRTIO = 5;

/** Some bits of the byte are write-1-clear. */
export const QUIRK_W1C = 1;
/** COMMAND under vfio-pci-core: a dword write there writes STATUS back as read, which clears its RW1C bits. */
export const QUIRK_CORE_COMMAND = 2;
/** A lazily virtualised BAR: stored verbatim, masked by the next read. */
export const QUIRK_LAZY_BAR = 4;
/** The policy looks at the whole request before the core does. */
export const QUIRK_REQUEST = 8;

export const MAP_HEADER = 0;
export const MAP_UNASSIGNED = 255;

/** Reset by the VFIO_DEVICE_RESET ioctl. */
export const RESET_IOCTL = 0;
/** Function level reset, written through the PCI Express capability. */
export const RESET_FLR = 1;
/** Hot reset of the bus. */
export const RESET_HOT = 2;

/** VFIO indexes of the expansion ROM, of configuration space, and of the last region that PCI devices have. */
export const ROM_REGION = 6;
export const CONFIG_REGION = 7;
export const VGA_REGION = 8;

/** The one value of C2C_STATUS and HBM_TRAINING that means ready. */
export const READY = 255;

export const EIO = 5;
export const ENOMEM = 12;
export const EFAULT = 14;
export const EINVAL = 22;
export const ETIME = 62;

/** Config offsets of the BARs that nvgrace-gpu emulates (device.md 1.1); v13 has one, at the first. */
export const RESMEM_BAR_OFFSET = 24;
export const USEMEM_BAR_OFFSET = 32;
/** Config offset of the I/O BAR that the virtio driver emulates, and its size in bytes (device.md 4). */
export const VIRTIO_BAR_OFFSET = 16;
export const VIRTIO_BAR_BYTES = 32;

// One packed access: 16 bytes.
/** u32: operation in bits 7:0, region index in 15:8, width in bytes in 23:16. */
export const ACCESS_CONTROL = 0;
/** u32: offset, low half. */
export const ACCESS_OFFSET_LOW = 4;
/** u32: offset, high half. */
export const ACCESS_OFFSET_HIGH = 8;
/** u32: value of a register write, or the count in bytes of a bulk operation. */
export const ACCESS_VALUE = 12;
export const ACCESS_BYTES = 16;

// Register operations, served by fast loops: `width` is 1, 2 or 4 bytes, in regions also 8. What is read enters
// the checksum; a write enters it with its return value. An 8-byte write repeats its value in both halves.
export const OP_CONFIG_READ = 0;
export const OP_CONFIG_WRITE = 1;
export const OP_REGION_READ = 2;
export const OP_REGION_WRITE = 3;
/** The same work straight on memory: the offset is an address in linear memory. */
export const OP_DIRECT_READ = 4;
export const OP_DIRECT_WRITE = 5;
/** Reads its own fields and accesses nothing: what the walk over packed accesses costs. */
export const OP_WALK = 6;

// Bulk operations on `value` bytes, between a region and the transfer buffer or inside the region.
export const OP_REGION_READ_BYTES = 7;
export const OP_REGION_WRITE_BYTES = 8;
/** The packed access after it holds the source offset. */
export const OP_REGION_COPY = 9;
/** Sets bytes to the one in `width`. */
export const OP_REGION_FILL = 10;
// The same straight on memory.
export const OP_DIRECT_READ_BYTES = 11;
export const OP_DIRECT_WRITE_BYTES = 12;
export const OP_DIRECT_COPY = 13;
export const OP_DIRECT_FILL = 14;
// One request of another process: `width` bytes, 0 to 255, between a region, configuration space among them, and the address
// in `value`, where the bytes done or a negative errno stand afterwards.
export const OP_TRANSFER_READ = 15;
export const OP_TRANSFER_WRITE = 16;

// The block of an agent: what it does on the shared memory, and where it stands. u32 unless said; 128 bytes, aligned to
// as many, so that no two agents share a line, nor the pair of lines that prefetchers take for one.
export const AGENT_BYTES = 128;
/** One of the KERNEL_ numbers. */
export const AGENT_KERNEL = 0;
/** 0 straight on memory; 1 through the device: checks and translation of every access. */
export const AGENT_EMULATED = 4;
export const AGENT_REGION = 8;
/** Linear address of the working range, which begins at AGENT_OFFSET of the region; its bytes are contiguous. */
export const AGENT_ADDRESS = 20;
/** u64: offset in the region. */
export const AGENT_OFFSET = 24;
/** Bytes of the range; of each array where a kernel has several. */
export const AGENT_SIZE = 32;
/** Bytes from one access to the next, and of one access: 64 or 128. */
export const AGENT_STRIDE = 36;
export const AGENT_LINE = 40;
/** Where the kernel goes on: a byte of the range, a turn, or an index, as the kernel has it. */
export const AGENT_CURSOR = 44;
/** u32: what was read, so that nobody can leave it out. */
export const AGENT_CHECKSUM = 48;
/** Attempts of a compare-and-swap that lost; payloads that were not whole. */
export const AGENT_FAILURES = 52;
/** Address of a word that ends waiting when it is not 0. */
export const AGENT_STOP = 56;
/** Address and entries (a power of two) of a table: what a mix accesses, u32 each; packed accesses that are requested. */
export const AGENT_TABLE = 60;
export const AGENT_TABLE_ENTRIES = 64;
/** Of an entry of a mix: that the word is incremented, not read. The bits below are a byte of the range. */
export const MIX_INCREMENTS = 1073741824;
/** Bytes of a message. */
export const AGENT_PAYLOAD = 68;
/** u64: state of the random numbers of GUPS. */
export const AGENT_RANDOM = 80;
/** Transfer buffer of the emulating agent. */
export const AGENT_BUFFER = 88;
/** Independent cursors of a chase: up to four, u32 each. */
export const AGENT_CHAINS = 96;
/** In their place, of STREAM: bytes of the range at which its arrays begin. */
export const AGENT_A = 96;
export const AGENT_B = 100;
export const AGENT_C = 104;

// Kernels. An operation is a line, a hop, a round trip, an increment, a message, an access.
export const KERNEL_READ = 0;
export const KERNEL_WRITE = 1;
export const KERNEL_COPY = 2;
export const KERNEL_SCALE = 3;
export const KERNEL_ADD = 4;
export const KERNEL_TRIAD = 5;
export const KERNEL_CHASE = 6;
export const KERNEL_CHASE_2 = 7;
export const KERNEL_CHASE_4 = 8;
export const KERNEL_PING_PONG_CAS = 9;
export const KERNEL_PING_PONG_ADD = 10;
export const KERNEL_COUNT_CAS = 11;
export const KERNEL_COUNT_ADD = 12;
export const KERNEL_PRODUCE = 13;
export const KERNEL_CONSUME = 14;
export const KERNEL_REQUEST = 15;
export const KERNEL_SERVE = 16;
export const KERNEL_MIX = 17;
export const KERNEL_GUPS = 18;
// A thread of a litmus test: its one access or two in each slot, once. An operation is a slot.
export const KERNEL_WRITE_READ = 19;
export const KERNEL_WRITE_WRITE = 20;
export const KERNEL_READ_READ = 21;
export const KERNEL_READ_WRITE = 22;
export const KERNEL_WRITE_ONE = 23;
export const KERNEL_ADD_ONE = 24;
/** Of 8 bytes. */
export const KERNEL_WRITE_LONG = 25;
export const KERNEL_READ_LONG = 26;

// Of litmus tests, whose slots lie AGENT_STRIDE bytes apart, in the place of what they do not have; u32 each.
/** Which access is atomic: bit 0 the first, bit 1 the second. */
export const LITMUS_ATOMIC = 92;
/** Byte of the range at which the first slot has the first access, and the second one. */
export const LITMUS_FIRST = 96;
export const LITMUS_SECOND = 100;
/** What they write; of 8 bytes both halves. */
export const LITMUS_FIRST_VALUE = 104;
export const LITMUS_SECOND_VALUE = 108;
/** AGENT_BUFFER is where this thread leaves what it reads: so many bytes a slot, a word for each access. */
export const LITMUS_REGISTER_BYTES = 8;

// A message: flag, acknowledgement and payload stand on lines of their own.
export const MESSAGE_FLAG = 0;
export const MESSAGE_ACK = 128;
export const MESSAGE_PAYLOAD = 256;

// A ring of requests: the next ticket, then slots (AGENT_SIZE bytes of them) on lines of their own. In round r of the
// ring a slot's sequence is 3 r while it is free, 3 r + 1 with a request in it, 3 r + 2 with the answer.
export const RING_TICKET = 0;
export const RING_SLOTS = 128;
export const SLOT_BYTES = 128;
export const SLOT_SEQUENCE = 0;
export const SLOT_ANSWER = 4;
/** A packed access. */
export const SLOT_ACCESS = 16;

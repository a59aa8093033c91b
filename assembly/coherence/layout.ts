/**
 * The memory of a simulation, which AssemblyScript and TypeScript share, and nothing else: plain constants below 2^31.
 * Both work on one block of memory and leave every byte of it the same. Offsets count bytes; times are picoseconds, whole
 * numbers in an f64.
 */

// The head of the block.
/** f64: time of the last event, or of what was begun last. Agents begin ahead of events, so that it can go back. */
export const NOW = 0;
/** f64: events so far, which is also the sequence number of the next one. */
export const SEQUENCE = 8;
/** u32: hash of all events so far but begins of accesses, in their order. */
export const TRACE_HASH = 16;
/** u32: first transaction that is free, or 0. */
export const FREE_SLOT = 24;
/** u32: the agent whose accesses ran out (STOP_REFILL). */
export const STOPPED_AGENT = 28;
/** u32: number of agents, the cores first. */
export const AGENT_COUNT = 32;
export const CORE_COUNT = 36;
/** u32: one bit each, ABLE_. */
export const ABLE = 40;
/** u32: lines that the directory knows, and places for them less one (a power of two less one). */
export const DIRECTORY_USED = 44;
export const DIRECTORY_MASK = 48;
/** f64: accesses that are done, of all agents. */
export const DONE = 56;
/** u32: transactions that are free. */
export const FREE_COUNT = 104;
/** u32: why the run stopped, STOP_. */
export const STOP = 108;
/** u32: where it met a pair that the tables do not have: side or 2 of a home, state or request, event or view. */
export const STOPPED_AT = 112;
/** u32: transactions that one event can take. */
export const EVENT_SLOTS = 116;

// Addresses of what follows, u32.
export const AGENTS_AT = 76;
export const SLOTS_AT = 80;
export const DIRECTORY_AT = 84;
export const CPU_RULES_AT = 88;
export const GPU_RULES_AT = 92;
export const HOME_RULES_AT = 96;

/** f64: time that all accesses together spent on each of PART_. */
export const PARTS = 128;
export const PART_CACHE = 0;
export const PART_FABRIC = 1;
export const PART_LINK_QUEUE = 2;
export const PART_LINK_BYTES = 3;
export const PART_LINK_DISTANCE = 4;
export const PART_HOME_QUEUE = 5;
export const PART_LINE_CLOSED = 6;
export const PART_SNOOPS = 7;
export const PART_MEMORY_QUEUE = 8;
export const PART_MEMORY = 9;
export const PART_ATOMIC = 10;
/** Of accesses that ended with another's. */
export const PART_MERGED = 11;
export const PART_COUNT = 12;

/** Events that wait: of agents that go on, and all others. */
export const ISSUES = 224;
export const MESSAGES = 240;
/** u32: how many. */
export const QUEUE_LENGTH = 0;
/** u32: where their times are (f64; where there is no event the first is infinity), their keys (f64), their slots (u32). */
export const QUEUE_TIMES_AT = 4;
export const QUEUE_KEYS_AT = 8;
export const QUEUE_SLOTS_AT = 12;

// Sides: the CPU and its memory, the GPU and its memory. A block of SIDE_BYTES each.
export const SIDES = 256;
export const SIDE_BYTES = 256;
/** f64: one way between an agent and the home of its side. */
export const SIDE_HOP = 0;
/** f64: time between two accesses of one agent, after one that is no store of a stream and after one that is. */
export const SIDE_ISSUE = 8;
export const SIDE_STREAM_ISSUE = 208;
/** f64: hits of the first and, of cores, the second level. */
export const SIDE_HIT_1 = 16;
export const SIDE_HIT_2 = 24;
/** f64: a slice is busy with a request. */
export const SIDE_OCCUPANCY = 32;
/** f64: how long an atomic takes, beyond a hit of the home's cache, and how long its line is busy with it. */
export const SIDE_ATOMIC_LATENCY = 200;
export const SIDE_ATOMIC = 40;
/** f64: memory beyond the home's cache. */
export const SIDE_MEMORY = 48;
export const SIDE_READ_SERVICE = 56;
export const SIDE_WRITE_SERVICE = 64;
/** f64: on accesses from the other side that go to memory. */
export const SIDE_FAR_EXTRA = 72;
/** f64: when the link that leaves from here is free. */
export const SIDE_LINK_FREE = 80;
/** f64: bytes that have left. */
export const SIDE_LINK_BYTES = 88;
/** f64: when a message of each of SIZE_ has left. */
export const SIDE_LINK_TIMES = 96;
/** f64: the way across. */
export const SIDE_LINK_DISTANCE = 128;
/** u32: slices and channels, and where their times (f64, when free) are. */
export const SIDE_SLICES = 136;
export const SIDE_CHANNELS = 140;
export const SIDE_SLICES_AT = 144;
export const SIDE_CHANNELS_AT = 148;
/** u32: the home's cache: sets, ways, and where its tags are. */
export const SIDE_SETS = 152;
export const SIDE_WAYS = 156;
export const SIDE_TAGS_AT = 160;
/** u32: caches of agents of this side. */
export const SIDE_SETS_1 = 164;
export const SIDE_WAYS_1 = 168;
export const SIDE_SETS_2 = 172;
export const SIDE_WAYS_2 = 176;
/** u32 each: bytes of a message of each of SIZE_. */
export const SIDE_LINK_SIZES = 180;

/** Messages by how many bytes they have on the link. */
export const SIZE_REQUEST = 0;
export const SIZE_RESPONSE = 1;
export const SIZE_READ_DATA = 2;
export const SIZE_WRITE_DATA = 3;

export const ABLE_CPU_CACHES_DEVICE = 1;
export const ABLE_CPU_ATOMICS_FAR = 2;

/** One agent. */
export const AGENT_BYTES = 192;
/** u32: 0 of the CPU, 1 of the GPU. */
export const AGENT_SIDE = 0;
/** u32: accesses that are on their way, and how many may be. */
export const AGENT_READS = 4;
export const AGENT_WRITES = 8;
export const AGENT_MAX_READS = 12;
export const AGENT_MAX_WRITES = 16;
/** u32: where accesses are (ACCESS_BYTES each), how many, and how many were begun. */
export const AGENT_ACCESSES_AT = 20;
export const AGENT_ACCESS_COUNT = 24;
export const AGENT_CURSOR = 28;
/** u32: 1 where more accesses can be asked for. */
export const AGENT_REFILLS = 32;
/** u32: 1 where it waits for an access of its own to end. */
export const AGENT_WAITS = 36;
/** u32: how far a mixed line is shifted to be the number of its bucket. */
export const AGENT_BUCKET_SHIFT = 40;
/** u32: tags of its caches. */
export const AGENT_TAGS_1_AT = 44;
export const AGENT_TAGS_2_AT = 48;
export const AGENT_STATES_AT = 52;
/** u32: buckets of its transactions by line, of each the first (u32) or 0. */
export const AGENT_BUCKETS_AT = 56;
/** u32: 1 where a compare-and-swap of its own was tried, and found the wrong word. */
export const AGENT_TRIES = 60;
/** f64: when it may begin its next access, began its last, and its last one so far will have ended. */
export const AGENT_READY = 64;
export const AGENT_LAST_BEGIN = 72;
export const AGENT_LAST_END = 80;
/** f64: accesses done, the sum of their latencies. */
export const AGENT_DONE = 88;
export const AGENT_LATENCY = 96;
/** f64: when that was tried first. */
export const AGENT_FIRST_TRY = 104;
/** f64: hits of the first level, of the second. */
export const AGENT_HITS_1 = 112;
export const AGENT_HITS_2 = 120;
/** f64: tries of a compare-and-swap that failed. */
export const AGENT_FAILED = 128;
/** f64: the longest. */
export const AGENT_MAX_LATENCY = 136;
/** u32: hash of its begins, in their order. */
export const AGENT_TRACE = 144;
/** u32: replies and snoops that are to arrive here, of those that are in the queue. */
export const AGENT_ARRIVALS = 148;
/** f64: no such arrives before this; infinity where there is none. */
export const AGENT_NEXT_ARRIVAL = 152;
/** u32: accesses whose places in memory were read ahead, and what was there, mixed: nobody needs it. */
export const AGENT_READ_AHEAD = 160;
export const AGENT_READ_MIX = 164;

/** One access: its line, and what is done to it. */
export const ACCESS_BYTES = 8;
export const ACCESS_LINE = 0;
/** u32: ACCESS_ operation in bits 0 to 3, flags, time after the last begin in bits 8 to 31 (ps). */
export const ACCESS_WHAT = 4;
export const ACCESS_LOAD = 0;
export const ACCESS_STORE = 1;
/** Of a whole line that is not read again soon. */
export const ACCESS_STREAM = 2;
export const ACCESS_ADD = 3;
/** Compare-and-swap until it succeeds: it wants an even word, or an odd one. */
export const ACCESS_SWAP_EVEN = 4;
export const ACCESS_SWAP_ODD = 5;
export const ACCESS_ACQUIRE = 6;
export const ACCESS_OPERATION = 15;
/** Begins when all accesses before it have ended. */
export const ACCESS_DEPENDS = 16;
export const ACCESS_GAP_SHIFT = 8;

/** One transaction, a snoop, or a message on its way. Slot 0 is nobody's. */
export const SLOT_BYTES = 128;
/** u32: next of the free ones, or of those that wait for a line: the last is followed by the first. */
export const SLOT_NEXT = 0;
export const SLOT_AGENT = 4;
export const SLOT_LINE = 8;
/** u32: the request, or the snoop, as a message. */
export const SLOT_MESSAGE = 12;
/** u32: state of the line here, where there is no room for it in the cache. */
export const SLOT_STATE = 16;
/** u32: the access, ACCESS_WHAT. */
export const SLOT_WHAT = 20;
/** u32: other accesses that end with this one. */
export const SLOT_MERGED = 24;
/** u32: its neighbours in their bucket. */
export const SLOT_BEFORE = 32;
export const SLOT_AFTER = 36;
/** u32: of a snoop, the transaction that it is for. */
export const SLOT_PARENT = 40;
/** u32: answers that are awaited. */
export const SLOT_AWAITED = 44;
/** u32: the home's rule. */
export const SLOT_RULE = 48;
/** u32: 1 where an answer brought data. */
export const SLOT_HAS_DATA = 52;
/** u32: reply, as a message. */
export const SLOT_REPLY = 56;
/** u32: word that was found (atomics). */
export const SLOT_FOUND = 60;
/** u32: on the link: event at the other end, side that it leaves from, SIZE_. */
export const SLOT_EVENT = 64;
export const SLOT_FROM = 68;
export const SLOT_SIZE = 72;
/** u32: 1 of an access, whose parts are added up. */
export const SLOT_COUNTS = 76;
/** u32: the way behind the link. */
export const SLOT_HOP_AFTER = 80;
/** f64: when it began, when it last began to wait. */
export const SLOT_BEGIN = 88;
export const SLOT_SINCE = 96;
/** f64: begins of merged accesses, added up. */
export const SLOT_MERGED_BEGINS = 104;
/** u32: 1 while it counts against the accesses that an agent has on their way: 1 as a read, 2 as a write. */
export const SLOT_OUTSTANDING = 112;

/** One line in the directory: half a line of the host's cache, all zero where there is none. */
export const RECORD_BYTES = 32;
/** u32: line + 1, modulo 2^32. */
export const RECORD_LINE = 0;
/** u32: a bit for each core that has a copy. */
export const RECORD_HOLDERS = 4;
/** u32: of the transactions that wait the last, whose SLOT_NEXT is the first; 0 where none waits. */
export const RECORD_LAST = 16;
/** u32: HELD_ in its lowest bits, above them the word that atomics work on, modulo 2^30. */
export const RECORD_HELD = 20;
export const RECORD_WORD_SHIFT = 2;
/** f64: when the line is open for the next request; less than 0, the transaction that is served, where that is not known. */
export const RECORD_OPENS = 24;
export const HOLDER_WORDS = 3;
export const HELD_NOBODY = 0;
export const HELD_SHARED = 1;
export const HELD_EXCLUSIVE = 2;
export const HELD = 3;

/** Lines of GPU memory have this bit, which is written as a shift: 2^31 is no constant here. */
export const GPU_LINE_SHIFT = 31;

// A rule of a cache, in 16 bits.
export const RULE_NEXT = 15;
/** The message that is sent, and 1. */
export const RULE_SEND_SHIFT = 4;
export const RULE_SEND = 31;
export const RULE_FILLS = 512;
export const RULE_PERFORMS = 1024;
export const RULE_ACKNOWLEDGES = 2048;
/** There is a rule. */
export const RULE_IS = 4096;

// A rule of a home.
export const HOME_REPLY = 31;
/** 0 none, 1 SnpShared, 2 SnpUnique. */
export const HOME_SNOOP_SHIFT = 5;
export const HOME_SNOOP = 3;
export const HOME_ASKS_ALL = 128;
export const HOME_WAITS = 256;
/** 0 nothing, 1 bytes, 2 an atomic, 3 a line. */
export const HOME_MERGES_SHIFT = 9;
export const HOME_MERGES = 3;
/** NEXT_ */
export const HOME_NEXT_SHIFT = 11;
export const HOME_NEXT = 7;
export const NEXT_SAME = 0;
export const NEXT_NOBODY = 1;
export const NEXT_EXCLUSIVE = 2;
export const NEXT_ADD = 3;
export const NEXT_REMOVE = 4;
export const NEXT_SHARED = 5;
export const MERGE_NOTHING = 0;
export const MERGE_ATOMIC = 2;
export const HOME_UNTIL_ACK = 16384;
export const HOME_HAS_DATA = 32768;
export const HOME_IS = 65536;

// Kinds of events, which at one time happen in this order.
export const EVENT_LINK = 0;
export const EVENT_ANSWER = 1;
export const EVENT_ACKNOWLEDGE = 2;
export const EVENT_OPEN = 3;
export const EVENT_REQUEST = 4;
export const EVENT_SNOOP = 5;
export const EVENT_REPLY = 6;
export const EVENT_ISSUE = 7;

// The words of the protocol, as src/coherence/protocol/ numbers them.
export const STATE_I = 0;
export const STATE_S = 1;
export const STATE_M = 3;
export const STATE_IS_D = 4;
export const STATE_IM_AD = 5;
export const STATE_SM_AD = 6;
export const STATE_S_A = 12;
export const STATE_V = 1;
export const STATE_IV_D = 2;
export const DO_LOAD = 0;
export const DO_STORE = 1;
export const DO_STREAM = 2;
export const DO_LOAD_UNCACHED = 3;
export const DO_ATOMIC_NEAR = 4;
export const DO_ATOMIC_FAR = 5;
export const DO_EVICT = 6;
export const DO_ACQUIRE = 7;
export const DO_COUNT = 15;
export const MESSAGE_WRITE_UNIQUE = 4;
export const MESSAGE_ATOMIC = 5;
export const MESSAGE_WRITE_BACK = 6;
export const MESSAGE_SNP_SHARED = 8;
export const MESSAGE_SNP_RESP_DATA = 11;
/** A reply as an event: its message less this. Snoops are the same as both. */
export const REPLY_LESS = 2;
export const VIEW_COUNT = 5;
export const VIEW_NOBODY = 0;
export const VIEW_SHARED_OWN = 1;
export const VIEW_SHARED = 2;
export const VIEW_OWN = 3;
export const VIEW_OTHER = 4;

// Why a run stopped.
/** Nothing is left to happen. */
export const STOP_DONE = 0;
/** An agent has begun all accesses that it was given, and more can be asked for. */
export const STOP_REFILL = 1;
/** As many events as were asked for. */
export const STOP_EVENTS = 2;
/** The directory needs a larger place. */
export const STOP_DIRECTORY = 3;
/** More is on its way than there is room for. */
export const STOP_SLOTS = 4;
/** A pair of state and event that the tables do not have. */
export const STOP_UNREACHABLE = 5;
/** A compare-and-swap that can never succeed, for nothing else is left to happen. */
export const STOP_STUCK = 6;

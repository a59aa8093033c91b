// Kernels of one agent on lines of its own: reads and writes in order and with a stride, and the four of STREAM. An
// operation is a line.
#include "agent-place.h"
#include "agent-kernels.h"

/** Factor of scale and triad. */
#define SCALAR 3.0

typedef uint32_t Words __attribute__((vector_size(16)));
typedef double Doubles __attribute__((vector_size(16)));

static inline Words loadWords(const uint8_t *at) {
  Words words;
  memcpy(&words, at, sizeof words);
  return words;
}

static inline Doubles loadDoubles(const uint8_t *at) {
  Doubles doubles;
  memcpy(&doubles, at, sizeof doubles);
  return doubles;
}

static inline void storeDoubles(uint8_t *at, Doubles doubles) {
  memcpy(at, &doubles, sizeof doubles);
}

struct Shape {
  uint32_t size, stride, line;
};

static struct Shape shapeOf(const struct Agent *agent) {
  return (struct Shape){fieldOf(agent, AGENT_SIZE), fieldOf(agent, AGENT_STRIDE), fieldOf(agent, AGENT_LINE)};
}

/** The line after `at`: a stride on; behind the end, the first line that was not touched yet, or the first of all. */
static inline uint32_t nextLine(uint32_t at, struct Shape shape) {
  const uint32_t next = at + shape.stride;
  if (next < shape.size) return next;
  const uint32_t first = at % shape.stride + shape.line;
  return first < shape.stride ? first : 0;
}

SPECIALISED void readLines(struct Agent *agent, uint32_t operations, bool emulated) {
  const struct Shape shape = shapeOf(agent);
  uint32_t at = fieldOf(agent, AGENT_CURSOR);
  Words sum = {0};
  for (uint32_t i = 0; i < operations; i++) {
    const uint8_t *const from = toRead(agent, at, shape.line, emulated);
    for (uint32_t sector = 0; sector < shape.line; sector += 32) {
      sum += loadWords(from + sector) + loadWords(from + sector + 16);
    }
    at = nextLine(at, shape);
  }
  store32(agent->block + AGENT_CURSOR, at);
  store32(agent->block + AGENT_CHECKSUM, fieldOf(agent, AGENT_CHECKSUM) + sum[0] + sum[1] + sum[2] + sum[3]);
}

/** Each word of a line becomes the number of the writes up to this one, which is kept as the checksum. */
SPECIALISED void writeLines(struct Agent *agent, uint32_t operations, bool emulated) {
  const struct Shape shape = shapeOf(agent);
  uint32_t at = fieldOf(agent, AGENT_CURSOR);
  uint32_t written = fieldOf(agent, AGENT_CHECKSUM);
  for (uint32_t i = 0; i < operations; i++) {
    uint8_t *const to = toWrite(agent, at, shape.line, emulated);
    written++;
    const Words value = {written, written, written, written};
    for (uint32_t sector = 0; sector < shape.line; sector += 32) {
      memcpy(to + sector, &value, sizeof value);
      memcpy(to + sector + 16, &value, sizeof value);
    }
    at = nextLine(at, shape);
  }
  store32(agent->block + AGENT_CURSOR, at);
  store32(agent->block + AGENT_CHECKSUM, written);
}

/** Arrays a, b and c: c = a, b = 3 c, c = a + b, a = b + 3 c, in doubles. */
SPECIALISED void streamArrays(struct Agent *agent, uint32_t kernel, uint32_t operations, bool emulated) {
  const struct Shape shape = shapeOf(agent);
  const uint32_t line = shape.line;
  const uint32_t atA = fieldOf(agent, AGENT_A), atB = fieldOf(agent, AGENT_B), atC = fieldOf(agent, AGENT_C);
  uint32_t at = fieldOf(agent, AGENT_CURSOR);
  for (uint32_t i = 0; i < operations; i++) {
    if (kernel == KERNEL_COPY) {
      const uint8_t *const a = toRead(agent, at + atA, line, emulated);
      uint8_t *const c = toWrite(agent, at + atC, line, emulated);
      for (uint32_t k = 0; k < line; k += 16) storeDoubles(c + k, loadDoubles(a + k));
    } else if (kernel == KERNEL_SCALE) {
      const uint8_t *const c = toRead(agent, at + atC, line, emulated);
      uint8_t *const b = toWrite(agent, at + atB, line, emulated);
      for (uint32_t k = 0; k < line; k += 16) storeDoubles(b + k, SCALAR * loadDoubles(c + k));
    } else if (kernel == KERNEL_ADD) {
      const uint8_t *const a = toRead(agent, at + atA, line, emulated);
      const uint8_t *const b = toRead(agent, at + atB, line, emulated);
      uint8_t *const c = toWrite(agent, at + atC, line, emulated);
      for (uint32_t k = 0; k < line; k += 16) storeDoubles(c + k, loadDoubles(a + k) + loadDoubles(b + k));
    } else {
      const uint8_t *const b = toRead(agent, at + atB, line, emulated);
      const uint8_t *const c = toRead(agent, at + atC, line, emulated);
      uint8_t *const a = toWrite(agent, at + atA, line, emulated);
      for (uint32_t k = 0; k < line; k += 16) storeDoubles(a + k, loadDoubles(b + k) + SCALAR * loadDoubles(c + k));
    }
    at = nextLine(at, shape);
  }
  store32(agent->block + AGENT_CURSOR, at);
}

SPECIALISED void streams(struct Agent *agent, uint32_t kernel, uint32_t operations, bool emulated) {
  if (kernel == KERNEL_READ) readLines(agent, operations, emulated);
  else if (kernel == KERNEL_WRITE) writeLines(agent, operations, emulated);
  else if (kernel == KERNEL_COPY) streamArrays(agent, KERNEL_COPY, operations, emulated);
  else if (kernel == KERNEL_SCALE) streamArrays(agent, KERNEL_SCALE, operations, emulated);
  else if (kernel == KERNEL_ADD) streamArrays(agent, KERNEL_ADD, operations, emulated);
  else streamArrays(agent, KERNEL_TRIAD, operations, emulated);
}

static void runStreams(struct Agent *agent, uint32_t kernel, uint32_t operations, bool emulated) {
  if (emulated) streams(agent, kernel, operations, true);
  else streams(agent, kernel, operations, false);
}

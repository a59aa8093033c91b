#include "overlap.h"

#include "bytes.h"

static bool overlap(uint64_t bufferStart, uint64_t bufferCount, uint64_t registerStart, uint64_t registerCount,
             struct Overlap *result) {
  if (bufferStart <= registerStart && bufferStart + bufferCount > registerStart) {
    result->bufferOffset = (uint32_t)(registerStart - bufferStart);
    result->registerOffset = 0;
    result->count = (uint32_t)min64(registerCount, bufferStart + bufferCount - registerStart);
    return true;
  }
  if (bufferStart > registerStart && bufferStart < registerStart + registerCount) {
    result->bufferOffset = 0;
    result->registerOffset = (uint32_t)(bufferStart - registerStart);
    result->count = (uint32_t)min64(bufferCount, registerStart + registerCount - bufferStart);
    return true;
  }
  return false;
}

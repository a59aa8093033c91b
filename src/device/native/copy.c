// The C library's memmove and memset as they are: they are the reference that the strategies of assembly/copy.ts are
// measured against, so none is applied here.
#include "copy.h"

static void copyBytes(struct Device *device, uint32_t destination, uint32_t source, uint32_t count) {
  if (!isInMemory(device, destination, count) || !isInMemory(device, source, count)) return;
  memmove(addressOf(device, destination), addressOf(device, source), count);
}

static void fillBytes(struct Device *device, uint32_t destination, uint32_t byte, uint32_t count) {
  if (!isInMemory(device, destination, count)) return;
  memset(addressOf(device, destination), (int)(byte & 0xff), count);
}

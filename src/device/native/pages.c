#include "pages.h"

#include "checks.h"

static uint32_t pageBytesOf(const uint8_t *region) {
  return 1u << load32(region + REGION_PAGE_SHIFT);
}

static uint32_t memoryBytes(const uint8_t *region, uint64_t offset, uint32_t count) {
  if (!CHECKED) return count;
  const uint64_t memlength = load64(region + REGION_MEMLENGTH);
  return offset >= memlength ? 0 : (uint32_t)min64(count, memlength - offset);
}

/** The page-map entry of the page that holds `offset`, which lies below memlength. */
static uint8_t *pageEntry(const struct Device *device, const uint8_t *region, uint64_t offset) {
  const uint64_t pageIdx = offset >> load32(region + REGION_PAGE_SHIFT);
  return addressOf(device, load32(region + REGION_PAGE_MAP)) + pageIdx * 4;
}

static uint32_t addressToRead(const struct Device *device, const uint8_t *region, uint64_t offset) {
  const uint32_t base = load32(region + REGION_BASE);
  if (isFlat(region)) return base + (uint32_t)offset;
  return base + load32(pageEntry(device, region, offset)) + ((uint32_t)offset & (pageBytesOf(region) - 1));
}

static uint32_t contiguousBytes(const uint8_t *region, uint64_t offset) {
  if (isFlat(region)) return UINT32_MAX;
  const uint32_t pageBytes = pageBytesOf(region);
  return pageBytes - ((uint32_t)offset & (pageBytes - 1));
}

static uint32_t pieceToRead(const struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count) {
  const uint64_t memlength = load64(region + REGION_MEMLENGTH);
  if (CHECKED && (offset >= memlength || count - 1 >= memlength - offset)) return 0;
  return count <= contiguousBytes(region, offset) ? addressToRead(device, region, offset) : 0;
}

static uint32_t pieceToWrite(const struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count) {
  const uint32_t piece = pieceToRead(device, region, offset, count);
  if (isFlat(region)) return piece;
  // The zero frame lies at the base, before all others.
  return piece >= load32(region + REGION_BASE) + pageBytesOf(region) ? piece : 0;
}

static uint32_t bytesBefore(const uint8_t *region, uint64_t end) {
  if (isFlat(region)) return UINT32_MAX;
  return ((uint32_t)(end - 1) & (pageBytesOf(region) - 1)) + 1;
}

static uint64_t nextPage(const uint8_t *region, uint64_t offset) {
  const uint32_t shift = load32(region + REGION_PAGE_SHIFT);
  return ((offset >> shift) + 1) << shift;
}

static uint64_t missingBytes(const struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count) {
  if (count == 0) return 0;
  const uint8_t *const last = pageEntry(device, region, offset + count - 1);
  uint64_t pages = 0;
  for (const uint8_t *entry = pageEntry(device, region, offset); entry <= last; entry += 4) {
    if (load32(entry) == 0) pages++;
  }
  return pages * pageBytesOf(region);
}

static void takeFrame(uint8_t *s, uint8_t *entry, uint32_t pageBytes) {
  const uint32_t frame = load32(s + NEXT_FRAME);
  store32(entry, frame);
  store32(s + NEXT_FRAME, frame + pageBytes);
  store32(s + FRAME_BYTES_LEFT, load32(s + FRAME_BYTES_LEFT) - pageBytes);
}

static void takeFrames(struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count) {
  if (count == 0) return;
  const uint8_t *const last = pageEntry(device, region, offset + count - 1);
  for (uint8_t *entry = pageEntry(device, region, offset); entry <= last; entry += 4) {
    if (load32(entry) == 0) takeFrame(device->state, entry, pageBytesOf(region));
  }
}

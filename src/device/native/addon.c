// The ABI of the addon: `open(memory, stateBlock)` gives an object with the functions of one device. Numbers go in and
// out; addresses are byte addresses in `memory`, a Uint8Array over private or shared linear memory that never grows.
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdlib.h>

#include "access-batch.h"
#include "agent.h"
#include "config-space.h"
#include "copy.h"
#include "device.h"
#include "io.h"
#include "overlap.h"
#include "red-zones.h"
#include "region.h"

#define MAX_ARGUMENTS 5
/** Offsets are exact below this. */
#define MAX_SAFE_OFFSET 9007199254740992.0

/** One call from JavaScript on its way through a device. */
struct Call {
  napi_env env;
  struct Device *device;
  double arguments[MAX_ARGUMENTS];
};

/** Takes `count` numbers from the call. Where one is none, a TypeError is pending and nothing may follow. */
static bool enter(napi_env env, napi_callback_info info, size_t count, struct Call *call) {
  napi_value values[MAX_ARGUMENTS];
  void *device;
  size_t given = count;
  call->env = env;
  if (napi_get_cb_info(env, info, &given, values, NULL, &device) != napi_ok) return false;
  call->device = device;
  for (size_t i = 0; i < count; i++) {
    if (napi_get_value_double(env, values[i], &call->arguments[i]) == napi_ok) continue;
    napi_throw_type_error(env, NULL, "native device: expected numbers only");
    return false;
  }
  setRedZones(call->device, true);
  return true;
}

/** Ends a call. @returns whether its answer counts; where not, a RangeError is pending. */
static bool leave(struct Call *call) {
  setRedZones(call->device, false);
  if (!call->device->leftMemory) return true;
  call->device->leftMemory = false;
  napi_throw_range_error(call->env, NULL, "native device: an address leaves linear memory");
  return false;
}

static napi_value integer(struct Call *call, int64_t value) {
  napi_value result = NULL;
  if (leave(call)) napi_create_int64(call->env, value, &result);
  return result;
}

static napi_value nothing(struct Call *call) {
  leave(call);
  return NULL;
}

/** Low 32 bits, as JavaScript's `>>> 0`; what is no integer in reach gives all ones, which no device accepts. */
static uint32_t u32(const struct Call *call, size_t argumentIdx) {
  const double value = call->arguments[argumentIdx];
  return value > -MAX_SAFE_OFFSET && value < MAX_SAFE_OFFSET ? (uint32_t)(int64_t)value : UINT32_MAX;
}

/** An offset in configuration space. What is outside 32 bits lies behind its end. */
static uint32_t configOffset(const struct Call *call, size_t argumentIdx) {
  const double value = call->arguments[argumentIdx];
  return value >= 0 && value <= UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

/** An offset in a region. What is not below 2^53 lies behind the end of every BAR. */
static uint64_t regionOffset(const struct Call *call, size_t argumentIdx) {
  const double value = call->arguments[argumentIdx];
  return value >= 0 && value < MAX_SAFE_OFFSET ? (uint64_t)value : UINT64_MAX;
}

static napi_value onConfigRead(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 2, &call)) return NULL;
  return integer(&call, configRead(call.device, configOffset(&call, 0), u32(&call, 1)));
}

static napi_value onConfigWrite(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 3, &call)) return NULL;
  return integer(&call, configWrite(call.device, configOffset(&call, 0), u32(&call, 1), u32(&call, 2)));
}

static napi_value onConfigReadBytes(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 3, &call)) return NULL;
  return integer(&call, configReadBytes(call.device, configOffset(&call, 0), u32(&call, 1), u32(&call, 2)));
}

static napi_value onConfigWriteBytes(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 3, &call)) return NULL;
  return integer(&call, configWriteBytes(call.device, configOffset(&call, 0), u32(&call, 1), u32(&call, 2)));
}

static napi_value onRegionRead(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 4, &call)) return NULL;
  return integer(&call,
                 regionRead(call.device, u32(&call, 0), regionOffset(&call, 1), u32(&call, 2), u32(&call, 3)));
}

static napi_value onRegionWrite(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 4, &call)) return NULL;
  return integer(&call,
                 regionWrite(call.device, u32(&call, 0), regionOffset(&call, 1), u32(&call, 2), u32(&call, 3)));
}

static napi_value onRegionCopy(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 4, &call)) return NULL;
  return integer(
      &call, regionCopy(call.device, u32(&call, 0), regionOffset(&call, 1), regionOffset(&call, 2), u32(&call, 3)));
}

static napi_value onRegionFill(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 4, &call)) return NULL;
  return integer(&call,
                 regionFill(call.device, u32(&call, 0), regionOffset(&call, 1), u32(&call, 2), u32(&call, 3)));
}

static napi_value onReset(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 1, &call)) return NULL;
  reset(call.device, u32(&call, 0));
  return nothing(&call);
}

static napi_value onRunBatch(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 4, &call)) return NULL;
  return integer(&call, (int32_t)runBatch(call.device, u32(&call, 0), u32(&call, 1), u32(&call, 2), u32(&call, 3)));
}

static napi_value onRunAgent(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 2, &call)) return NULL;
  return integer(&call, runAgent(call.device, u32(&call, 0), u32(&call, 1)));
}

static napi_value onChunkWidth(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 2, &call)) return NULL;
  const uint32_t offset = configOffset(&call, 0);
  if (offset >= load32(call.device->state + CONFIG_SIZE)) {
    call.device->leftMemory = true;
    return nothing(&call);
  }
  return integer(&call, chunkWidth(call.device, offset, u32(&call, 1)));
}

/** Writes buffer offset, count and register offset of the intersection to the last argument; 0 where there is none. */
static napi_value onOverlap(napi_env env, napi_callback_info info) {
  struct Call call;
  struct Overlap met;
  if (!enter(env, info, 5, &call)) return NULL;
  if (!overlap(u32(&call, 0), u32(&call, 1), u32(&call, 2), u32(&call, 3), &met)) return integer(&call, 0);
  const uint32_t result = u32(&call, 4);
  if (isInMemory(call.device, result, 12)) {
    uint8_t *const to = addressOf(call.device, result);
    store32(to, met.bufferOffset);
    store32(to + 4, met.count);
    store32(to + 8, met.registerOffset);
  }
  return integer(&call, 1);
}

/** The next step of an access plan; negative: bytes that the exclusion window hides. */
static napi_value onIoStep(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 5, &call)) return NULL;
  const uint64_t offset = regionOffset(&call, 0);
  const uint64_t count = regionOffset(&call, 1);
  const uint64_t windowEnd = regionOffset(&call, 3);
  const uint64_t fillable = ioFillable(offset, count, regionOffset(&call, 2), windowEnd);
  if (fillable == 0) return integer(&call, -(int64_t)ioHidden(offset, count, windowEnd));
  return integer(&call, ioWidth((uint32_t)offset, fillable, u32(&call, 4)));
}

static napi_value onCopyBytes(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 3, &call)) return NULL;
  copyBytes(call.device, u32(&call, 0), u32(&call, 1), u32(&call, 2));
  return nothing(&call);
}

/** Calls that do nothing, by number of arguments: what crossing to the addon costs. @returns the first argument */
#define EMPTY_OF(count)                                                      \
  static napi_value onEmptyOf##count(napi_env env, napi_callback_info info) { \
    struct Call call;                                                        \
    if (!enter(env, info, count, &call)) return NULL;                        \
    return integer(&call, u32(&call, 0));                                    \
  }
EMPTY_OF(2)
EMPTY_OF(3)
EMPTY_OF(4)

#ifdef BAROMETER_SANITIZER
/** Does what the sanitizers are there to catch: 0 leaves a table, 1 leaves the heap, 2 shifts too far. */
static napi_value onProvoke(napi_env env, napi_callback_info info) {
  struct Call call;
  if (!enter(env, info, 1, &call)) return NULL;
  const uint32_t fault = u32(&call, 0);
  if (fault == 0) storeWidth(call.device->state + CONFIG_WRITABLE - 4, 0, 4);
  if (fault == 1) store32((uint8_t *)call.device + sizeof *call.device, 0);
  return integer(&call, fault == 2 ? INT32_MAX << (fault + 30) : 0);
}
#endif

static const napi_property_descriptor FUNCTIONS[] = {
    {.utf8name = "configRead", .method = onConfigRead},
    {.utf8name = "configWrite", .method = onConfigWrite},
    {.utf8name = "configReadBytes", .method = onConfigReadBytes},
    {.utf8name = "configWriteBytes", .method = onConfigWriteBytes},
    {.utf8name = "regionRead", .method = onRegionRead},
    {.utf8name = "regionWrite", .method = onRegionWrite},
    {.utf8name = "regionCopy", .method = onRegionCopy},
    {.utf8name = "regionFill", .method = onRegionFill},
    {.utf8name = "reset", .method = onReset},
    {.utf8name = "runBatch", .method = onRunBatch},
    {.utf8name = "runAgent", .method = onRunAgent},
    {.utf8name = "chunkWidth", .method = onChunkWidth},
    {.utf8name = "overlap", .method = onOverlap},
    {.utf8name = "ioStep", .method = onIoStep},
    {.utf8name = "copyBytes", .method = onCopyBytes},
    {.utf8name = "emptyOf2", .method = onEmptyOf2},
    {.utf8name = "emptyOf3", .method = onEmptyOf3},
    {.utf8name = "emptyOf4", .method = onEmptyOf4},
#ifdef BAROMETER_SANITIZER
    {.utf8name = "provoke", .method = onProvoke},
#endif
};

static void release(napi_env env, void *device, void *hint) {
  (void)env;
  (void)hint;
  struct Device *const released = device;
  if (--released->owners == 0) free(released);
}

/**
 * A function bound to `device`. It holds the array, so that memory stays for as long as anything can reach it, in the
 * garbage collector's sight: finalizers run too late for a strong reference to be dropped in time.
 */
static bool bind(napi_env env, napi_value object, const napi_property_descriptor *entry, struct Device *device,
                 napi_value array) {
  napi_value function;
  if (napi_create_function(env, entry->utf8name, NAPI_AUTO_LENGTH, entry->method, device, &function) != napi_ok)
    return false;
  if (napi_set_named_property(env, function, "memory", array) != napi_ok) return false;
  if (napi_add_finalizer(env, function, device, release, NULL, NULL) != napi_ok) return false;
  device->owners++;
  return napi_set_named_property(env, object, entry->utf8name, function) == napi_ok;
}

static napi_value bindAll(napi_env env, struct Device *device, napi_value array) {
  napi_value object;
  device->owners = 1;
  bool bound = napi_create_object(env, &object) == napi_ok;
  for (size_t i = 0; bound && i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++) {
    bound = bind(env, object, &FUNCTIONS[i], device, array);
  }
  release(env, device, NULL);
  if (bound) return object;
  napi_throw_error(env, NULL, "native device: its functions could not be made");
  return NULL;
}

/** `ready` makes the device, or attaches to it. @returns its functions */
static napi_value openBy(napi_env env, napi_callback_info info, bool (*ready)(struct Device *, uint32_t)) {
  napi_value values[2];
  size_t given = 2;
  napi_typedarray_type type;
  size_t memoryBytes;
  void *memory;
  double stateBlock;
  if (napi_get_cb_info(env, info, &given, values, NULL, NULL) != napi_ok) return NULL;
  if (napi_get_typedarray_info(env, values[0], &type, &memoryBytes, &memory, NULL, NULL) != napi_ok ||
      type != napi_uint8_array || napi_get_value_double(env, values[1], &stateBlock) != napi_ok) {
    napi_throw_type_error(env, NULL, "native device: expected a Uint8Array and the address of a state block in it");
    return NULL;
  }
  struct Device *const device = calloc(1, sizeof *device);
  if (device == NULL) {
    napi_throw_error(env, NULL, "native device: out of memory");
    return NULL;
  }
  device->memory = memory;
  device->memoryBytes = memoryBytes;
  if (!(stateBlock >= 0 && stateBlock < (double)memoryBytes) || !ready(device, (uint32_t)stateBlock)) {
    free(device);
    napi_throw_range_error(env, NULL, "native device: no state block, or one whose regions leave linear memory");
    return NULL;
  }
  device->leftMemory = false;
  return bindAll(env, device, values[0]);
}

/** open(memory, stateBlock): builds the device that the state block describes. */
static napi_value onOpen(napi_env env, napi_callback_info info) {
  return openBy(env, info, build);
}

/** attach(memory, stateBlock): the device that was built there, by another thread for instance. */
static napi_value onAttach(napi_env env, napi_callback_info info) {
  return openBy(env, info, attach);
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor entries[] = {
      {.utf8name = "open", .method = onOpen, .attributes = napi_enumerable},
      {.utf8name = "attach", .method = onAttach, .attributes = napi_enumerable},
  };
  napi_define_properties(env, exports, sizeof entries / sizeof *entries, entries);
  return exports;
}

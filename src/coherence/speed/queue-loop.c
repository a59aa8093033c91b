/*
 * What the events of a simulation cost where nothing is simulated: as many events through the same kind of queue, with as
 * many waiting, and of each access and event the memory that the simulator works on at least. Arguments: accesses, events,
 * events that wait, lines that homes know, and by how many lines each that is asked for is from the one before. Prints the
 * nanoseconds that it took, and a hash of all events.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SLOT_BYTES = 128, RECORD_BYTES = 32, CHUNK = 256, SETS = 256, WAYS = 4 };

/* A heap of four children a node in three arrays, ordered by time and then key. */
static double *times, *keys;
static uint32_t *slots, length;

static void push(double time, double key, uint32_t slot) {
    uint32_t at = length++;
    while (at > 0) {
        uint32_t parent = (at - 1) >> 2;
        if (times[parent] < time || (times[parent] == time && keys[parent] < key)) break;
        times[at] = times[parent], keys[at] = keys[parent], slots[at] = slots[parent];
        at = parent;
    }
    times[at] = time, keys[at] = key, slots[at] = slot;
}

static void pop(void) {
    double time = times[--length], key = keys[length];
    uint32_t slot = slots[length], at = 0;
    for (;;) {
        uint32_t first = 4 * at + 1, end = first + 4 < length ? first + 4 : length, least = first;
        if (first >= length) break;
        for (uint32_t child = first + 1; child < end; child++) {
            int is_less = times[child] < times[least];
            if (times[child] == times[least]) is_less = keys[child] < keys[least];
            least = is_less ? child : least;
        }
        if (time < times[least] || (time == times[least] && key < keys[least])) break;
        times[at] = times[least], keys[at] = keys[least], slots[at] = slots[least];
        at = least;
    }
    times[at] = time, keys[at] = key, slots[at] = slot;
}

static uint32_t state = 1;

static uint32_t draw(void) {
    state ^= state << 13, state ^= state >> 17;
    return state ^= state << 5;
}

static uint64_t elapsed(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void *zeros(size_t count, size_t bytes) {
    void *block = aligned_alloc(64, (count * bytes + 63) / 64 * 64);
    if (!block) exit(2);
    return memset(block, 0, count * bytes);
}

static uint32_t hash;

static void mix(double time, uint32_t what) {
    hash = (hash ^ (uint32_t)(int64_t)time) * 0x85ebca6b;
    hash = ((hash >> 13) ^ hash ^ what) * 0xc2b2ae35;
}

/* Its accesses are looked up in a cache of four ways, which has them. */
static void access_lines(const uint32_t *pairs, uint32_t *tags, double *ready, uint64_t at) {
    uint32_t line = pairs[2 * (at % CHUNK)], way = 0, *set = tags + WAYS * (line % SETS);
    while (way < WAYS && set[way] != line + 1) way++;
    mix(*ready, line + way);
    *ready += 1200;
}

int main(int count, char **given) {
    if (count != 6) return 2;
    uint64_t accesses = strtoull(given[1], 0, 10), events = strtoull(given[2], 0, 10), done = 0;
    uint32_t waiting = (uint32_t)strtoul(given[3], 0, 10), places = 4096, tags[SETS * WAYS] = {0};
    uint32_t lines = (uint32_t)strtoul(given[4], 0, 10), stride = (uint32_t)strtoul(given[5], 0, 10);
    while (places < 2 * lines) places *= 2;
    times = zeros(waiting + 1, 8), keys = zeros(waiting + 1, 8), slots = zeros(waiting + 1, 4);
    char *pool = zeros(waiting + 1, SLOT_BYTES), *records = zeros(places, RECORD_BYTES);
    uint32_t pairs[2 * CHUNK];
    for (uint32_t i = 0; i < CHUNK; i++) pairs[2 * i] = i, tags[WAYS * (i % SETS)] = i + 1;
    for (uint32_t i = 0; i < waiting; i++) push(draw() % 100000, i, i);
    double now = 0, ready = 0;
    uint64_t begin = elapsed();
    for (uint64_t i = 0; i < accesses; i++) {
        access_lines(pairs, tags, &ready, i);
        for (; done * accesses < events * (i + 1) && done < events; done++) {
            uint32_t slot = slots[0];
            if (times[0] < now) return 3;
            now = times[0];
            pop();
            memset(pool + SLOT_BYTES * slot, 0, SLOT_BYTES);
            /* A line has a request and a reply at least. */
            uint32_t line = (uint32_t)(done / 2) % lines * stride & (places - 1);
            *(uint32_t *)(records + (size_t)RECORD_BYTES * line) += slot;
            mix(now, slot);
            push(now + draw() % 100000, (double)(waiting + done), slot);
        }
    }
    printf("%llu %u\n", (unsigned long long)(elapsed() - begin), hash);
    return done == events ? 0 : 3;
}

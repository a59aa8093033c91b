/* Times work in passes, and prints a line for each: `cost WORK OPERATIONS NANOSECONDS ANSWER`. See cost-lines.ts. */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

enum { PASSES = 7, COPY_BYTES = 65536, COPY_WORDS = COPY_BYTES / 8, WRITE_AT = COPY_BYTES };
static const double PASS_NS = 60e6;

static double now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static double timed(void (*work)(long), long count) {
    double start = now_ns();
    work(count);
    return now_ns() - start;
}

/* answer is asked after each pass for what came of it, outside of the timed span. */
static void measure(const char *name, void (*work)(long), uint32_t (*answer)(void)) {
    long count = 1;
    double ns;
    while ((ns = timed(work, count)) < PASS_NS / 2) count *= 2;
    count = (long)(count * PASS_NS / ns) + 1;
    for (int pass = 0; pass < PASSES; pass++) {
        ns = timed(work, count);
        printf("cost %s %ld %.0f %08x\n", name, count, ns, answer());
    }
    fflush(stdout);
}

/* What memory is filled with before it is copied. */
static uint64_t pattern(uint64_t word) {
    return (word + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

/* FNV-1a over 32-bit halves. */
static uint32_t digest(const uint64_t *words, int count) {
    uint32_t hash = 0x811c9dc5;
    for (int i = 0; i < count; i++) {
        hash = (hash ^ (uint32_t)words[i]) * 0x01000193;
        hash = (hash ^ (uint32_t)(words[i] >> 32)) * 0x01000193;
    }
    return hash;
}

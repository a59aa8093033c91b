/*
 * Runs in the guest: what an access to a function costs there. Arguments: the function as Linux names it, a BAR of it, and
 * where in that 64 KiB and a page begin which may be read and written.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "passes.h"

static int config;
static volatile uint8_t *bar;
static uint32_t found, written;
static uint64_t copied[COPY_WORDS];

static void config_read(long count) {
    for (long i = 0; i < count; i++)
        if (pread(config, &found, 4, 0) != 4) exit(3);
}

static void memory_read(long count) {
    for (long i = 0; i < count; i++) found = *(volatile uint32_t *)bar;
}

static uint32_t found_value(void) {
    return found;
}

/* Posted: nobody waits for it. */
static void memory_write(long count) {
    for (long i = 0; i < count; i++) *(volatile uint32_t *)(bar + WRITE_AT) = ++written;
}

static uint32_t lost_bits(void) {
    return *(volatile uint32_t *)(bar + WRITE_AT) ^ written;
}

static void bulk_copy(long count) {
    for (long i = 0; i < count; i++)
        for (int k = 0; k < COPY_WORDS; k++) copied[k] = ((volatile uint64_t *)bar)[k];
}

static uint32_t copied_digest(void) {
    return digest(copied, COPY_WORDS);
}

static int open_of(const char *function, const char *name, int flags) {
    char path[128];
    snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/%s", function, name);
    return open(path, flags);
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    char resource[32];
    snprintf(resource, sizeof resource, "resource%s", argv[2]);
    config = open_of(argv[1], "config", O_RDONLY);
    int memory = open_of(argv[1], resource, O_RDWR);
    if (config < 0 || memory < 0) return 3;
    bar = mmap(NULL, COPY_BYTES + 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, atoi(argv[3]));
    if (bar == MAP_FAILED) return 4;
    for (int k = 0; k < COPY_WORDS; k++) ((volatile uint64_t *)bar)[k] = pattern(k);
    measure("config-read", config_read, found_value);
    measure("memory-read", memory_read, found_value);
    measure("memory-write", memory_write, lost_bits);
    measure("bulk-copy", bulk_copy, copied_digest);
    return 0;
}

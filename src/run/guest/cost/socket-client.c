/*
 * The least of a vfio-user client, in C: what an access costs without QEMU and a guest. Arguments: path of the socket, and
 * the region whose first 64 KiB and a little more are memory. One request at a time.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "passes.h"

enum { VERSION = 1, REGION_READ = 9, REGION_WRITE = 10, CONFIG = 7, HEADER = 16, ACCESS = 16, ERROR = 0x20, MOST = 4096 };

struct request {
    uint16_t id, command;
    uint32_t size, flags, error;
    uint64_t offset;
    uint32_t region, count;
    uint64_t data;
};

static int server;
static uint32_t memory, found, written;
static uint64_t copied[COPY_WORDS];

static void transfer(ssize_t (*move)(int, void *, size_t), void *bytes, size_t count) {
    for (size_t at = 0; at < count;) {
        ssize_t n = move(server, (uint8_t *)bytes + at, count - at);
        if (n <= 0) exit(3);
        at += (size_t)n;
    }
}

static ssize_t send_some(int fd, void *bytes, size_t count) {
    return write(fd, bytes, count);
}

/* The payload of the reply is at its end. */
static void *ask(void *message, uint32_t bytes, uint32_t reply_bytes) {
    static uint8_t reply[MOST];
    transfer(send_some, message, bytes);
    transfer(read, reply, HEADER);
    uint32_t size;
    memcpy(&size, reply + 4, 4);
    if (size < HEADER || size > MOST || reply[8] & ERROR || (reply_bytes && size != reply_bytes)) exit(4);
    transfer(read, reply + HEADER, size - HEADER);
    return reply + HEADER;
}

static uint64_t read_at(uint32_t region, uint64_t offset, uint32_t count) {
    struct request r = { 1, REGION_READ, HEADER + ACCESS, 0, 0, offset, region, count, 0 };
    uint64_t value = 0;
    memcpy(&value, (uint8_t *)ask(&r, r.size, r.size + count) + ACCESS, count);
    return value;
}

static void write_at(uint64_t offset, uint64_t value, uint32_t count) {
    struct request r = { 1, REGION_WRITE, HEADER + ACCESS + count, 0, 0, offset, memory, count, value };
    ask(&r, r.size, HEADER + ACCESS);
}

static void config_read(long count) {
    for (long i = 0; i < count; i++) found = (uint32_t)read_at(CONFIG, 0, 4);
}

static void memory_read(long count) {
    for (long i = 0; i < count; i++) found = (uint32_t)read_at(memory, 0, 4);
}

static uint32_t found_value(void) {
    return found;
}

static void memory_write(long count) {
    for (long i = 0; i < count; i++) write_at(WRITE_AT, ++written, 4);
}

static uint32_t lost_bits(void) {
    return (uint32_t)read_at(memory, WRITE_AT, 4) ^ written;
}

static void bulk_copy(long count) {
    for (long i = 0; i < count; i++)
        for (int k = 0; k < COPY_WORDS; k++) copied[k] = read_at(memory, 8 * (uint64_t)k, 8);
}

static uint32_t copied_digest(void) {
    return digest(copied, COPY_WORDS);
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
    server = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(server, (struct sockaddr *)&address, sizeof address) != 0) return 3;
    memory = (uint32_t)atoi(argv[2]);
    struct request version = { 1, VERSION, HEADER + 4, 0, 0, 0, 0, 0, 0 };
    ask(&version, version.size, 0);
    for (int k = 0; k < COPY_WORDS; k++) write_at(8 * (uint64_t)k, pattern(k), 8);
    measure("config-read", config_read, found_value);
    measure("memory-read", memory_read, found_value);
    measure("memory-write", memory_write, lost_bits);
    measure("bulk-copy", bulk_copy, copied_digest);
    return 0;
}

/*
 * The least that QEMU's vfio-user-pci is content with, in C: the twin of the socket loop of src/vfio-user/, to hold that
 * one against. Arguments: path of the socket, a file with the configuration space, sizes of regions 0 to 8 in hexadecimal.
 * Nothing is emulated: configuration space is bytes, and of each other region the first 128 KiB come again and again.
 * One client at a time, until it is ended.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    VERSION = 1, DMA_MAP, DMA_UNMAP, GET_INFO, GET_REGION_INFO, GET_REGION_IO_FDS, GET_IRQ_INFO, SET_IRQS,
    REGION_READ, REGION_WRITE, DEVICE_RESET = 13, REGION_WRITE_MULTI = 15
};
enum { HEADER = 16, ACCESS = 16, FLAG_REPLY = 1, FLAG_NO_REPLY = 0x10, FLAG_ERROR = 0x20 };
enum { REGIONS = 9, CONFIG = 7, BACKING = 131072, MOST = 1 << 20, ROOM = MOST + 4096 };

struct header { uint16_t id, command; uint32_t size, flags, error; };
struct access { uint64_t offset; uint32_t region, count; };
struct write_one { struct access at; uint64_t data; };

static uint8_t backing[REGIONS][BACKING];
static uint64_t sizes[REGIONS];
static uint8_t in[ROOM], out[2 * ROOM];
static size_t out_bytes;

static void *reply_to(const struct header *h, uint32_t payload, uint32_t error) {
    struct header reply = { h->id, h->command, HEADER + payload, FLAG_REPLY | (error ? FLAG_ERROR : 0), error };
    memcpy(out + out_bytes, &reply, HEADER);
    void *at = out + out_bytes + HEADER;
    out_bytes += HEADER + payload;
    return at;
}

static int is_inside(const struct access *a) {
    return a->region < REGIONS && a->count <= MOST && a->offset <= sizes[a->region] &&
           a->count <= sizes[a->region] - a->offset && a->offset % BACKING + a->count <= BACKING;
}

static uint8_t *bytes_of(const struct access *a) {
    return &backing[a->region][a->offset % BACKING];
}

static void region_info(const struct header *h, uint32_t region) {
    if (region >= REGIONS) {
        reply_to(h, 0, EINVAL);
        return;
    }
    uint32_t *info = reply_to(h, 32, 0);
    uint32_t fields[] = { 32, sizes[region] ? 3 : 0, region, 0 };
    memcpy(info, fields, 16);
    memcpy(info + 4, &sizes[region], 8);
    memset(info + 6, 0, 8);
}

/* Payload of the message is at p, n bytes. */
static void answer(const struct header *h, const uint8_t *p, uint32_t n) {
    static const char capabilities[] = "{\"capabilities\":{\"max_data_xfer_size\":1048576,\"write_multiple\":true}}";
    struct access a;
    switch (h->command) {
    case VERSION: {
        uint8_t *reply = reply_to(h, 4 + sizeof capabilities, 0);
        memset(reply, 0, 4);
        memcpy(reply + 4, capabilities, sizeof capabilities);
        return;
    }
    case GET_INFO: {
        uint32_t info[] = { 16, 3, REGIONS, 5 };
        memcpy(reply_to(h, 16, 0), info, 16);
        return;
    }
    case GET_REGION_INFO:
        region_info(h, ((const uint32_t *)p)[2]);
        return;
    case GET_IRQ_INFO: {
        uint32_t info[] = { 16, 0, ((const uint32_t *)p)[2], 0 };
        memcpy(reply_to(h, 16, 0), info, 16);
        return;
    }
    case REGION_READ:
        if (n != ACCESS) break;
        memcpy(&a, p, ACCESS);
        if (!is_inside(&a)) break;
        uint8_t *reply = reply_to(h, ACCESS + a.count, 0);
        memcpy(reply, &a, ACCESS);
        memcpy(reply + ACCESS, bytes_of(&a), a.count);
        return;
    case REGION_WRITE:
        if (n < ACCESS) break;
        memcpy(&a, p, ACCESS);
        if (a.count != n - ACCESS || !is_inside(&a)) break;
        memcpy(bytes_of(&a), p + ACCESS, a.count);
        if (!(h->flags & FLAG_NO_REPLY)) memcpy(reply_to(h, ACCESS, 0), &a, ACCESS);
        return;
    case REGION_WRITE_MULTI: {
        uint64_t count;
        if (n < 8) break;
        memcpy(&count, p, 8);
        if (count > (n - 8) / sizeof(struct write_one)) break;
        for (uint64_t i = 0; i < count; i++) {
            struct write_one one;
            memcpy(&one, p + 8 + i * sizeof one, sizeof one);
            if (one.at.count <= 8 && is_inside(&one.at)) memcpy(bytes_of(&one.at), &one.data, one.at.count);
        }
        if (!(h->flags & FLAG_NO_REPLY)) memcpy(reply_to(h, 8, 0), &count, 8);
        return;
    }
    default: /* Memory of the guest, interrupts and resets are taken note of by saying so. */
        if (!(h->flags & FLAG_NO_REPLY)) reply_to(h, 0, 0);
        return;
    }
    if (!(h->flags & FLAG_NO_REPLY)) reply_to(h, 0, EINVAL);
}

/* Answers whole messages. Returns the bytes that they took, or -1 after one that none could be. */
static long answer_all(size_t have) {
    size_t at = 0;
    while (have - at >= HEADER) {
        struct header h;
        memcpy(&h, in + at, HEADER);
        if (h.size < HEADER || h.size > ROOM) return -1;
        if (have - at < h.size) break;
        answer(&h, in + at + HEADER, h.size - HEADER);
        at += h.size;
        if (out_bytes > ROOM) break;
    }
    return (long)at;
}

static int send_all(int client) {
    for (size_t at = 0; at < out_bytes;) {
        ssize_t n = write(client, out + at, out_bytes - at);
        if (n <= 0) return -1;
        at += (size_t)n;
    }
    out_bytes = 0;
    return 0;
}

static void serve(int client) {
    size_t have = 0;
    for (;;) {
        ssize_t n = read(client, in + have, sizeof in - have);
        if (n <= 0) return;
        have += (size_t)n;
        long took;
        while ((took = answer_all(have)) > 0) {
            memmove(in, in + took, have - (size_t)took);
            have -= (size_t)took;
            if (send_all(client) != 0) return;
        }
        if (took < 0) return;
    }
}

int main(int argc, char **argv) {
    if (argc != 3 + REGIONS) return 2;
    FILE *config = fopen(argv[2], "rb");
    if (!config || fread(backing[CONFIG], 1, 4096, config) < 64) return 3;
    for (int i = 0; i < REGIONS; i++) sizes[i] = strtoull(argv[3 + i], NULL, 16);
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(server, (struct sockaddr *)&address, sizeof address) != 0 || listen(server, 1) != 0) return 4;
    puts("listening");
    fflush(stdout);
    for (;;) {
        int client = accept(server, NULL, NULL);
        if (client < 0) return 5;
        serve(client);
        close(client);
    }
}

/*
 * A link with faults: two tun devices, and what one receives leaves the other, late, out of order, or not at all.
 *   link NAME NAME LOSS_PER_MILLE DELAY_MS JITTER_MS PARTITION_EVERY_MS PARTITION_MS
 * Prints "ready" once the devices exist, and at the end of its input how many packets it passed, lost and cut off.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { packet_bytes = 2048, queued_packets = 8192 };

struct queued {
    int64_t due;
    int to;
    ssize_t length;
    unsigned char bytes[packet_bytes];
};

static struct queued queue[queued_packets];
/* Places in the queue: those in use come first. */
static int places[queued_packets];
static int waiting;
static unsigned long passed, lost, cut_off, overtaken;

static int64_t now_micros(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static int open_tun(const char *name) {
    int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    if (device < 0 || ioctl(device, TUNSETIFF, &request) < 0) {
        fprintf(stderr, "%s: %s\n", name, strerror(errno));
        exit(1);
    }
    return device;
}

int main(int count, char **words) {
    if (count != 8)
        return 2;
    const int devices[2] = {open_tun(words[1]), open_tun(words[2])};
    const int loss = atoi(words[3]);
    const int64_t delay = atoi(words[4]) * 1000LL, jitter = atoi(words[5]) * 1000LL;
    const int64_t every = atoi(words[6]) * 1000LL, partition = atoi(words[7]) * 1000LL;
    const int64_t begin = now_micros();
    int64_t last_due[2] = {0, 0};
    for (int i = 0; i < queued_packets; i++)
        places[i] = i;
    srand(1);
    printf("ready\n");
    fflush(stdout);
    for (;;) {
        int64_t now = now_micros(), next = now + 1000000;
        for (int i = 0; i < waiting;) {
            struct queued *each = &queue[places[i]];
            if (each->due > now) {
                if (each->due < next)
                    next = each->due;
                i++;
                continue;
            }
            if (write(devices[each->to], each->bytes, each->length) == each->length)
                passed++;
            else
                lost++;
            const int freed = places[i];
            places[i] = places[--waiting];
            places[waiting] = freed;
        }
        struct pollfd inputs[3] = {{devices[0], POLLIN, 0}, {devices[1], POLLIN, 0}, {0, POLLIN, 0}};
        const int64_t left = (next - now_micros()) / 1000;
        poll(inputs, 3, left < 0 ? 0 : (int)left + 1);
        if (inputs[2].revents) {
            char ignored[64];
            if (read(0, ignored, sizeof ignored) <= 0)
                break;
        }
        now = now_micros();
        for (int from = 0; from < 2; from++)
            while (waiting < queued_packets) {
                struct queued *place = &queue[places[waiting]];
                place->length = read(devices[from], place->bytes, packet_bytes);
                if (place->length <= 0)
                    break;
                if (every > 0 && (now - begin) % every > every - partition)
                    cut_off++;
                else if (rand() % 1000 < loss)
                    lost++;
                else {
                    place->to = 1 - from;
                    place->due = now + delay + (jitter > 0 ? rand() % jitter : 0);
                    overtaken += place->due < last_due[from];
                    if (place->due > last_due[from])
                        last_due[from] = place->due;
                    waiting++;
                }
            }
    }
    printf("{\"passed\": %lu, \"lost\": %lu, \"cutOff\": %lu, \"overtaken\": %lu}\n", passed, lost, cut_off, overtaken);
    return 0;
}

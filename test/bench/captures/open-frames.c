/*
 * The least that a program does which decrypts a capture: open every sealed frame with libsodium, on one core, and look at nothing.
 * What `toxtcp stats` takes is measured against it.
 *
 *     cc -O2 -o open-frames open-frames.c -lsodium && ./open-frames FRAMES
 *
 * FRAMES, as frames-file.ts writes it: of each frame its shared key (32 bytes), nonce (24 bytes), length (4 bytes, little-endian), MAC and body.
 * Prints one JSON object: frames, bytes that were opened, seconds to read the file, seconds to open all of it.
 */
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { key_bytes = 32, nonce_bytes = 24, head_bytes = key_bytes + nonce_bytes + 4, most_sealed = 1 << 16 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

/* The whole file, or NULL. */
static unsigned char *contents(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        return NULL;
    }

    *size = ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(*size);

    if (bytes != NULL && fread(bytes, 1, *size, file) != *size) {
        return NULL;
    }

    fclose(file);
    return bytes;
}

int main(int argc, char **argv)
{
    static unsigned char plain[most_sealed];
    unsigned long long frames = 0, opened = 0;
    size_t size = 0, at = 0;

    if (argc != 2 || sodium_init() < 0) {
        fprintf(stderr, "usage: open-frames FRAMES\n");
        return 2;
    }

    const double begin = now();
    const unsigned char *bytes = contents(argv[1], &size);

    if (bytes == NULL) {
        perror(argv[1]);
        return 2;
    }

    const double read = now();

    while (at < size) {
        const unsigned char *key = bytes + at, *nonce = key + key_bytes, *prefix = nonce + nonce_bytes, *sealed = prefix + 4;

        if (size - at < head_bytes) {
            fprintf(stderr, "frame %llu is cut off\n", frames);
            return 1;
        }

        const uint32_t length = prefix[0] | prefix[1] << 8 | prefix[2] << 16 | (uint32_t)prefix[3] << 24;

        if (length < crypto_secretbox_MACBYTES || length > most_sealed || size - at - head_bytes < length) {
            fprintf(stderr, "frame %llu is cut off or of an impossible length\n", frames);
            return 1;
        }

        if (crypto_secretbox_open_easy(plain, sealed, length, nonce, key) != 0) {
            fprintf(stderr, "frame %llu does not open\n", frames);
            return 1;
        }

        at += head_bytes + length;
        frames++;
        opened += length - crypto_secretbox_MACBYTES;
    }

    printf("{\"frames\":%llu,\"bytes\":%llu,\"readSeconds\":%.6f,\"openSeconds\":%.6f}\n", frames, opened, read - begin, now() - read);
    return 0;
}

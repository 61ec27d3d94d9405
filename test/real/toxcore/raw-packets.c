/*
 * Lets libtoxcore send packets to a friend that none of its functions makes. Loaded before libsodium, it looks at what
 * is sealed: of a custom packet whose data begin with a mark, the id and the mark become zeros, which net_crypto
 * allows before a packet as padding. So what follows the mark is the packet.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* Zero bytes that libsodium wants before a plaintext. */
    ZEROS = 32,
    /* Buffer start and packet number, before the padding. */
    NUMBERS = 8,
    /* Most bytes of crypto data, its numbers included. */
    MOST = NUMBERS + 1373,
};

static const uint8_t mark[] = "raw packet: ";
enum { MARK = sizeof mark - 1 };

typedef int seal(uint8_t *box, const uint8_t *plain, unsigned long long size, const uint8_t *nonce, const uint8_t *key);

/* The function that this one replaces. RTLD_NEXT does not see a libsodium that dlopen loaded. */
static seal *replaced(void)
{
    void *library = dlopen("libsodium.so.23", RTLD_LAZY | RTLD_NOLOAD);
    seal *next = library ? (seal *)dlsym(library, "crypto_box_afternm") : NULL;

    if (!next) abort();
    return next;
}

seal crypto_box_afternm;
int crypto_box_afternm(uint8_t *box, const uint8_t *plain, unsigned long long size, const uint8_t *nonce,
                       const uint8_t *key)
{
    static seal *next;
    uint8_t changed[ZEROS + MOST];
    size_t at = ZEROS + NUMBERS;

    if (!next) next = replaced();
    if (size > sizeof changed) return next(box, plain, size, nonce, key);
    memcpy(changed, plain, size);
    while (at < size && changed[at] == 0) at++;
    /* The id of the custom packet, then the mark, then at least one byte. */
    if (at + 1 + MARK < size && !memcmp(changed + at + 1, mark, MARK)) memset(changed + at, 0, 1 + MARK);
    return next(box, changed, size, nonce, key);
}

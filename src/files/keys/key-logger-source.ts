import {keyLoggerSockets} from './key-logger-sockets.js'

/**
 * C source of a library that is loaded into an unmodified Tox program on Linux and writes its keys to a key log. It
 * stands between the program and five functions of libsodium, and those that make connections:
 *
 * - `crypto_box_keypair`, `crypto_scalarmult_curve25519_base`: remembers key pairs, so that the public key of a secret
 *   key is known. c-toxcore makes pairs with the first up to 0.2.18, with the second after it;
 * - `crypto_box_beforenm`: the shared key of two pairs;
 * - `crypto_box_afternm`, `crypto_box_open_afternm`: of both kinds of handshakes, base nonces and session keys.
 *
 * Every table has a fixed size; the oldest entry is overwritten.
 */
export const keyLoggerSource = String.raw`
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    KEY = 32,
    NONCE = 24,
    /* Zero bytes that libsodium wants before a plaintext. */
    ZEROS = 32,
    /* Plaintext of a relay connection's handshake: session public key, base nonce. */
    TCP_PLAIN = KEY + NONCE,
    /* Plaintext of a net_crypto handshake: base nonce, session public key, hash of a cookie, a cookie. */
    CRYPTO_PLAIN = NONCE + KEY + 64 + 112,
    /* Sizes of the tables. */
    PAIRS = 4096,
    HALVES = 4096,
    SHARED = 4096,
    WAITING = 256,
};

struct pair { uint8_t public_key[KEY], secret_key[KEY]; };

/* One side's half of a handshake. */
struct half {
    uint8_t nonce[NONCE], session_key[KEY], base_nonce[NONCE];
    uint64_t order;
    int is_own, is_tcp;
};

/* A shared key whose handshake halves have not both passed yet. */
struct waiting { uint8_t own[KEY], other[KEY], shared[KEY]; int is_used; };

static struct pair pairs[PAIRS];
static struct half halves[HALVES];
static uint8_t shared_keys[SHARED][KEY];
static struct waiting waiting[WAITING];
static uint64_t pair_count, half_count, shared_count, waiting_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_file = -1, log_secrets;

struct word { const uint8_t *bytes; size_t size; };

static char *put_hex(char *at, struct word word)
{
    static const char digits[] = "0123456789abcdef";

    if (!word.bytes) {
        *at++ = '-';
        return at;
    }
    for (size_t i = 0; i < word.size; i++) {
        *at++ = digits[word.bytes[i] >> 4];
        *at++ = digits[word.bytes[i] & 15];
    }
    return at;
}

/* Append one line in one call: lines of several processes do not mix. A full disk must not stop the program. */
static void write_line(const char *label, const struct word *words, int count)
{
    char line[1024];
    char *at = stpcpy(line, label);
    ssize_t written;

    if (log_file < 0) return;
    for (int i = 0; i < count; i++) {
        *at++ = ' ';
        at = put_hex(at, words[i]);
    }
    *at++ = '\n';
    do written = write(log_file, line, (size_t)(at - line));
    while (written < 0 && errno == EINTR);
}

#define WRITE_LINE(label, ...) \
    write_line(label, (const struct word[]){__VA_ARGS__}, \
               (int)(sizeof((const struct word[]){__VA_ARGS__}) / sizeof(struct word)))

__attribute__((constructor)) static void open_log(void)
{
    const char *path = getenv("TOXTCP_KEYLOG");
    char line[64];

    log_secrets = getenv("TOXTCP_KEYLOG_SECRETS") != NULL;
    if (!path || !*path) return;
    log_file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (log_file < 0) return;
    /* Says that the library was loaded, also where no key follows. */
    int size = snprintf(line, sizeof line, "# key logger in process %ld\n", (long)getpid());
    if (write(log_file, line, (size_t)size) < 0) log_file = -1;
}

static uint64_t first_of(uint64_t count, uint64_t size)
{
    return count > size ? count - size : 0;
}

static const struct half *find_half(const uint8_t *session_key, int is_own)
{
    for (uint64_t i = half_count; i-- > first_of(half_count, HALVES);) {
        const struct half *half = &halves[i % HALVES];
        if (half->is_own == is_own && !memcmp(half->session_key, session_key, KEY)) return half;
    }
    return NULL;
}

/* Write the session's line if both halves of its handshake have passed. Returns whether they have. */
static int write_session(const uint8_t *own_key, const uint8_t *other_key, const uint8_t *shared)
{
    const struct half *own = find_half(own_key, 1), *other = find_half(other_key, 0);

    if (!own || !other || own->is_tcp != other->is_tcp) return 0;
    if (own->is_tcp) {
        /* The client's half passes first. */
        const struct half *client = own->order < other->order ? own : other;
        const struct half *relay = client == own ? other : own;
        WRITE_LINE("TOX_TCP_SESSION", {client->nonce, NONCE}, {relay->nonce, NONCE}, {shared, KEY},
                   {client->base_nonce, NONCE}, {relay->base_nonce, NONCE});
    } else {
        WRITE_LINE("TOX_CRYPTO_SESSION", {own_key, KEY}, {other_key, KEY}, {shared, KEY},
                   {own->base_nonce, NONCE}, {other->base_nonce, NONCE});
    }
    return 1;
}

static void note_half(const uint8_t *nonce, const uint8_t *plain, size_t size, int is_own)
{
    struct half *half = &halves[half_count % HALVES];

    half->order = half_count++;
    half->is_own = is_own;
    half->is_tcp = size == TCP_PLAIN;
    memcpy(half->nonce, nonce, NONCE);
    memcpy(half->session_key, half->is_tcp ? plain : plain + NONCE, KEY);
    memcpy(half->base_nonce, half->is_tcp ? plain + KEY : plain, NONCE);
    /* net_crypto may know the shared key before the second half passes. */
    for (int i = 0; i < WAITING; i++)
        if (waiting[i].is_used && write_session(waiting[i].own, waiting[i].other, waiting[i].shared))
            waiting[i].is_used = 0;
}

static int is_new_shared(const uint8_t *shared)
{
    for (uint64_t i = shared_count; i-- > first_of(shared_count, SHARED);)
        if (!memcmp(shared_keys[i % SHARED], shared, KEY)) return 0;
    memcpy(shared_keys[shared_count++ % SHARED], shared, KEY);
    return 1;
}

static void note_shared(const uint8_t *shared, const uint8_t *other_key, const uint8_t *secret_key)
{
    const uint8_t *own_key = NULL;

    for (uint64_t i = pair_count; !own_key && i-- > first_of(pair_count, PAIRS);)
        if (!memcmp(pairs[i % PAIRS].secret_key, secret_key, KEY)) own_key = pairs[i % PAIRS].public_key;
    if (own_key) {
        if (write_session(own_key, other_key, shared)) return;
        if (find_half(own_key, 1) || find_half(other_key, 0)) {
            struct waiting *entry = &waiting[waiting_count++ % WAITING];
            memcpy(entry->own, own_key, KEY);
            memcpy(entry->other, other_key, KEY);
            memcpy(entry->shared, shared, KEY);
            entry->is_used = 1;
            return;
        }
    }
    if (is_new_shared(shared)) WRITE_LINE("TOX_SHARED_KEY", {own_key, KEY}, {other_key, KEY}, {shared, KEY});
}

/* Remember a key pair. libsodium may make one with the other function that this library replaces: it is noted once. */
static void note_pair(const uint8_t *public_key, const uint8_t *secret_key)
{
    struct pair *last, *pair;

    pthread_mutex_lock(&lock);
    last = pair_count > 0 ? &pairs[(pair_count - 1) % PAIRS] : NULL;
    if (!last || memcmp(last->secret_key, secret_key, KEY)) {
        pair = &pairs[pair_count++ % PAIRS];
        memcpy(pair->public_key, public_key, KEY);
        memcpy(pair->secret_key, secret_key, KEY);
        if (log_secrets) WRITE_LINE("TOX_SECRET_KEY", {public_key, KEY}, {secret_key, KEY});
    }
    pthread_mutex_unlock(&lock);
}

static int is_handshake(unsigned long long size)
{
    return size == ZEROS + TCP_PLAIN || size == ZEROS + CRYPTO_PLAIN;
}

/* The function that this library replaces. Of a libsodium that dlopen loaded too, which RTLD_NEXT does not see. */
static void *real(const char *name)
{
    static const char *const libraries[] = {"libsodium.so.23", "libsodium.so.26", "libsodium.so.18", "libsodium.so"};
    void *function = dlsym(RTLD_NEXT, name);

    for (size_t i = 0; !function && i < sizeof libraries / sizeof *libraries; i++) {
        void *library = dlopen(libraries[i], RTLD_LAZY | RTLD_NOLOAD);
        if (library) function = dlsym(library, name);
    }
    if (!function) abort();
    return function;
}

#define NEXT(function) \
    static __typeof__(function) *next; \
    if (!next) next = (__typeof__(function) *)real(#function)

int crypto_box_keypair(uint8_t *public_key, uint8_t *secret_key);
int crypto_box_keypair(uint8_t *public_key, uint8_t *secret_key)
{
    NEXT(crypto_box_keypair);
    int result = next(public_key, secret_key);

    if (result == 0) note_pair(public_key, secret_key);
    return result;
}

int crypto_scalarmult_curve25519_base(uint8_t *public_key, const uint8_t *secret_key);
int crypto_scalarmult_curve25519_base(uint8_t *public_key, const uint8_t *secret_key)
{
    NEXT(crypto_scalarmult_curve25519_base);
    int result = next(public_key, secret_key);

    if (result == 0) note_pair(public_key, secret_key);
    return result;
}

int crypto_box_beforenm(uint8_t *shared, const uint8_t *public_key, const uint8_t *secret_key);
int crypto_box_beforenm(uint8_t *shared, const uint8_t *public_key, const uint8_t *secret_key)
{
    NEXT(crypto_box_beforenm);
    uint8_t other[KEY], secret[KEY];

    /* The result may be written over an argument. */
    memcpy(other, public_key, KEY);
    memcpy(secret, secret_key, KEY);
    int result = next(shared, public_key, secret_key);
    if (result == 0) {
        pthread_mutex_lock(&lock);
        note_shared(shared, other, secret);
        pthread_mutex_unlock(&lock);
    }
    return result;
}

int crypto_box_afternm(uint8_t *box, const uint8_t *plain, unsigned long long size, const uint8_t *nonce,
                       const uint8_t *key);
int crypto_box_afternm(uint8_t *box, const uint8_t *plain, unsigned long long size, const uint8_t *nonce,
                       const uint8_t *key)
{
    NEXT(crypto_box_afternm);

    if (is_handshake(size)) {
        pthread_mutex_lock(&lock);
        note_half(nonce, plain + ZEROS, (size_t)size - ZEROS, 1);
        pthread_mutex_unlock(&lock);
    }
    return next(box, plain, size, nonce, key);
}

int crypto_box_open_afternm(uint8_t *plain, const uint8_t *box, unsigned long long size, const uint8_t *nonce,
                            const uint8_t *key);
int crypto_box_open_afternm(uint8_t *plain, const uint8_t *box, unsigned long long size, const uint8_t *nonce,
                            const uint8_t *key)
{
    NEXT(crypto_box_open_afternm);
    uint8_t kept[NONCE];

    memcpy(kept, nonce, NONCE);
    int result = next(plain, box, size, nonce, key);
    if (result == 0 && is_handshake(size)) {
        pthread_mutex_lock(&lock);
        note_half(kept, plain + ZEROS, (size_t)size - ZEROS, 0);
        pthread_mutex_unlock(&lock);
    }
    return result;
}
${keyLoggerSockets}`.trimStart()

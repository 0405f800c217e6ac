/* The key that is used is a hash of the file's bytes, so that files of any length make keys of the same strength. */
#include "base/keyed_hash.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

/* Up to `most` bytes of a file or a pipe; -1 if it cannot be read. */
static ssize_t read_up_to(const char *path, unsigned char *to, size_t most)
{
    size_t n = 0;
    ssize_t got = 1;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return -1;
    while (n < most && got != 0) {
        got = read(file, to + n, most - n);
        if (got < 0 && errno != EINTR)
            break;
        n += got > 0 ? (size_t)got : 0;
    }
    int error = errno;
    close(file);
    errno = error;
    return got < 0 ? -1 : (ssize_t)n;
}

enum key_fault keyed_hash_read(struct keyed_hash *hash, const char *path)
{
    enum key_fault fault = KEY_UNREADABLE;
    unsigned char *bytes = sodium_init() < 0 ? NULL : malloc(KEY_FILE_MOST + 1);
    if (!bytes)
        return fault;
    /* one byte more than is allowed tells a file that has more */
    ssize_t n = read_up_to(path, bytes, KEY_FILE_MOST + 1);
    if (n >= 0)
        fault = n < KEY_FILE_LEAST ? KEY_TOO_SHORT : n > KEY_FILE_MOST ? KEY_TOO_LONG : KEY_GOOD;
    if (fault == KEY_GOOD)
        crypto_generichash(hash->key, sizeof(hash->key), bytes, (unsigned long long)n, NULL, 0);
    int error = errno;
    /* what stood in the file is the key as well */
    sodium_memzero(bytes, KEY_FILE_MOST + 1);
    free(bytes);
    errno = error;
    return fault;
}

bool keyed_hash_make(struct keyed_hash *hash)
{
    /* up to 256 bytes come whole (getrandom(2)): fewer than asked for is a failure */
    return sodium_init() >= 0 && getrandom(hash->key, sizeof(hash->key), 0) == sizeof(hash->key);
}

void keyed_hash_forget(struct keyed_hash *hash)
{
    sodium_memzero(hash->key, sizeof(hash->key));
}

void keyed_hash(const struct keyed_hash *hash, char kind, struct str text,
                unsigned char out[KEYED_HASH_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, hash->key, sizeof(hash->key), KEYED_HASH_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)&kind, 1);
    crypto_generichash_update(&state, (const unsigned char *)text.p, text.n);
    crypto_generichash_final(&state, out, KEYED_HASH_BYTES);
}

char *keyed_hash_hex(char *to, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
    }
    return to;
}

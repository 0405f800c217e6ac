/* A keyed hash: what it says of a text tells nothing to who has not the key (BLAKE2b, RFC 7693, by libsodium). It owns
 * the key, which comes from a file or is made up. */
#ifndef BASE_KEYED_HASH_H
#define BASE_KEYED_HASH_H

#include "tcplog/str.h"

/* Of the result; of the key. A file of fewer bytes than the least could be guessed; one of more than the most was
 * named by mistake. */
enum { KEYED_HASH_BYTES = 16, KEY_BYTES = 32, KEY_FILE_LEAST = 16, KEY_FILE_MOST = 64 * 1024 };

/* Forget it when it is no longer needed: it is a secret. */
struct keyed_hash {
    unsigned char key[KEY_BYTES];
};

enum key_fault { KEY_GOOD, KEY_UNREADABLE, KEY_TOO_SHORT, KEY_TOO_LONG };

/* The key from the bytes of a file; where it is unreadable, errno tells why. */
enum key_fault keyed_hash_read(struct keyed_hash *hash, const char *path);
/* A key that nobody knows, and that is gone with it. Whether there was one to be had. */
bool keyed_hash_make(struct keyed_hash *hash);
/* Overwrites the key where it stands, which no compiler leaves out as it may memset. */
void keyed_hash_forget(struct keyed_hash *hash);
/* `kind` keeps apart what is hashed for different ends: equal texts of two kinds have nothing in common. */
void keyed_hash(const struct keyed_hash *hash, char kind, struct str text,
                unsigned char out[KEYED_HASH_BYTES]);
/* Bytes as hexadecimal digits, lower case, two a byte; answers their end. */
char *keyed_hash_hex(char *to, const unsigned char *bytes, size_t n);

#endif

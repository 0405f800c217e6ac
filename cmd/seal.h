/* Hashes of logs that may be written down. A log holds passwords, and whoever knows the rest of it could try them out on
 * its bare hash; so what is written is a keyed hash of that hash (BLAKE2b, by libsodium). The key lies hidden in the folder of
 * exports, or beside a report, for its owner only: without it a hash says nothing. */
#ifndef CMD_SEAL_H
#define CMD_SEAL_H

#include <stdbool.h>

#define SEAL_NAME ".tcplog.key"

enum { SEAL_KEY = 32, SEAL_DIGITS = 33 };

struct seal {
    unsigned char key[SEAL_KEY];
};

/* The key of a folder, which is made where there is none. False: errno says why. */
bool seal_open(struct seal *seal, const char *folder);
/* The same of the folder that a plain file is going to lie in. */
bool seal_open_beside(struct seal *seal, const char *file);
/* "" stays "". */
void seal_hash(const struct seal *seal, const char *bare, char sealed[SEAL_DIGITS]);

#endif

/* A key of another length was cut off when it was written, before any hash was made with it. */
#include "seal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static bool make(struct seal *seal, int fd)
{
    if (getrandom(seal->key, SEAL_KEY, 0) != SEAL_KEY || ftruncate(fd, 0) != 0)
        return false;
    ssize_t done = pwrite(fd, seal->key, SEAL_KEY, 0);
    if (done >= 0 && done != SEAL_KEY)
        errno = ENOSPC;
    return done == SEAL_KEY && fsync(fd) == 0;
}

bool seal_open(struct seal *seal, const char *folder)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/" SEAL_NAME, folder);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (fd < 0)
        return false;
    bool good = pread(fd, seal->key, SEAL_KEY, 0) == SEAL_KEY || make(seal, fd);
    int error = errno;
    close(fd);
    errno = error;
    return good;
}

bool seal_open_beside(struct seal *seal, const char *file)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(file, '/');
    if (strlen(file) >= sizeof(folder))
        return false;
    snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - file) + 1 : 1, slash ? file : ".");
    return seal_open(seal, folder);
}

void seal_hash(const struct seal *seal, const char *bare, char sealed[SEAL_DIGITS])
{
    unsigned char hash[(SEAL_DIGITS - 1) / 2];
    sealed[0] = '\0';
    if (!bare[0])
        return;
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)bare, strlen(bare), seal->key, SEAL_KEY);
    sodium_bin2hex(sealed, SEAL_DIGITS, hash, sizeof(hash));
}

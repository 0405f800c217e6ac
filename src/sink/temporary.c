/* mkostemp(3) makes files for their owner alone, and what the mask would have allowed can only be asked by setting it, for all
 * threads at once. So the name is made here, and the system applies the mask. */
#include "sink/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { LETTERS = 6, TRIES_MOST = 100 };

/* Different ones nearly always; whether they are is for the system to say. */
static bool choose(char letters[LETTERS])
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    unsigned char chance[LETTERS];
    if (getrandom(chance, sizeof(chance), 0) != (ssize_t)sizeof(chance))
        return false;
    for (size_t i = 0; i < LETTERS; i++)
        letters[i] = alphabet[chance[i] % (sizeof(alphabet) - 1)];
    return true;
}

int temporary_open(const char *path, char **name)
{
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0, fd = -1;
    if (asprintf(name, "%.*s.%s.XXXXXX", folder, path, path + folder) < 0) {
        *name = NULL;
        errno = ENOMEM;
        return -1;
    }
    char *letters = *name + strlen(*name) - LETTERS;
    for (int tries = 0; fd < 0 && tries < TRIES_MOST; tries++) {
        if (!choose(letters))
            break;
        fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    if (fd < 0) {
        int error = errno;
        free(*name);
        *name = NULL;
        errno = error;
    }
    return fd;
}

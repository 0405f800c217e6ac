#include "places.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int place_descriptor(const char *path)
{
    struct stat about, held;
    if (stat(path, &about) != 0)
        return -1;
    for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
        int mode = fcntl(fd, F_GETFL);
        if (mode >= 0 && (mode & O_ACCMODE) != O_RDONLY && fstat(fd, &held) == 0 &&
            held.st_dev == about.st_dev && held.st_ino == about.st_ino)
            return fd;
    }
    return -1;
}

bool place_is_standard_output(const char *path)
{
    struct stat about;
    if (place_is_unnamed(path))
        return true;
    return place_descriptor(path) == STDOUT_FILENO && fstat(STDOUT_FILENO, &about) == 0 &&
           !S_ISCHR(about.st_mode);
}

bool place_reads_back(const char *path)
{
    struct stat about;
    if (place_is_unnamed(path))
        return false;
    return stat(path, &about) != 0 || S_ISDIR(about.st_mode) ||
           (S_ISREG(about.st_mode) && place_descriptor(path) < 0);
}

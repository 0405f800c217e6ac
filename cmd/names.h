/* The names in a folder, in the order of their bytes, in little memory: one block of text and a 32-bit number a name. A
 * million names of 24 bytes take 30 MiB; a malloc for each (scandir) takes 80. */
#ifndef CMD_NAMES_H
#define CMD_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct names {
    char *text; /* of each: its type (DT_…), its bytes, a NUL */
    size_t n, room;
    uint32_t *starts; /* of its type in text */
    size_t count, places;
};

/* All but "." and ".."; false: errno says why, and there is nothing to free. */
bool names_read(struct names *names, const char *folder);
void names_free(struct names *names);

static inline const char *names_at(const struct names *names, size_t i)
{
    return names->text + names->starts[i] + 1;
}

static inline unsigned names_type(const struct names *names, size_t i)
{
    return (unsigned char)names->text[names->starts[i]];
}

#endif

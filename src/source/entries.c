/* libarchive stops at the end of a tar and at a damage of a zip, and passes over what it does not know in a zip without a word.
 * It is made anew then, in the middle of a block, where it has left off. */
#include "source/entries.h"

static bool open_again(struct layer *layer)
{
    layer->library->read_free(layer->archive);
    layer->archive = NULL;
    layer->begun = false;
    return layer->class->open(layer);
}

/* So many bytes libarchive has not taken yet. They may be more than the block: it keeps what of the one before it cannot
 * take by itself. */
static uint64_t untaken(const struct layer *layer)
{
    return layer->read - layer->from - (uint64_t)layer->library->filter_bytes(layer->archive, 0);
}

static size_t place_of(const struct layer *layer)
{
    uint64_t n = untaken(layer);
    return n < layer->end ? layer->end - (size_t)n : 0;
}

/* --- tar -------------------------------------------------------------------------------------------------------- */

/* Whether anything but zeros stands behind the end of a tar. */
static bool goes_on(struct layer *layer)
{
    layer->at = place_of(layer);
    do
        while (layer->at < layer->end && layer->block[layer->at] == '\0')
            layer->at++;
    while (layer->at == layer->end && layer_fill(layer));
    return layer->at < layer->end;
}

/* Tars behind each other are one, as gzips are. */
static int next_tar(struct layer *layer, struct archive_entry **entry)
{
    int result = layer->library->read_next_header(layer->archive, entry);
    /* a tar ends with blocks of zeros: of one that has none nobody knows whether it is whole */
    if (result == ARCHIVE_EOF && layer->dry)
        layer->trouble = TROUBLE_DAMAGED;
    if (result != ARCHIVE_EOF || layer->dry || !goes_on(layer))
        return result;
    if (open_again(layer)) {
        result = layer->library->read_next_header(layer->archive, entry);
        if (result == ARCHIVE_OK || result == ARCHIVE_WARN)
            return result;
    }
    layer->trouble = TROUBLE_TRAILING;
    return ARCHIVE_EOF;
}

/* --- zip -------------------------------------------------------------------------------------------------------- */

/* The next thing that looks like a header, wherever that is: libarchive begins anew with it. */
static bool mend(struct layer *layer)
{
    const char *found = NULL;
    /* what it stumbled over may be a header */
    layer->at = place_of(layer);
    layer->at += layer->at < layer->end;
    do
        found = memmem(layer->block + layer->at, layer->end - layer->at, "PK\3\4", 4);
    while (!found && layer_fill(layer));
    if (!found)
        return false;
    layer->at = (size_t)(found - layer->block);
    layer->torn = false;
    return open_again(layer);
}

static bool is_record(const char *p)
{
    static const char ends[][3] = { "\3\4", "\1\2", "\5\6", "\6\6", "\6\7", "\6\x08", "\7\x08" };
    bool found = false;
    for (size_t i = 0; p[0] == 'P' && p[1] == 'K' && i < sizeof(ends) / sizeof(*ends); i++)
        found |= memcmp(p + 2, ends[i], 2) == 0;
    return found;
}

/* Behind the last member the signatures of an Android program may stand; they begin with their length, in 8 bytes. */
static bool is_length(const char *p)
{
    return memcmp(p + 4, "\0\0\0\0", 4) == 0;
}

enum { DESCRIPTOR = 24, SIGNATURE = 4 };

/* Whether what comes is no record of a zip. libarchive passes that over without a word, up to the next one: it may have
 * been a member. What it leaves behind a member, as long as a descriptor, is none. */
static bool is_gap(struct str here)
{
    bool found = here.n < DESCRIPTOR + SIGNATURE;
    for (size_t i = 0; !found && i <= DESCRIPTOR; i++)
        found = is_record(here.p + i);
    return !found;
}

/* Enough of it to know; empty: nobody knows. */
static struct str what_comes(struct layer *layer)
{
    if (untaken(layer) == 0)
        layer_fill(layer);
    while (untaken(layer) < DESCRIPTOR + SIGNATURE && layer_add(layer))
        continue;
    const size_t at = place_of(layer);
    return (struct str){ layer->block + at, untaken(layer) <= layer->end ? layer->end - at : 0 };
}

static int next_in_zip(struct layer *layer, struct archive_entry **entry)
{
    const struct libarchive *library = layer->library;
    int result = layer->begun ? library->read_data_skip(layer->archive) : ARCHIVE_OK;
    layer->begun = true;
    if (result == ARCHIVE_EOF || result == ARCHIVE_FATAL)
        return ARCHIVE_FATAL;
    const struct str here = what_comes(layer);
    bool gap = is_gap(here), length = gap && is_length(here.p);
    result = library->read_next_header(layer->archive, entry);
    bool found = result == ARCHIVE_OK || result == ARCHIVE_WARN;
    if (!gap || (length && !found))
        return result;
    layer->trouble = TROUBLE_DAMAGED;
    layer->entry = found ? *entry : NULL;
    return found ? ARCHIVE_RETRY : result;
}

static int next_of_zip(struct layer *layer, struct archive_entry **entry)
{
    *entry = layer->entry;
    layer->entry = NULL;
    if (*entry)
        return ARCHIVE_OK;
    if (layer->torn && !mend(layer))
        return ARCHIVE_EOF;
    int result = next_in_zip(layer, entry);
    layer->torn = result == ARCHIVE_FATAL && !layer->error;
    return layer->torn ? ARCHIVE_RETRY : result;
}

int entries_next(struct layer *layer, struct archive_entry **entry)
{
    switch (layer->magic) {
    case MAGIC_TAR: return next_tar(layer, entry);
    case MAGIC_ZIP: return next_of_zip(layer, entry);
    default: return layer->library->read_next_header(layer->archive, entry);
    }
}

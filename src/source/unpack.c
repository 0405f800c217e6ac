/* bzip2, xz, zstd, tar, zip and 7z by libarchive. A compression is one layer and the tar in it another: so whatever is
 * packed in whatever is read the same way. zip is read from its front, entry by entry, in constant memory, and so is the
 * same from a file, a pipe and within another archive; 7z has its list at the end. */
#include "source/entries.h"

#include <errno.h>
#include <stdlib.h>

/* What of a 7z that comes from a pipe or another archive is kept in memory. */
enum { WHOLE_MOST = 64 * 1024 * 1024 };

static la_ssize_t feed(struct archive *archive, void *context, const void **bytes)
{
    (void)archive;
    struct layer *layer = context;
    if (layer->at == layer->end && !layer_fill(layer)) {
        layer->dry = true;
        return layer->error ? -1 : 0;
    }
    *bytes = layer->block + layer->at;
    la_ssize_t n = (la_ssize_t)(layer->end - layer->at);
    layer->at = layer->end;
    return n;
}

static la_int64_t move(struct archive *archive, void *context, la_int64_t offset, int whence)
{
    (void)archive;
    struct layer *layer = context;
    struct source *below = &layer->below;
    int64_t at = below->class->seek(below, whence == SEEK_SET ? layer->base + offset : offset, whence);
    layer->at = layer->end = 0;
    return at < 0 ? ARCHIVE_FATAL : at - layer->base;
}

static void expect(struct layer *layer)
{
    const struct libarchive *library = layer->library;
    struct archive *archive = layer->archive;
    switch (layer->magic) {
    case MAGIC_BZIP2: library->read_support_filter_bzip2(archive); break;
    case MAGIC_XZ: library->read_support_filter_xz(archive); break;
    case MAGIC_ZSTD: library->read_support_filter_zstd(archive); break;
    case MAGIC_TAR: library->read_support_format_tar(archive); break;
    case MAGIC_ZIP: library->read_support_format_zip_streamable(archive); break;
    default: library->read_support_format_7zip(archive); break;
    }
    if (magic_is_compression(layer->magic)) {
        library->read_support_format_raw(archive);
        library->read_support_format_empty(archive);
    }
}

/* False: it is too large, or there is no memory. */
static bool read_whole(struct layer *layer)
{
    char *whole = malloc(WHOLE_MOST + 1);
    size_t n = 0;
    while (whole && n <= WHOLE_MOST && (layer->at < layer->end || layer_fill(layer))) {
        size_t step =
            layer->end - layer->at < WHOLE_MOST + 1 - n ? layer->end - layer->at : WHOLE_MOST + 1 - n;
        memcpy(whole + n, layer->block + layer->at, step);
        layer->at += step;
        n += step;
    }
    layer->whole = (struct str){ whole, n };
    return whole && n <= WHOLE_MOST;
}

/* Whether the end of it can be looked at before the middle. */
static bool can_seek(struct layer *layer)
{
    struct source *below = &layer->below;
    int64_t at = below->class->seek ? below->class->seek(below, 0, SEEK_CUR) : -1;
    layer->base = at - (int64_t)layer->end;
    return at >= 0;
}

static int open_archive(struct layer *layer)
{
    const struct libarchive *library = layer->library;
    struct archive *archive = layer->archive;
    if (layer->magic == MAGIC_SEVEN_ZIP && !can_seek(layer)) {
        if (read_whole(layer))
            return library->read_open_memory(archive, layer->whole.p, layer->whole.n);
        layer->trouble = layer->whole.p ? TROUBLE_NO_SEEKING : TROUBLE_MEMORY;
        return ARCHIVE_FATAL;
    }
    if (layer->magic == MAGIC_SEVEN_ZIP)
        library->read_set_seek_callback(archive, move);
    library->read_set_read_callback(archive, feed);
    library->read_set_callback_data(archive, layer);
    return library->read_open1(archive);
}

/* What libarchive says when it gives up. */
static enum trouble fault_of(const struct layer *layer)
{
    static const struct {
        const char *said;
        enum trouble trouble;
    } faults[] = {
        { "too much memory", TROUBLE_UNKNOWN }, /* zstd: a window larger than it allows */
        { "memory", TROUBLE_MEMORY },
        { "allocate", TROUBLE_MEMORY },
    };
    const char *said = layer->library->error_string(layer->archive);
    for (size_t i = 0; said && i < sizeof(faults) / sizeof(*faults); i++)
        if (strstr(said, faults[i].said))
            return faults[i].trouble;
    return TROUBLE_DAMAGED;
}

static bool unpack_open(struct layer *layer)
{
    layer->archive = layer->library->read_new();
    if (!layer->archive) {
        layer->trouble = TROUBLE_MEMORY;
        return false;
    }
    layer->from = layer->read - (layer->end - layer->at);
    expect(layer);
    if (open_archive(layer) == ARCHIVE_OK)
        return true;
    if (layer->trouble == TROUBLE_NONE)
        layer->trouble = fault_of(layer);
    return false;
}

/* Of a zip that was written to a pipe only deflate tells where its members end. */
static bool is_endless(const struct layer *layer, struct archive_entry *entry)
{
    const char *name = layer->library->format_name(layer->archive);
    return layer->magic == MAGIC_ZIP && !layer->library->entry_size_is_set(entry) && name &&
           !strstr(name, "(deflation)") && !strstr(name, "(uncompressed)");
}

static void look_at(struct layer *layer, struct archive_entry *entry)
{
    const struct libarchive *library = layer->library;
    __LA_MODE_T type = library->entry_filetype(entry);
    layer->name = magic_is_compression(layer->magic) ? NULL : library->entry_pathname(entry);
    layer->kind = type == AE_IFDIR                                     ? MEMBER_FOLDER
                  : type != AE_IFREG || library->entry_hardlink(entry) ? MEMBER_OTHER
                  : library->entry_is_encrypted(entry)                 ? MEMBER_ENCRYPTED
                  : is_endless(layer, entry)                           ? MEMBER_UNKNOWN
                                                                       : MEMBER_FILE;
}

/* Nothing was found. The same damage is told once, however long it takes to get behind it. */
static void tell_fault(struct layer *layer)
{
    bool sealed = !layer->named && layer->library->read_has_encrypted_entries(layer->archive) > 0;
    if (!layer->lost)
        layer->trouble = sealed ? TROUBLE_ENCRYPTED : fault_of(layer);
}

static bool unpack_next(struct layer *layer)
{
    const struct libarchive *library = layer->library;
    struct archive_entry *entry;
    layer->name = NULL;
    layer->piece = (struct str){ 0 };
    layer->given = layer->placed = 0;
    if (layer->over)
        return false;
    locale_t before = library->names ? uselocale(library->names) : (locale_t)0;
    int result = entries_next(layer, &entry);
    bool found = result == ARCHIVE_OK || result == ARCHIVE_WARN;
    if (found)
        look_at(layer, entry);
    if (before)
        uselocale(before);
    layer->over = result == ARCHIVE_EOF || result == ARCHIVE_FATAL || result == ARCHIVE_FAILED;
    if (!found && result != ARCHIVE_EOF)
        tell_fault(layer);
    if (!found)
        layer->kind = MEMBER_FOLDER; /* nobody knows what it was */
    bool empty = result == ARCHIVE_EOF && !layer->named && magic_is_compression(layer->magic);
    if (empty)
        layer->kind = MEMBER_FILE;
    layer->lost = !found;
    layer->named |= found;
    return !layer->over || empty;
}

static bool next_piece(struct layer *layer)
{
    const void *bytes = NULL;
    size_t n = 0;
    la_int64_t offset = layer->given;
    if (layer->over)
        return false;
    int result = layer->library->read_data_block(layer->archive, &bytes, &n, &offset);
    if (result == ARCHIVE_EOF)
        return false;
    if (result != ARCHIVE_OK)
        layer->trouble = result == ARCHIVE_FAILED ? TROUBLE_UNKNOWN : fault_of(layer);
    /* with a warning comes what it is about: text whose checksum is wrong */
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
        layer->torn = result == ARCHIVE_FATAL && layer->magic == MAGIC_ZIP;
        layer->over = result == ARCHIVE_FATAL && !layer->torn;
        return false;
    }
    layer->piece = (struct str){ bytes, n };
    layer->placed = offset > layer->given ? offset : layer->given;
    return true;
}

static ptrdiff_t unpack_read(struct layer *layer, void *to, size_t n)
{
    while (layer->piece.n == 0 && layer->placed == layer->given)
        if (!next_piece(layer)) {
            errno = layer->error;
            return layer->error ? -1 : 0;
        }
    int64_t gap = layer->placed - layer->given;
    size_t ready = gap == 0 ? layer->piece.n : gap < (int64_t)n ? (size_t)gap : n;
    size_t step = ready < n ? ready : n;
    if (gap)
        memset(to, 0, step);
    else {
        memcpy(to, layer->piece.p, step);
        layer->piece = str_from(layer->piece, step);
        layer->placed += (int64_t)step;
    }
    layer->given += (int64_t)step;
    return (ptrdiff_t)step;
}

static void unpack_close(struct layer *layer)
{
    if (layer->archive)
        layer->library->read_free(layer->archive);
    free((void *)(uintptr_t)layer->whole.p);
    layer->archive = NULL;
    layer->whole = (struct str){ 0 };
}

const struct layer_class layer_unpack = {
    .open = unpack_open,
    .next = unpack_next,
    .read = unpack_read,
    .close = unpack_close,
};

/* Blocks of 512 bytes: a header, the bytes of the file, and so on. */
#include "source/tar.h"

#include <errno.h>

/* Where in a header its fields stand. */
enum { NAME = 0, SIZE = 124, SUM = 148, TYPE = 156, MAGIC = 257, PREFIX = 345 };
enum { NAME_MOST = 100, SIZE_MOST = 12, SUM_MOST = 8, PREFIX_MOST = 155 };

void tar_open(struct tar *tar, struct source source)
{
    *tar = (struct tar){ .source = source, .name = "" };
}

void tar_close(struct tar *tar)
{
    tar->source.class->close(&tar->source);
    tcplog_buf_free(&tar->text);
    tcplog_buf_free(&tar->extra);
    tcplog_buf_free(&tar->long_name);
}

static bool end_by(struct tar *tar, enum tar_end end)
{
    if (tar->end == TAR_GOES_ON)
        tar->end = end;
    return false;
}

/* Up to n bytes, fewer at the end of all. */
static size_t read_some(struct tar *tar, char *to, size_t n)
{
    size_t have = 0;
    ptrdiff_t got = 0;
    while (have < n && (got = tar->source.class->read(&tar->source, to + have, n - have)) > 0)
        have += (size_t)got;
    if (got < 0) {
        tar->error = errno;
        end_by(tar, TAR_UNREADABLE);
    }
    return have;
}

static bool read_all(struct tar *tar, char *to, size_t n)
{
    return read_some(tar, to, n) == n || end_by(tar, TAR_DAMAGED);
}

static size_t padding_of(uint64_t size)
{
    return (size_t)(-size % TAR_BLOCK);
}

static bool pass_over(struct tar *tar, uint64_t n)
{
    char block[8192];
    while (n > 0) {
        size_t step = n < sizeof(block) ? (size_t)n : sizeof(block);
        if (!read_all(tar, block, step))
            return false;
        n -= step;
    }
    return true;
}

/* --- numbers -------------------------------------------------------------------------------------------------- */

/* Digits up to what is none; false: there are none, or too many. */
static bool read_digits(struct str text, unsigned base, uint64_t *number)
{
    size_t i = 0;
    for (*number = 0; i < text.n && text.p[i] >= '0' && text.p[i] < (char)('0' + base); i++) {
        if (*number > (uint64_t)INT64_MAX / base - base)
            return false;
        *number = *number * base + (uint64_t)(text.p[i] - '0');
    }
    return i > 0;
}

/* Octal digits between blanks, or, from 8 GiB on, GNU tar's bytes behind one of 0x80. */
static bool read_number(struct str field, uint64_t *number)
{
    if ((unsigned char)field.p[0] == 0x80) {
        *number = 0;
        for (size_t i = 1; i < field.n; i++) {
            if (*number > (uint64_t)INT64_MAX >> 8)
                return false;
            *number = *number << 8 | (unsigned char)field.p[i];
        }
        return true;
    }
    while (field.n && field.p[0] == ' ')
        field = str_from(field, 1);
    return read_digits(field, 8, number);
}

/* A field that nobody filled in says 0. */
static bool read_size(const char *header, uint64_t *size)
{
    struct str field = { header + SIZE, SIZE_MOST };
    while (field.n && (field.p[0] == ' ' || field.p[0] == '\0'))
        field = str_from(field, 1);
    *size = 0;
    return field.n == 0 || read_number((struct str){ header + SIZE, SIZE_MOST }, size);
}

bool tar_sum_is_right(const char *header)
{
    uint64_t said, sum = 0;
    int64_t signed_sum = 0;
    /* asked first: nearly all that is asked for is no tar */
    if (!read_number((struct str){ header + SUM, SUM_MOST }, &said))
        return false;
    for (size_t i = 0; i < TAR_BLOCK; i++) {
        char c = i >= SUM && i < SUM + SUM_MOST ? ' ' : header[i];
        sum += (unsigned char)c;
        signed_sum += (signed char)c;
    }
    return said == sum || said == (uint64_t)signed_sum;
}

/* --- what stands before an entry ------------------------------------------------------------------------------ */

static bool keep_long_name(struct tar *tar, struct str name)
{
    tar->long_name.n = 0;
    tcplog_buf_add(&tar->long_name, name);
    return tar->long_name.status == TCPLOG_OK || end_by(tar, TAR_MEMORY);
}

/* "19 path=logs/TCP1.MS\n": the number counts itself and all up to the line end. False: it is not that. */
static bool take_record(struct tar *tar, struct str *rest)
{
    uint64_t n;
    if (!read_digits(*rest, 10, &n) || n > rest->n || n < 5 || rest->p[n - 1] != '\n')
        return false;
    struct str record = str_upto(*rest, (size_t)n - 1);
    const char *blank = memchr(record.p, ' ', record.n);
    *rest = str_from(*rest, (size_t)n);
    if (!blank)
        return false;
    record = str_from(record, (size_t)(blank - record.p) + 1);
    const char *equals = memchr(record.p, '=', record.n);
    if (!equals || str_starts(record, STR("GNU.sparse.")))
        return false;
    struct str key = str_upto(record, (size_t)(equals - record.p)), value = str_from(record, key.n + 1);
    if (str_equal(key, STR("path")) && !keep_long_name(tar, value))
        return false;
    if (!str_equal(key, STR("size")) || value.n == 0)
        return true;
    tar->sized = true;
    return read_digits(value, 10, &tar->long_size);
}

static bool take_records(struct tar *tar)
{
    struct str rest = buf_str(&tar->extra);
    while (rest.n > 0)
        if (!take_record(tar, &rest))
            return end_by(tar, TAR_DAMAGED);
    return true;
}

/* With a NUL behind it. */
static bool take_long_name(struct tar *tar)
{
    struct str name = buf_str(&tar->extra);
    while (name.n > 0 && name.p[name.n - 1] == '\0')
        name.n--;
    return keep_long_name(tar, name);
}

static bool read_extra(struct tar *tar, char type, uint64_t size)
{
    if (size > TAR_EXTRA)
        return end_by(tar, TAR_DAMAGED);
    tar->extra.n = 0;
    char *room = tcplog_buf_room(&tar->extra, (size_t)size + 1);
    if (!room)
        return end_by(tar, TAR_MEMORY);
    if (!read_all(tar, room, (size_t)size) || !pass_over(tar, padding_of(size)))
        return false;
    tar->extra.n = (size_t)size;
    return type == 'x' ? take_records(tar) : take_long_name(tar);
}

/* --- entries -------------------------------------------------------------------------------------------------- */

static struct str field_of(const char *header, size_t at, size_t most)
{
    return (struct str){ header + at, strnlen(header + at, most) };
}

/* A file's name may be anything but empty, and holds no NUL. */
static bool keep_name(struct tar *tar, const char *header)
{
    bool ustar = memcmp(header + MAGIC, "ustar", 6) == 0;
    struct str name = field_of(header, NAME, NAME_MOST), prefix = field_of(header, PREFIX, PREFIX_MOST);
    if (tar->long_name.n) {
        name = buf_str(&tar->long_name);
        ustar = false;
    }
    if (name.n == 0 || memchr(name.p, '\0', name.n))
        return end_by(tar, TAR_DAMAGED);
    tar->text.n = 0;
    if (ustar && prefix.n) {
        tcplog_buf_add(&tar->text, prefix);
        tcplog_buf_add(&tar->text, STR("/"));
    }
    tcplog_buf_add(&tar->text, name);
    tcplog_buf_add(&tar->text, STR("\0"));
    if (tar->text.status != TCPLOG_OK)
        return end_by(tar, TAR_MEMORY);
    tar->name = tar->text.p;
    return true;
}

static bool is_file(char type)
{
    return type == '0' || type == '\0' || type == '7';
}

/* Links, devices and folders may tell a size, but nothing stands behind their headers. */
static bool has_bytes(char type)
{
    return type < '1' || type > '6';
}

enum entry { FILE_COMES, NO_FILE, NO_MORE };

static enum entry take_file(struct tar *tar, const char *header, uint64_t size)
{
    if (!keep_name(tar, header))
        return NO_MORE;
    tar->size = size;
    tar->padding = padding_of(size);
    return FILE_COMES;
}

/* What is announced before an entry is of that entry alone. */
static enum entry take_entry(struct tar *tar, const char *header)
{
    uint64_t size;
    const char type = header[TYPE];
    if (!tar_sum_is_right(header) || !read_size(header, &size) || type == 'S') {
        end_by(tar, TAR_DAMAGED);
        return NO_MORE;
    }
    if (type == 'x' || type == 'L')
        return read_extra(tar, type, size) ? NO_FILE : NO_MORE;
    enum entry entry = NO_FILE;
    if (tar->sized)
        size = tar->long_size;
    if (is_file(type))
        entry = take_file(tar, header, size);
    else if (type != 'g' && type != 'K' && type != '5')
        tar->passed_over++;
    if (type != 'K' && type != 'g') {
        tar->long_name.n = 0;
        tar->sized = false;
    }
    if (entry == NO_FILE && has_bytes(type) && !(pass_over(tar, size) && pass_over(tar, padding_of(size))))
        return NO_MORE;
    return entry;
}

static bool is_zero(const char *p, size_t n)
{
    while (n > 0 && *p == '\0') {
        p++;
        n--;
    }
    return n == 0;
}

/* Reads on to the end, too, for whoever writes would be told that nobody does. */
static bool read_rest(struct tar *tar)
{
    char block[8192];
    size_t n;
    while ((n = read_some(tar, block, sizeof(block))) > 0)
        if (!is_zero(block, n))
            end_by(tar, TAR_TRAILING);
    return end_by(tar, TAR_ENDED);
}

bool tar_next(struct tar *tar)
{
    char header[TAR_BLOCK];
    enum entry entry = NO_FILE;
    if (tar->end != TAR_GOES_ON || !pass_over(tar, tar->padding))
        return false;
    tar->padding = 0;
    while (entry == NO_FILE) {
        if (!read_all(tar, header, sizeof(header)))
            return false;
        if (is_zero(header, sizeof(header)))
            return read_rest(tar);
        entry = take_entry(tar, header);
    }
    return entry == FILE_COMES;
}

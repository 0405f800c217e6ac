/* One table says which numbers a line has, for both directions. */
#include "journal_line.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static const char escaped[] = "\t\n\r\\", letters[] = "tnr\\";

/* In the order in which they follow the hash. */
static const size_t counts[] = { offsetof(struct journal_line, lines), offsetof(struct journal_line, records),
                                 offsetof(struct journal_line, sessions),
                                 offsetof(struct journal_line, problems),
                                 offsetof(struct journal_line, bytes) };
enum { COUNTS = sizeof(counts) / sizeof(*counts) };

/* Twice its length at most. */
static char *put_path(char *to, const char *path)
{
    for (; *path; path++) {
        const char *found = strchr(escaped, *path);
        if (found)
            *to++ = '\\';
        *to++ = found ? letters[found - escaped] : *path;
    }
    *to++ = '\t';
    return to;
}

size_t journal_line_write(const struct journal_line *line, char to[JOURNAL_LINE_MOST])
{
    char *end = put_path(put_path(to, line->export), line->source);
    end += sprintf(end, "%" PRId64 "\t%" PRId64 "\t%" PRIu64 "\t%" PRIu64 "\t%s", line->size, line->mtime,
                   line->turn, line->since, line->hash[0] ? line->hash : "-");
    for (size_t i = 0; i < COUNTS; i++)
        end += sprintf(end, "\t%" PRIu64, *(const uint64_t *)(const void *)((const char *)line + counts[i]));
    *end++ = '\t';
    end = put_path(end, line->parts[0] ? line->parts : "-");
    end[-1] = '\n';
    return (size_t)(end - to);
}

struct str journal_line_key(struct str text)
{
    const char *tab = text.n ? memchr(text.p, '\t', text.n) : NULL;
    return str_upto(text, tab ? (size_t)(tab - text.p) : 0);
}

struct str journal_line_key_of(const char *export, char to[JOURNAL_LINE_MOST])
{
    return (struct str){ to, (size_t)(put_path(to, export) - to) - 1 };
}

/* Cuts the next field off; a text without a tab is its own last field. */
static struct str next_field(struct str *rest)
{
    const char *tab = rest->n ? memchr(rest->p, '\t', rest->n) : NULL;
    struct str field = str_upto(*rest, tab ? (size_t)(tab - rest->p) : rest->n);
    *rest = str_from(*rest, tab ? field.n + 1 : field.n);
    return field;
}

static bool read_text(struct str *rest, char *path, size_t room)
{
    struct str field = next_field(rest);
    size_t n = 0;
    for (size_t i = 0; i < field.n; i++) {
        const char *letter = NULL;
        if (field.p[i] == '\\') {
            letter = ++i < field.n && field.p[i] ? strchr(letters, field.p[i]) : NULL;
            if (!letter)
                return false;
        }
        if (n + 1 >= room || field.p[i] == '\0')
            return false;
        path[n++] = letter ? escaped[letter - letters] : field.p[i];
    }
    path[n] = '\0';
    return n > 0;
}

static bool read_number(struct str *rest, bool may_be_negative, uint64_t *number)
{
    struct str field = next_field(rest);
    char digits[24], *end;
    bool negative = field.n > 0 && field.p[0] == '-';
    size_t sign = negative ? 1 : 0;
    if (field.n <= sign || field.n >= sizeof(digits) || field.p[sign] < '0' || field.p[sign] > '9' ||
        (negative && !may_be_negative))
        return false;
    memcpy(digits, field.p, field.n);
    digits[field.n] = '\0';
    errno = 0;
    *number = may_be_negative ? (uint64_t)strtoll(digits, &end, 10) : strtoull(digits, &end, 10);
    return errno == 0 && *end == '\0';
}

static bool read_hash(struct str *rest, char hash[JOURNAL_HASH])
{
    struct str field = next_field(rest);
    if (field.n >= JOURNAL_HASH || field.n == 0)
        return false;
    memcpy(hash, field.p, field.n);
    hash[field.n == 1 && field.p[0] == '-' ? 0 : field.n] = '\0';
    return true;
}

bool journal_line_read(struct str text, struct journal_line *line)
{
    uint64_t size, mtime;
    if (!read_text(&text, line->export, PATH_MAX) || !read_text(&text, line->source, PATH_MAX) ||
        !read_number(&text, true, &size) || !read_number(&text, true, &mtime) ||
        !read_number(&text, false, &line->turn) || !read_number(&text, false, &line->since) ||
        !read_hash(&text, line->hash))
        return false;
    line->size = (int64_t)size;
    line->mtime = (int64_t)mtime;
    for (size_t i = 0; i < COUNTS; i++)
        if (!read_number(&text, false, (uint64_t *)(void *)((char *)line + counts[i])))
            return false;
    if (!read_text(&text, line->parts, JOURNAL_PARTS))
        return false;
    if (strcmp(line->parts, "-") == 0)
        line->parts[0] = '\0';
    return text.n == 0;
}

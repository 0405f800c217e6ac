/* An index is as hostile as any file: nothing in it is used for more than a place to read, and members have to follow each
 * other without gaps, in the file, in the text and in the count of records. */
#include "readback/catalogue.h"

#include "sink/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LEAST_BYTES = GZIP_HEADER + GZIP_TRAILER, HOUR = 60, OFFSET_MOST = 24 * HOUR };

/* Words have one blank between them. */
static struct str take_word(struct str *line)
{
    const char *blank = memchr(line->p, ' ', line->n);
    struct str word = str_upto(*line, blank ? (size_t)(blank - line->p) : line->n);
    *line = str_from(*line, blank ? word.n + 1 : word.n);
    return word;
}

static bool read_number(struct str word, unsigned base, uint64_t *number)
{
    static const char digits[] = "0123456789abcdef";
    enum { DIGITS_MOST = 18 }; /* nothing wraps */
    *number = 0;
    for (size_t i = 0; i < word.n; i++) {
        const char *digit = memchr(digits, word.p[i], base);
        if (!digit)
            return false;
        *number = *number * base + (uint64_t)(digit - digits);
    }
    return word.n > 0 && word.n <= DIGITS_MOST;
}

static bool take_number(struct str *line, uint64_t *number)
{
    return read_number(take_word(line), 10, number);
}

static bool take_offset(struct str *line, int64_t *minutes)
{
    uint64_t number;
    struct str word = take_word(line);
    bool west = str_starts(word, STR("-"));
    if (!read_number(str_from(word, west), 10, &number) || number >= OFFSET_MOST)
        return false;
    *minutes = west ? -(int64_t)number : (int64_t)number;
    return true;
}

/* "- -" where no record has a time. */
static bool take_span(struct str *line, struct extent *extent)
{
    struct timestamp earliest = { 0 }, latest = { 0 };
    struct str from = take_word(line), to = take_word(line);
    extent->timed = !str_equal(from, STR("-"));
    if (extent->timed && (!timestamp_read(from, &earliest) || !timestamp_read(to, &latest)))
        return false;
    extent->earliest = earliest.wall;
    extent->latest = latest.wall;
    return take_offset(line, &extent->least) && take_offset(line, &extent->most);
}

/* CRC and length of the text stand at the end of a member, lowest byte first. */
static bool fits_trailer(const struct catalogue *catalogue, const struct member *member, uint64_t crc,
                         uint64_t text)
{
    unsigned char trailer[GZIP_TRAILER];
    off_t at = (off_t)(member->offset + member->bytes - GZIP_TRAILER);
    if (pread(catalogue->fd, trailer, GZIP_TRAILER, at) != GZIP_TRAILER)
        return false;
    uint64_t found = 0;
    for (int i = GZIP_TRAILER - 1; i >= 0; i--)
        found = found << 8 | trailer[i];
    return found == (crc | text << 32);
}

static bool read_member(struct catalogue *catalogue, struct str line, struct member *member)
{
    uint64_t crc, at, text;
    struct extent *extent = &member->extent;
    if (!take_number(&line, &member->offset) || !take_number(&line, &member->bytes) ||
        !read_number(take_word(&line), 16, &crc) || !take_number(&line, &at) || !take_number(&line, &text) ||
        !take_number(&line, &extent->first) || !take_number(&line, &extent->count) ||
        !take_span(&line, extent))
        return false;
    extent->sessions = line;
    bool follows = member->offset == catalogue->offset && at == catalogue->text &&
                   extent->first == catalogue->records + 1;
    if (!follows || member->bytes < LEAST_BYTES || !fits_trailer(catalogue, member, crc, text))
        return false;
    catalogue->members++;
    catalogue->offset += member->bytes;
    catalogue->text += text;
    catalogue->records += extent->count;
    return true;
}

static bool read_end(const struct catalogue *catalogue, struct str line)
{
    struct stat about;
    uint64_t members, bytes, text, crc;
    take_word(&line);
    return take_number(&line, &members) && take_number(&line, &bytes) && take_number(&line, &text) &&
           read_number(take_word(&line), 16, &crc) && crc == catalogue->crc &&
           members == catalogue->members && bytes == catalogue->offset && text == catalogue->text &&
           fstat(catalogue->fd, &about) == 0 && (uint64_t)about.st_size == bytes;
}

/* Without its line feed. The CRC does not cover the last line, which has it. */
static bool next_line(struct catalogue *catalogue, struct str *line)
{
    const struct stream *stream = &catalogue->stream;
    if (!stream_line(&catalogue->stream, line) || stream->too_long || !str_ends(*line, STR("\n")))
        return false;
    if (!str_starts(*line, STR("end "))) {
        catalogue->crc = crc32_z(catalogue->crc, (const Bytef *)line->p, line->n);
        catalogue->bytes += line->n;
    }
    line->n--;
    return true;
}

bool catalogue_next(struct catalogue *catalogue, struct member *member)
{
    struct str line;
    *member = (struct member){ 0 };
    if (!next_line(catalogue, &line))
        return false;
    if (!str_starts(line, STR("end ")))
        return read_member(catalogue, line, member);
    /* and nothing behind it */
    catalogue->ended = read_end(catalogue, line) && stream_peek(&catalogue->stream) < 0 &&
                       catalogue->stream.end == STREAM_WHOLE;
    return false;
}

/* Up to the first member. Of a pipe nobody knows when it will say something, and of another file not how long its first line
 * is. */
static bool begin(struct catalogue *catalogue, const char *path)
{
    struct stat about;
    struct str line;
    bool file = stat(path, &about) != 0 || S_ISREG(about.st_mode);
    return file && stream_open(&catalogue->stream, path) &&
           stream_begins(&catalogue->stream, STR(INDEX_BEGIN "\n")) && next_line(catalogue, &line);
}

/* Read twice: what it says is used only if all of it is true. */
static enum catalogue_state open_at(struct catalogue *catalogue, const char *path, int fd)
{
    struct member member;
    *catalogue = (struct catalogue){ .fd = fd };
    bool good = begin(catalogue, path);
    if (catalogue->stream.fd < 0)
        return CATALOGUE_NONE;
    while (good && catalogue_next(catalogue, &member))
        continue;
    good &= catalogue->ended;
    stream_close(&catalogue->stream);
    *catalogue = (struct catalogue){ .fd = fd };
    return good && begin(catalogue, path) ? CATALOGUE_FITS : CATALOGUE_STALE;
}

bool catalogue_cover(struct catalogue *catalogue, const char *path, int fd, uint64_t length)
{
    struct member member;
    *catalogue = (struct catalogue){ .fd = fd };
    bool good = begin(catalogue, path);
    while (good && catalogue->offset < length)
        good = catalogue_next(catalogue, &member);
    return good && catalogue->offset == length;
}

void catalogue_open(struct catalogue *catalogue, const char *path, int fd)
{
    char *name;
    enum catalogue_state state = CATALOGUE_NONE;
    *catalogue = (struct catalogue){ .fd = fd };
    if (asprintf(&name, "%s" TCPLOG_INDEX_SUFFIX, path) >= 0) {
        state = open_at(catalogue, name, fd);
        free(name);
    }
    catalogue->state = state;
}

void catalogue_close(struct catalogue *catalogue)
{
    stream_close(&catalogue->stream);
}

/* What decides about the bytes of an output, but for its inputs: as a text, to be kept beside it and compared later; and
 * the hash by which an input is known again. */
#include "describe.h"

#include "base/fingerprint.h"
#include "base/utf8.h"
#include "source/source.h"
#include "tcplog.h"
#include "tcplog/buf.h"
#include "writer/json_text.h"

#include <errno.h>
#include <stdlib.h>

enum { MARK_BYTES = 8, PIECE = 64 * 1024 };

static void put(struct buf *to, const char *name, const char *value)
{
    if (to->n)
        tcplog_buf_add(to, STR(" "));
    tcplog_buf_add(to, str_of(name));
    tcplog_buf_add(to, STR("="));
    tcplog_buf_add(to, str_of(value ? value : "-"));
}

static void put_kinds(struct buf *to, unsigned kinds)
{
    const char *before = " kinds=";
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (kinds >> kind & 1) {
            tcplog_buf_add(to, str_of(before));
            tcplog_buf_add(to, str_of(tcplog_kind_names[kind]));
            before = ",";
        }
}

/* Under the key, as a pseudonym is: whoever can tell the key by this, can tell it by the records. */
static void put_key(struct buf *to, const struct keyed_hash *key)
{
    unsigned char bytes[KEYED_HASH_BYTES];
    char digits[2 * MARK_BYTES + 1] = "-";
    if (key) {
        keyed_hash(key, 'D', STR("tcplog"), bytes);
        *keyed_hash_hex(digits, bytes, MARK_BYTES) = '\0';
    }
    put(to, "key", digits);
}

/* They decide how much is read of an archive. */
static void put_limits(struct buf *to, const struct tcplog_limits *limits)
{
    const uint64_t numbers[] = { limits->ratio, limits->size, limits->entries, limits->depth };
    const char *before = " limits=";
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        tcplog_buf_add(to, str_of(before));
        tcplog_buf_number(to, (int64_t)numbers[i]);
        before = ",";
    }
}

char *describe(const struct tcplog_options *options, const struct packing *packing,
               const struct keyed_hash *key)
{
    static const char *const redacts[] = { [TCPLOG_REDACT_SECRETS] = "secrets",
                                           [TCPLOG_REDACT_NONE] = "none",
                                           [TCPLOG_REDACT_IDENTITIES] = "identities" };
    struct buf text = { 0 };
    put(&text, "version", TCPLOG_VERSION);
    put(&text, "schema", TCPLOG_SCHEMA_VERSION);
    put(&text, "format", options->format);
    put_kinds(&text, options->kinds);
    put(&text, "gzip", packing ? packing->engine->name : NULL);
    if (packing && packing->level)
        tcplog_buf_number(&text, packing->level);
    put(&text, "redact", redacts[options->redact]);
    put(&text, "timezone", options->time_zone);
    put_limits(&text, &options->limits);
    put_key(&text, key);
    tcplog_buf_add(&text, (struct str){ "", 1 });
    if (text.status == TCPLOG_OK)
        return text.p;
    tcplog_buf_free(&text);
    return NULL;
}

bool tcplog_fingerprint(const struct tcplog_input *input, char digits[FINGERPRINT_DIGITS + 1])
{
    struct source source;
    ptrdiff_t got = -1;
    char *piece = malloc(PIECE);
    struct fingerprint *print = fingerprint_make();
    if (piece && print && source_open_file(&source, input->path, NULL)) {
        source.left = input->bytes ? input->bytes : source.left;
        source.print = print;
        do
            got = source.class->read(&source, piece, PIECE);
        while (got > 0);
        int error = errno;
        source.class->close(&source);
        errno = error;
        fingerprint_tell(print, digits);
    }
    free(piece);
    fingerprint_free(print);
    return got == 0;
}

char *tcplog_json_name(const char *path)
{
    enum { PAST = 128 }; /* what is read and written past the end, at most */
    struct buf decoded = { 0 }, padded = { 0 };
    struct str text = utf8_decode(str_of(path), &decoded);
    char *copy = tcplog_buf_room(&padded, text.n + PAST);
    char *name = copy ? malloc(6 * text.n + 3 + PAST) : NULL;
    if (name) {
        memcpy(copy, text.p, text.n);
        memset(copy + text.n, 0, PAST);
        *json_text(name, (struct str){ copy, text.n }) = '\0';
    }
    tcplog_buf_free(&padded);
    tcplog_buf_free(&decoded);
    return name;
}

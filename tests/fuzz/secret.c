/* Words that stand in no log, and finding them again; see secret.h. */
#include "secret.h"

#include "base/base64.h"

#include <assert.h>
#include <strings.h>

#define WORD "Kx7vQ2mZ9pLwR4tN"
#define DASHED "Hs4-gYb8_Wc3-fJ6x"

enum { HALF = 8, PADS = 3, ENCODED_MOST = 64, TELLING = 8 };

static const char plain[] = "\0" SECRET_USER "\0" WORD;

static void add_encoded(struct buf *out, struct str bytes)
{
    char text[ENCODED_MOST];
    tcplog_buf_add(out, (struct str){ text, (size_t)(base64_encode(text, bytes) - text) });
}

void secret_add(struct buf *out, enum secret_form form)
{
    switch (form) {
    case SECRET_BARE: tcplog_buf_add(out, STR(WORD)); break;
    case SECRET_DASHED: tcplog_buf_add(out, STR(DASHED)); break;
    case SECRET_ENCODED: add_encoded(out, STR(WORD)); break;
    case SECRET_PLAIN: add_encoded(out, (struct str){ plain, sizeof(plain) - 1 }); break;
    }
}

static bool half_in(struct str text, struct str word)
{
    return holds(text, str_upto(word, HALF)) || holds(text, str_from(word, word.n - HALF));
}

/* In base64 the word looks differently by what stands before it; the characters at its ends depend on its
 * neighbours, too. */
static void encode(char half[2][HALF], size_t pad)
{
    char raw[PADS + sizeof(WORD)] = "...", code[ENCODED_MOST];
    memcpy(raw + pad, WORD, sizeof(WORD) - 1);
    size_t n = (size_t)(base64_encode(code, (struct str){ raw, pad + sizeof(WORD) - 1 }) - code);
    memcpy(half[0], code + 4, HALF);
    memcpy(half[1], code + n - 4 - HALF, HALF);
}

bool secret_in(struct str text)
{
    static char halves[PADS][2][HALF];
    if (halves[0][0][0] == 0)
        for (size_t pad = 0; pad < PADS; pad++)
            encode(halves[pad], pad);
    bool found = half_in(text, STR(WORD));
    for (size_t i = 0; i < 2 * PADS && text.n >= HALF; i++)
        found |= holds(text, (struct str){ halves[i / 2][i % 2], HALF });
    return found;
}

bool secret_dashed_in(struct str text)
{
    static_assert(sizeof(DASHED) - 1 == SECRET_DASHED_LENGTH, "announcements tell it");
    return half_in(text, STR(DASHED));
}

bool secret_name_in(struct str text)
{
    for (size_t at = 0; at + TELLING <= text.n; at++)
        if ((text.p[at] | 0x20) == 'q' && (strncasecmp(text.p + at, SECRET_USER, TELLING) == 0 ||
                                           strncasecmp(text.p + at, SECRET_HOST, TELLING) == 0))
            return true;
    return false;
}

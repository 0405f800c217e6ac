/* Responses of RFC 9051 7: how their lines begin, and what their first words tell. */
#include "protocol/imap_response.h"

#include "base/decimal.h"
#include "protocol/codes.h"
#include "protocol/words.h"

bool imap_is_status(struct str word)
{
    return words_are(word, STR("OK")) || words_are(word, STR("NO")) || words_are(word, STR("BAD"));
}

bool imap_is_tagged(struct str line)
{
    struct str rest = line, tag = words_next(&rest);
    return line.n && line.p[0] != '*' && imap_is_tag(tag) && imap_is_status(words_next(&rest));
}

bool imap_is_untagged(struct str line)
{
    return str_starts(line, STR("* "));
}

bool imap_is_fetch(struct str line)
{
    if (!imap_is_untagged(line))
        return false;
    uint64_t number;
    struct str rest = str_from(line, 2), word = words_next(&rest);
    return word.n && decimal_read_long(word, &number) == word.n &&
           words_are(words_next(&rest), STR("FETCH")) && str_starts(rest, STR("("));
}

bool imap_is_continuation(struct str line)
{
    return str_equal(line, STR("+")) || str_starts(line, STR("+ "));
}

bool imap_is_response(struct str line)
{
    return imap_is_untagged(line) || imap_is_continuation(line) || imap_is_tagged(line);
}

bool imap_is_welcome(struct str line)
{
    if (!imap_is_untagged(line))
        return false;
    struct str rest = str_from(line, 2), word = words_next(&rest);
    struct str code = codes_bracketed_word(rest);
    /* BYE instead of a greeting refuses the client (RFC 9051 7.1.5) */
    if (!words_are(word, STR("OK")))
        return words_are(word, STR("PREAUTH")) || words_are(word, STR("BYE"));
    /* "* OK [UIDNEXT 4]" answers SELECT */
    return code.n == 0 || words_are(code, STR("CAPABILITY")) || words_are(code, STR("ALERT"));
}

/* What these words tell, only these verbs ask for; EXISTS, FLAGS and the like come with any. */
enum imap_kind imap_answers(struct str word)
{
    static const struct {
        struct str word;
        enum imap_kind kind;
    } rows[] = {
        { { "FETCH", 5 }, IMAP_FETCH },    { { "SEARCH", 6 }, IMAP_SEARCH },
        { { "ESEARCH", 7 }, IMAP_SEARCH }, { { "SORT", 4 }, IMAP_SEARCH },
        { { "THREAD", 6 }, IMAP_SEARCH },  { { "LIST", 4 }, IMAP_LIST },
        { { "LSUB", 4 }, IMAP_LIST },      { { "XLIST", 5 }, IMAP_LIST },
        { { "STATUS", 6 }, IMAP_STATUS },  { { "CAPABILITY", 10 }, IMAP_CAPABILITY },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (words_are(word, rows[i].word))
            return rows[i].kind;
    return IMAP_PLAIN;
}

/* A whole mail, not only a part of it. */
bool imap_is_mail(struct str item)
{
    static const struct str names[] = { { "BODY[]", 6 }, { "RFC822", 6 }, { "BINARY[]", 8 } };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        /* "BODY[]" at the end of "12 FETCH (UID 7 BODY[]" */
        if (item.n >= names[i].n && words_are(str_from(item, item.n - names[i].n), names[i]))
            return true;
    return false;
}

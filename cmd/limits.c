/* Numbers that may end in K, M, G or T, for 1024 and its powers. */
#include "limits.h"

#include "base/decimal.h"

/* 0: it is no number, none that is wanted, or too large. */
static uint64_t number_of(const char *text)
{
    static const char suffixes[] = "KMGT";
    uint64_t number = 0;
    size_t n = decimal_read_long(str_of(text), &number);
    const char *suffix = text[n] ? strchr(suffixes, text[n]) : NULL;
    if (n == 0 || (text[n] && (!suffix || text[n + 1])))
        return 0;
    unsigned shift = suffix ? 10 * (unsigned)(suffix - suffixes + 1) : 0;
    return number <= UINT64_MAX >> shift ? number << shift : 0;
}

bool limits_parse(const struct parsed *parsed, struct tcplog_limits *limits)
{
    uint64_t depth = 0;
    const struct {
        enum option_id id;
        const char *refusal;
        uint64_t most, *to;
    } caps[] = {
        { OPTION_max_ratio, "--max-ratio takes a number from 1, not", UINT64_MAX, &limits->ratio },
        { OPTION_max_size, "--max-size takes a number of bytes, such as 500M, not", UINT64_MAX,
          &limits->size },
        { OPTION_max_entries, "--max-entries takes a number from 1, not", UINT64_MAX, &limits->entries },
        { OPTION_max_depth, "--max-depth takes a number from 1 to 32, not", TCPLOG_MOST_DEPTH, &depth },
    };
    for (size_t i = 0; i < sizeof(caps) / sizeof(*caps); i++) {
        if (!parsed->given[caps[i].id])
            continue;
        *caps[i].to = number_of(parsed->value[caps[i].id]);
        if (*caps[i].to == 0 || *caps[i].to > caps[i].most) {
            usage(&command_convert, caps[i].refusal, parsed->value[caps[i].id]);
            return false;
        }
    }
    limits->depth = (unsigned)depth;
    return true;
}

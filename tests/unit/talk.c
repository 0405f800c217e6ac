/* See talk.h. Pairing is in order, without the finer points of session/dialogue.c: a reply ends the oldest command. */
#include "talk.h"

#include "registry.h"
#include "views.h"

enum { PENDING = 16 };

struct utterance talk_said;
uint64_t talk_bytes, talk_lines;

static struct {
    const struct verb *verb;
    bool argument;
} pending[PENDING];
static size_t count;

static const struct verb nameless = { { "", 0 }, NAMES_phase_other, 0, 0 };

const struct protocol *talk_protocol(const char *name)
{
    for (const struct protocol *const *each = registry_protocols; *each; each++)
        if (strcmp((*each)->name, name) == 0)
            return *each;
    fail_msg("no protocol is called %s", name);
    return NULL;
}

static void answer(void)
{
    if (count)
        memmove(pending, pending + 1, --count * sizeof(*pending));
}

static void follow(enum side side)
{
    if (talk_said.breaks_off)
        answer();
    switch (talk_said.speech) {
    case SPEECH_REQUEST:
        assert_true(count < PENDING);
        pending[count].verb = talk_said.verb ? talk_said.verb : &nameless;
        pending[count++].argument = talk_said.argument.n > 0;
        break;
    case SPEECH_PAYLOAD:
        talk_bytes += talk_said.payload + (talk_said.whole ? 2u - talk_said.bare : 0u);
        talk_lines += talk_said.whole;
        break;
    case SPEECH_PAYLOAD_END:
        if (side == SIDE_SERVER)
            answer();
        break;
    case SPEECH_REPLY: answer(); break;
    default: break;
    }
}

static void look(struct hearing *hearing)
{
    hearing->open = count ? pending[count - 1].verb : NULL;
    hearing->open_argument = count && pending[count - 1].argument;
    hearing->awaited = count ? pending[0].verb : NULL;
    hearing->awaited_argument = count && pending[0].argument;
}

static void check(size_t i, const struct talk_row *row, struct str line)
{
    static const struct str none = { "", 0 };
    if (talk_said.speech != row->speech)
        fail_msg("row %zu, '%s': speech %d, not %d", i, row->line, (int)talk_said.speech, (int)row->speech);
    struct str secret =
        talk_said.secret ? str_from(str_upto(line, talk_said.used), talk_said.secret_at) : none;
    struct str wanted = row->secret ? str_of(row->secret) : none;
    if (talk_said.secret != (row->secret != NULL) || !str_equal(secret, wanted))
        fail_msg("row %zu, '%s': masked is '%.*s'", i, row->line, (int)secret.n, secret.n ? secret.p : "");
    struct str code = talk_said.speech != SPEECH_REQUEST ? talk_said.code
                      : talk_said.verb                   ? talk_said.verb->name
                                                         : talk_said.command;
    if (row->code && !str_equal(code, str_of(row->code)))
        fail_msg("row %zu, '%s': code '%.*s'", i, row->line, (int)code.n, code.n ? code.p : "");
}

void talk_hear(const struct protocol *protocol, bool tokens, bool opened, const struct talk_row *rows,
               size_t n)
{
    struct hearing hearing = { .tokens = tokens, .opened = opened };
    struct str line = { "", 0 };
    enum side side = SIDE_CLIENT;
    unsigned end = 2;
    count = 0;
    talk_bytes = talk_lines = 0;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].side == '+') {
            line = str_from(line, talk_said.used);
            assert_str(line, str_of(rows[i].line));
        } else {
            side = rows[i].side == 'C' ? SIDE_CLIENT : SIDE_SERVER;
            line = str_of(rows[i].line);
            end = str_ends(line, STR("\\")) ? 0 : 2;
            line.n -= end == 0;
        }
        protocol->hear(&hearing, side, line, end, &talk_said);
        assert_true(talk_said.used <= line.n);
        check(i, &rows[i], line);
        follow(side);
        look(&hearing);
        bool rest = talk_said.used < line.n && talk_said.used > 0;
        if (rest && (i + 1 == n || rows[i + 1].side != '+'))
            fail_msg("row %zu, '%s': %zu bytes are left", i, rows[i].line, line.n - talk_said.used);
    }
}

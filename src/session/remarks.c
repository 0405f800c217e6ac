/* What lines without arrows tell of their session: when it opened, how it was secured, how it ended, what went wrong. */
#include "session/remarks.h"

#include "base/utf8.h"
#include "enrich/diagnosis.h"
#include "session/talk.h"

/* A server may be asked for its certificate again and again. */
static void keep_anew(const struct remarks *remarks, struct str *known, size_t *room, struct str said)
{
    if (said.n)
        *known = arena_replace(remarks->kept, *known, room, utf8_keep(remarks->kept, said));
}

static void take_tls(const struct remarks *remarks, struct str text, uint64_t number)
{
    struct tls_facts said = { 0 }, *known = &remarks->facts->tls;
    if (remarks->dialect)
        remarks->dialect->tls_remark(text, &said);
    known->established |= said.established;
    if (said.established)
        remarks->facts->traces.secured = number;
    keep_anew(remarks, &known->version, &known->version_room, said.version);
    keep_anew(remarks, &known->cipher, &known->cipher_room, said.cipher);
    keep_anew(remarks, &known->subject, &known->subject_room, said.subject);
}

static struct str keep_error(const struct remarks *remarks, struct str text)
{
    if (!remarks->hidden)
        return utf8_keep(remarks->kept, text);
    struct str shown = utf8_keep(remarks->kept, str_upto(text, remarks->hidden_from));
    return arena_extend(remarks->kept, shown, STR(REDACTED));
}

void remarks_take(const struct remarks *remarks, const struct event *event, uint64_t number,
                  const struct moment *now)
{
    struct session_facts *facts = remarks->facts;
    /* as far as it goes: whoever hears of it may ask how long that was */
    facts->ended = *now;
    switch (event->class) {
    case NAMES_class_opening:
    case NAMES_class_connect: facts->connected = *now; return;
    case NAMES_class_tls: take_tls(remarks, event_text(event), number); break;
    case NAMES_class_error:
        if (facts->ending == NAMES_ending_missing)
            facts->ending = NAMES_ending_error;
        if (facts->error_line == 0) {
            facts->error = keep_error(remarks, event_text(event));
            facts->error_line = number;
        }
        diagnosis_remark(facts, NAMES_class_error, event_text(event), number);
        break;
    case NAMES_class_warning:
    case NAMES_class_remark: diagnosis_remark(facts, event->class, event_text(event), number); break;
    case NAMES_class_closing:
        facts->traces.closing = number;
        if (facts->ending == NAMES_ending_missing)
            facts->ending = NAMES_ending_normal;
        break;
    case NAMES_class_unparsed:
        if (facts->lines_unparsed++ == 0)
            facts->unparsed_line = number;
        return;
    default: return;
    }
    if (facts->first_sign.stamp == STAMP_NONE && event->class != NAMES_class_closing)
        facts->first_sign = *now;
}

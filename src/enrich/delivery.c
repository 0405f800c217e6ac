/* The name that a server gives a mail in the reply that takes it over: no RFC says where it stands, so the habits of the
 * common servers are rows. It adds the queue id, nothing else. */
#include "enrich/delivery.h"

#include "enrich/enrich.h"

/* The word behind a mark, or before it:
 *
 *   250 2.0.0 Ok: queued as 4XbC1z2Yk3z1
 *   250 2.6.0 <1@mx.example> [InternalId=4711, Hostname=mx.example] Queued mail for delivery
 *   250 OK id=1rAbCd-0003-2x
 *   250 ok 1407354112 qp 4711
 *   250 2.0.0 4B7DxQ12 Message accepted for delivery
 *   250 2.0.0 OK  1407354112 l5-20020a - gsmtp */
static const struct habit {
    struct str mark;
    bool before;
} habits[] = {
    { { "queued as ", 10 }, false },                    /* Postfix */
    { { "InternalId=", 11 }, false },                   /* Exchange */
    { { "OK id=", 6 }, false },                         /* Exim */
    { { "completed: id=", 14 }, false },                /* GMX, IONOS */
    { { "job ", 4 }, false },                           /* Mercury/32 */
    { { " qp ", 4 }, false },                           /* qmail */
    { { " Message accepted for delivery", 30 }, true }, /* sendmail */
    { { " - gsmtp", 8 }, true },                        /* Google */
    { { " - ts", 5 }, true },
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\n';
}

static struct str word_before(struct str text, size_t end)
{
    size_t start = end;
    while (start > 0 && !is_blank(text.p[start - 1]))
        start--;
    return str_from(str_upto(text, end), start);
}

/* "4XbC1z2Yk3z1" of "4XbC1z2Yk3z1." and of "4XbC1z2Yk3z1, Hostname=…"; "<1@b.example>" keeps its brackets. */
static struct str word_behind(struct str text, size_t start)
{
    struct str rest = str_from(text, start);
    const char *close = rest.n && rest.p[0] == '<' ? memchr(rest.p, '>', rest.n) : NULL;
    if (close)
        return str_upto(rest, (size_t)(close - rest.p) + 1);
    static const char after[] = ",;.)>";
    size_t end = start;
    while (end < text.n && !is_blank(text.p[end]))
        end++;
    /* the end of a sentence is no part of it */
    while (end > start && memchr(after, text.p[end - 1], sizeof(after) - 1))
        end--;
    return str_from(str_upto(text, end), start);
}

struct str delivery_queue_id(struct str text)
{
    for (size_t i = 0; i < sizeof(habits) / sizeof(*habits); i++) {
        const char *at = text.n ? memmem(text.p, text.n, habits[i].mark.p, habits[i].mark.n) : NULL;
        if (!at)
            continue;
        size_t start = (size_t)(at - text.p);
        return habits[i].before ? word_before(text, start) : word_behind(text, start + habits[i].mark.n);
    }
    return (struct str){ 0 };
}

static void delivery_message(struct record *record, const struct message *message,
                             const struct session_facts *session)
{
    (void)session;
    bool taken = message->direction == NAMES_direction_sent && message->status == NAMES_status_success;
    struct str id = message->queue_id;
    if (taken && !id.n)
        id = delivery_queue_id(message->text);
    /* "250 2.0.0 Message accepted for delivery" has none, nor has what is masked there */
    if (taken && id.n && !str_equal(id, message->enhanced) && !memmem(id.p, id.n, "***", 3))
        record_text(record, FIELD_queue_id, id);
}

const struct enricher enricher_delivery = {
    .name = "delivery",
    .message = delivery_message,
};

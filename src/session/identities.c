/* A record is copied, its texts are disguised by what their fields are, ids are keyed: else a hash of opening and
 * greeting would let anybody try whether a host or an address is the one. */
#include "session/identities.h"

#include "base/ascii.h"
#include "base/decimal.h"
#include "dialect/grammar.h"
#include "protocol/words.h"
#include "session/disguise.h"

#include <stdlib.h>
#include <sys/random.h>

/* Text that is not from the log is let through; from the log it is searched, unless it is all one name. */
enum treatment { SEARCHED, OURS, USER, HOST, SUBJECT };

static const uint8_t treatments[FIELD_count] = {
    [FIELD_meaning] = OURS,                                /* the tables of reply codes */
    [FIELD_reference] = OURS,                              /* likewise */
    [FIELD_action] = OURS,                                 /* likewise */
    [FIELD_diagnosis_text] = OURS,                         /* the table of diagnoses */
    [FIELD_diagnosis_action] = OURS, [FIELD_notes] = OURS, /* stable ids */
    [FIELD_command] = OURS,                                /* a verb that we know; others are veiled */
    [FIELD_slowest_command] = OURS,  [FIELD_source_file] = OURS, /* who asks for a file knows its name, and has to find it again */
    [FIELD_source_member] = OURS,    [FIELD_user] = USER,          [FIELD_mail_from] = USER,
    [FIELD_rcpt_to] = USER,          [FIELD_rcpt_rejected] = USER, [FIELD_message_id] = USER,
    [FIELD_server] = HOST,           [FIELD_peer] = HOST,          [FIELD_tls_subject] = SUBJECT,
};

static void add_field(uint64_t fields[FIELD_WORDS], enum field_id id)
{
    fields[id / 64] |= (uint64_t)1 << (id % 64);
}

static void sort_field(struct identities *identities, enum field_id id)
{
    const struct field *field = &tcplog_fields[id];
    bool text = field->type == TYPE_TEXT || field->type == TYPE_LIST;
    if (field->type == TYPE_BYTES)
        add_field(identities->dropped_fields, id);
    else if (text && treatments[id] != OURS)
        add_field(field->life == LIFE_SESSION ? identities->shared_fields : identities->own_fields, id);
}

struct identities *identities_make(void)
{
    struct identities *identities = calloc(1, sizeof(*identities));
    if (!identities || !pseudonyms_make(&identities->pseudonyms)) {
        free(identities);
        return NULL;
    }
    /* without chance it is as fast but for those who choose names to make it slow */
    uint32_t *seed = &identities->acquaint.roster.seed;
    if (getrandom(seed, sizeof(*seed), 0) != sizeof(*seed))
        *seed = 0;
    for (enum field_id id = 0; id < FIELD_count; id++)
        sort_field(identities, id);
    return identities;
}

void identities_free(struct identities *identities)
{
    if (!identities)
        return;
    pseudonyms_free(&identities->pseudonyms);
    acquaint_free(&identities->acquaint);
    tcplog_buf_free(&identities->shared_text);
    tcplog_buf_free(&identities->text);
    free(identities);
}

void identities_meet(struct identities *identities, const struct batch *batch, bool begins)
{
    if (begins) {
        acquaint_begin(&identities->acquaint);
        identities->user_length = 0;
        identities->fresh = true;
    }
    acquaint_batch(&identities->acquaint, batch);
}

bool identities_are_whole(const struct identities *identities)
{
    return identities->acquaint.scratch.status == TCPLOG_OK && identities->shared_text.status == TCPLOG_OK &&
           identities->text.status == TCPLOG_OK;
}

uint64_t identities_missed(const struct identities *identities)
{
    return identities->acquaint.roster.missed;
}

/* Room is made at once for the longest that a record's texts can become, so that views into it stay. */
static bool make_room(struct buf *out, size_t length)
{
    enum { AROUND = 1024 };
    out->n = 0;
    return tcplog_buf_room(out, length * DISGUISE_GROWTH + AROUND) != NULL;
}

static bool is_of_class(const struct record *record, enum tcplog_name class)
{
    return record->kind == KIND_LINE && str_equal(record->values[FIELD_class].text, tcplog_name_texts[class]);
}

/* "220 relay ESMTP", "250-relay hello", "+OK relay": what the server is called, or was called when it was asked for, is no word
 * of prose where a reply begins with it, whatever it looks like (RFC 5321 4.2). */
static size_t server_in(const struct identities *identities, struct str text, struct party *found)
{
    struct str rest = text, word = words_next(&rest);
    const struct str code = str_upto(word, 3);
    const bool digits = code.n == 3 && is_digit(code.p[0]) && is_digit(code.p[1]) && is_digit(code.p[2]);
    if (word.n > 3 && digits && word.p[3] == '-')
        word = str_from(word, 4);
    else if (word.n == 3 && (digits || str_equal(word, STR("+OK"))))
        word = words_next(&rest);
    *found = (struct party){ PARTY_HOST, word };
    return word.n && (ascii_same(word, acquaint_server(&identities->acquaint)) ||
                      ascii_same(word, roster_without_port(identities->facts->server)));
}

/* "Connect to 'relay', timeout 30." */
static size_t opened_in(struct str text, struct party *found)
{
    struct opening opening = { 0 };
    grammar_opening(text, &opening);
    *found = (struct party){ PARTY_HOST, opening.host };
    return opening.host.n > 0;
}

/* Those whom a line names, or a command. */
static size_t named_in(const struct identities *identities, const struct record *record, struct str text,
                       struct party found[PARTIES_MOST])
{
    if (record->kind == KIND_EXCHANGE)
        return record_has(record, FIELD_command) ? parties_of(record->values[FIELD_command].text, text, found)
                                                 : 0;
    /* most lines are of mails */
    if (str_equal(text, STR("***")))
        return 0;
    if (is_of_class(record, NAMES_class_opening) || is_of_class(record, NAMES_class_connect))
        return opened_in(text, found);
    size_t count = parties_in(text, found);
    return count ? count : server_in(identities, text, found);
}

/* Dates hold "Jan" and "May", who may be users; the lines that have one hold no plain word that is a name. */
static bool is_dated(const struct record *record)
{
    return is_of_class(record, NAMES_class_opening) || is_of_class(record, NAMES_class_closing);
}

static struct str hide_text(struct identities *identities, const struct record *record, enum field_id id,
                            struct str text, struct buf *out)
{
    const struct disguise disguise = { .pseudonyms = &identities->pseudonyms,
                                       .roster = is_dated(record) ? NULL : &identities->acquaint.roster,
                                       .out = out };
    struct party server;
    size_t at = out->n;
    switch (treatments[id]) {
    case USER: disguise_name(&disguise, (struct party){ PARTY_USER, text }); break;
    case HOST: disguise_name(&disguise, (struct party){ PARTY_HOST, text }); break;
    case SUBJECT: disguise_subject(&disguise, text); break;
    default:
        if (id == identities->naming)
            disguise_text(&disguise, text, identities->named, identities->named_count);
        else
            disguise_text(&disguise, text, &server,
                          id == FIELD_reply_text ? server_in(identities, text, &server) : 0);
    }
    return (struct str){ out->p + at, out->n - at };
}

static struct list hide_list(struct identities *identities, const struct record *record, enum field_id id,
                             struct list list, struct buf *out)
{
    struct str *items = identities->items + identities->item_count;
    size_t room = IDENTITY_ITEMS - identities->item_count;
    list.count = list.count < room ? list.count : room;
    for (size_t i = 0; i < list.count; i++)
        items[i] = hide_text(identities, record, id, list.items[i], out);
    identities->item_count += list.count;
    return (struct list){ items, list.count };
}

/* The next of these fields that the record has, from `id` on; FIELD_count: no more. */
static enum field_id next_field(const struct record *record, const uint64_t fields[FIELD_WORDS], unsigned id)
{
    for (unsigned word = id / 64; word < FIELD_WORDS; word++, id = word * 64) {
        uint64_t bits = record->present[word] & fields[word] & UINT64_MAX << (id % 64);
        if (bits)
            return (enum field_id)(word * 64 + (unsigned)__builtin_ctzll(bits));
    }
    return FIELD_count;
}

static size_t length_of(const union value *value, enum field_type type)
{
    size_t length = 0;
    if (type == TYPE_TEXT)
        return value->text.n;
    for (size_t i = 0; i < value->list.count; i++)
        length += value->list.items[i].n;
    return length;
}

/* The record's values of these fields, hidden, in *to. */
static void hide_fields(struct identities *identities, const struct record *record,
                        const uint64_t fields[FIELD_WORDS], union value *to, struct buf *out)
{
    size_t length = 0;
    enum field_id id;
    for (id = next_field(record, fields, 0); id < FIELD_count; id = next_field(record, fields, id + 1))
        length += length_of(&record->values[id], tcplog_fields[id].type);
    if (!make_room(out, length))
        return;
    for (id = next_field(record, fields, 0); id < FIELD_count; id = next_field(record, fields, id + 1)) {
        const union value *value = &record->values[id];
        if (tcplog_fields[id].type == TYPE_LIST)
            to[id].list = hide_list(identities, record, id, value->list, out);
        else
            to[id].text = hide_text(identities, record, id, value->text, out);
    }
}

static void key_session(struct identities *identities, const struct record *record)
{
    unsigned char hash[KEYED_HASH_BYTES];
    keyed_hash(&identities->pseudonyms.hash, 'S', record->values[FIELD_session_id].text, hash);
    keyed_hash_hex(identities->session_id, hash, sizeof(hash));
    memcpy(identities->id, identities->session_id, SESSION_ID_TEXT);
}

/* The fields of a session's records are made once: all records of a generation must agree. */
static void set_shared(struct identities *identities, const struct record *record)
{
    struct record *hidden = &identities->record;
    if (identities->fresh) {
        key_session(identities, record);
        hide_fields(identities, record, identities->shared_fields, identities->shared,
                    &identities->shared_text);
        identities->fresh = false;
    }
    const uint64_t *fields = identities->shared_fields;
    enum field_id field = next_field(record, fields, 0);
    for (; field < FIELD_count; field = next_field(record, fields, field + 1))
        hidden->values[field] = identities->shared[field];
    struct str id = record->values[FIELD_id].text;
    memcpy(identities->id + SESSION_ID_TEXT, id.p + SESSION_ID_TEXT, id.n - SESSION_ID_TEXT);
    record_text(hidden, FIELD_session_id, (struct str){ identities->session_id, SESSION_ID_TEXT });
    record_text(hidden, FIELD_id, (struct str){ identities->id, id.n });
}

/* The user that the session has now; the room in which it stands is used again for the next one. */
static void meet_user(struct identities *identities, struct str user)
{
    const struct str start = str_upto(user, user.n < ROSTER_NAME_MOST ? user.n : ROSTER_NAME_MOST);
    if (user.n == 0 || (user.n == identities->user_length && memcmp(start.p, identities->user, start.n) == 0))
        return;
    roster_add(&identities->acquaint.roster, (struct party){ PARTY_USER, user }, true);
    identities->user_length = user.n;
    memcpy(identities->user, start.p, start.n);
}

/* Whom this record names, if its batch was not read so: a login in pieces, a command behind what looked like mail. */
static void meet_again(struct identities *identities, const struct record *record)
{
    enum field_id id = record->kind == KIND_EXCHANGE ? FIELD_argument : FIELD_text;
    meet_user(identities, identities->facts->user);
    identities->naming = id;
    identities->named_count = 0;
    if (!record_has(record, id))
        return;
    identities->named_count = named_in(identities, record, record->values[id].text, identities->named);
    for (size_t i = 0; i < identities->named_count; i++)
        roster_add(&identities->acquaint.roster, identities->named[i], false);
}

const struct record *identities_hide(struct identities *identities, const struct record *record,
                                     const struct session_facts *facts)
{
    struct record *hidden = &identities->record;
    identities->facts = facts;
    meet_again(identities, record);
    *hidden = *record;
    for (unsigned word = 0; word < FIELD_WORDS; word++)
        hidden->present[word] &= ~identities->dropped_fields[word];
    identities->item_count = 0;
    set_shared(identities, record);
    hide_fields(identities, record, identities->own_fields, hidden->values, &identities->text);
    return hidden;
}

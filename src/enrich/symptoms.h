/* Symptoms: the tests that rows of diagnosis.def name. Each answers the line that proves it, or 0. It is asked about an
 * exchange where the row hears one; else exchange is NULL, and about the session as far as it goes, or when it is
 * over. */
#ifndef ENRICH_SYMPTOMS_H
#define ENRICH_SYMPTOMS_H

#include "model/exchange.h"
#include "model/session.h"

typedef uint64_t symptom(const struct session_facts *session, const struct exchange *exchange);

/* The line that proves it, if so. */
static inline uint64_t line_if(bool so, uint64_t line)
{
    return so ? line : 0;
}

/* Of the connection, TLS and the login. */
symptom host_has_port, waited_to_connect, nothing_was_said, began_tls_unasked, got_no_greeting,
    stops_at_connect, met_a_stranger, never_began_tls, wants_login, offered_no_login, refused_cram_md5,
    wants_app_password, is_clients_log;
/* Of mail that goes out. */
symptom blames_address, blames_sender, sends_too_much, denies_relay, is_too_big, lacks_room, lacks_own_room,
    breaks_policy, condemns_content, knows_no_recipient, follows_nothing, refuses_by_itself;
/* Of other commands. */
symptom is_hello, fails_to_delete, makes_or_deletes, asked_for_a_message, asked_for_an_option,
    has_more_to_list;
/* Of logins. */
symptom closes_account, locks_out, is_at_fault, refuses_method, refused_token, has_other_reason,
    refuses_who_it_is;
/* Of what was under way when it ended. */
symptom lost_the_last_reply, broke_in_message, broke_in_download, waits_for_server, waits_for_client,
    lost_connection, stops_inside, lost_the_goodbye, left_early, misses_a_reply, has_all_mail;
/* For notes. */
symptom showed_password, left_tls_unused, has_no_farewell, has_no_ending, was_nearly_too_slow,
    has_strange_lines, lost_after_all;

/* Whether the log goes on for as long as its timeout after this moment. */
bool session_waited_out(const struct session_facts *session, const struct moment *since);
/* Whether this line belongs to the end of a session whose work was done: a goodbye was said, and nothing else was
 * left open. */
bool session_is_past(const struct session_facts *session, uint64_t line);
/* Nearly all sessions: both sides spoke, the goodbye was answered, and neither an error nor a loose end was seen. Of such a
 * one hardly any row that is concluded has to be asked. */
bool session_is_in_order(const struct session_facts *session);
/* Whether what the server lists behind EHLO, CAPA or CAPABILITY has a line that begins with one of these words, and has one of
 * those in it. */
bool session_offers(const struct session_facts *session, const char *starts, const char *words);
/* Whether that latest list has TLS in it. */
bool session_offers_tls(const struct session_facts *session);
/* Whether the server agreed to anything, over and above greeting and goodbye. */
bool session_agreed(const struct session_facts *session);
/* Mail went through, or a mailbox was looked at: whatever happened else, it was not for nothing. */
bool session_achieved(const struct session_facts *session);
/* Whether the server took a mail only to throw it away, or to keep it from its recipients. */
bool exchange_discards(const struct exchange *exchange);

#endif

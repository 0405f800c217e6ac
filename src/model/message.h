/* A message: one mail that was sent (MAIL … the final reply to its content) or fetched (RETR, TOP). Its texts live in
 * the arena of its maker; of its content it holds the Message-ID and nothing else. */
#ifndef MODEL_MESSAGE_H
#define MODEL_MESSAGE_H

#include "model/moment.h"
#include "model/stamp.h"
#include "tcplog/record.h"

/* Unanswered and refused mails are messages, too: `status` and `code` tell. Moments whose stamp is STAMP_NONE did
 * not come. */
struct message {
    uint64_t sequence, line, line_end, offset;
    uint64_t exchange; /* sequence of the one that carried its content; 0: none did */
    enum tcplog_name direction, status;
    bool complete; /* nothing more will be known of it */
    bool has_sender, has_size;
    bool can_be_marked; /* its protocol deletes at the end of the session what was marked before */
    bool deleted, deletion_known;
    uint64_t size_declared, number;
    uint64_t place; /* its number by now, where mails that are gone leave no gap; 0: none, or not known */
    uint64_t payload_bytes, payload_lines;
    struct stamp stamp;
    size_t texts; /* where its texts begin in their arena: none is older */
    struct str sender, message_id;
    struct str queue_id;                   /* where the reply was masked */
    struct str verb, code, enhanced, text; /* of the final reply; no code: there was none */
    struct moment began, said, settled, payload_began, payload_ended;
    struct list accepted, rejected; /* recipients */
};

#endif

/* Mail transactions: which exchanges make up one mail. It is told of every exchange that is complete, and of the header
 * lines of contents that pass; it never looks at a reply line, that has been done. Fetched mails are held until the session
 * ends, for only its QUIT decides whether they are deleted (RFC 1939 6). */
#ifndef SESSION_MESSAGES_H
#define SESSION_MESSAGES_H

#include "base/arena.h"
#include "model/exchange.h"
#include "model/message.h"
#include "session/mail_header.h"
#include "session/queue.h"

enum {
    MESSAGES_HELD = 4096, /* a mailbox of more is told of before its QUIT */
    MESSAGES_ROOM = MESSAGES_HELD + PENDING_MOST + 1,
    RECIPIENTS_MOST = 4096,            /* RFC 5321 4.5.3.1.8 asks for 100 at least */
    MESSAGE_TEXTS = 1024 * 1024,       /* of all that are held */
    MESSAGE_TEXTS_OF_ONE = 256 * 1024, /* left for one that begins */
};

struct recipients {
    struct str items[RECIPIENTS_MOST];
    size_t count;
};

struct messages {
    struct message *ring;     /* MESSAGES_ROOM; message number n is in ring[n % MESSAGES_ROOM] */
    uint64_t first, next;     /* numbers of the oldest one kept, and of the one to come */
    struct message *sending;  /* the mail transaction under way; NULL: none */
    struct message *fetching; /* the mail in the literal that passes; NULL: none */
    uint64_t fetched_by;      /* the exchange of the latest literal */
    struct recipients *accepted, *rejected;
    bool met;        /* a MAIL of the session has been heard */
    bool refused;    /* the latest of the transaction under way: its content, before any of it was sent */
    bool spurned;    /* one of its recipients was refused */
    size_t nameless; /* recipients accepted whose address the log has lost */
    struct arena texts;
    struct mail_header header; /* of the content that passes */
    bool parting;              /* QUIT was sent … */
    bool parted;               /* … and answered well */
    bool unwanted;             /* nobody asks for messages: none is made, and no exchange is to be heard */
    uint64_t overflows;        /* recipients that found no room */
    uint64_t let_go;           /* mails that had to make room before all was known of them */
};

/* A mail within a reply, as IMAP's are: where it begins, whose it is, and what was announced. */
struct fetch {
    uint64_t exchange, number, size, line, offset;
    struct moment moment;
    struct str stamp;
};

bool messages_make(struct messages *messages);
void messages_free(struct messages *messages);
void messages_begin(struct messages *messages);
/* A payload begins: the content of a mail, if its command carries one. */
void messages_content(struct messages *messages, const struct exchange *exchange);
/* A line of content, as long as `header` is open: the Message-ID that it ends, unless it is that of a mail within a
 * reply, which takes it. */
struct str messages_header(struct messages *messages, struct str line, bool whole);
/* A mail transaction is asked for: what was sent of another one does not go on. */
static inline void messages_opening(struct messages *messages)
{
    messages->header.in_stream = false;
}
/* One mail of several that a reply may hold: it begins, a line of it passes, it has come whole (line_end: 0 where its
 * response has no end) or no more of it will come. */
void messages_fetch_begins(struct messages *messages, const struct fetch *fetch);
void messages_fetch_line(struct messages *messages, uint64_t bytes, bool whole, uint64_t line_end,
                         const struct moment *moment);
void messages_fetch_ends(struct messages *messages, uint64_t line_end, bool whole);
/* A mail of this number is no longer there; those behind it move up (RFC 9051 7.5.1). */
void messages_gone(struct messages *messages, uint64_t number, bool moved);
/* Numbers to come are of another mailbox. */
void messages_leave_box(struct messages *messages);
/* An exchange is complete. */
void messages_hear(struct messages *messages, const struct exchange *exchange);
/* The session has ended. Closed: the log does not just stop. */
void messages_end(struct messages *messages, bool closed);
/* For its own parts. */
static inline struct message *messages_numbered(const struct messages *messages, uint64_t number)
{
    return &messages->ring[number % MESSAGES_ROOM];
}

/* Whether a recipient of the transaction under way was accepted. */
static inline bool messages_reach_someone(const struct messages *messages)
{
    return messages->accepted->count + messages->nameless > 0;
}

/* The oldest message, if all is known of it; else NULL. */
static inline const struct message *messages_ready(const struct messages *messages)
{
    if (messages->first == messages->next)
        return NULL;
    const struct message *oldest = messages_numbered(messages, messages->first);
    return oldest->complete ? oldest : NULL;
}

void messages_pop(struct messages *messages);

#endif

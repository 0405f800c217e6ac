/* What a spoken line means. A protocol is one file that ends with a const struct protocol, and one line in
 * src/registry.def. hear() is a function of a few words of state, a side and a line; it never sees a queue, a clock or
 * a record, and copies nothing: what it says are views into the line. */
#ifndef PROTOCOL_PROTOCOL_H
#define PROTOCOL_PROTOCOL_H

#include "model/verb.h"

/* How replies find their commands: in their order, which SMTP and POP3 keep even where commands are sent ahead (RFC
 * 2920 3.2, 2449 6.6), or by the tag that they repeat (RFC 9051 2.2.2). */
enum pairing { PAIRING_IN_ORDER, PAIRING_BY_TAG };

/* What a line said. Two exchanges, heard line by line:
 *
 *   C  DATA             REQUEST                C  RETR 1            REQUEST
 *   S  354 go           INTERMEDIATE           S  +OK 120 octets    REPLY_OPENS
 *   C  Subject: x       PAYLOAD                S  Subject: x        PAYLOAD
 *   C  .                PAYLOAD_END            S  .                 PAYLOAD_END
 *   S  250-queued       REPLY_PART
 *   S  250 as 1A2B      REPLY */
enum speech {
    SPEECH_NOISE,       /* nothing we understand */
    SPEECH_REQUEST,     /* client: a new command */
    SPEECH_TURN,        /* client: goes on with its latest command (a response to a challenge) */
    SPEECH_TURN_PART,   /* client: more of the turn before */
    SPEECH_PAYLOAD,     /* a line of a body, chunk or listing */
    SPEECH_PAYLOAD_END, /* its end: for the client a turn, for the server the end of its reply */
    SPEECH_GREETING,    /* server: the (end of the) first thing it says */
    SPEECH_GREETING_PART,
    SPEECH_INTERMEDIATE, /* server: asks for more (354, 334, +) */
    SPEECH_REPLY_PART,   /* server: a line of a reply that goes on */
    SPEECH_REPLY,        /* server: the last line of a reply */
    SPEECH_REPLY_OPENS,  /* server: the reply's status line; a listing or body follows */
    SPEECH_DATA,         /* server: tells of what is under way, or of nothing, before any final reply */
    SPEECH_DATA_OPENS,   /* the same, and goes on behind a payload */
    SPEECH_FAREWELL, /* server: ends the session; stands in for a final reply that does not come any more */
};

/* A row of the *_replies.def: what a code means in reply to the verb `context`, or GREETING, or "" for any; all
 * texts are literals, ended by NUL. */
struct reply {
    struct str code, context, meaning, reference, action;
};

/* The replies of a protocol that a person may want to look up. */
struct code_table {
    const char *title, *source; /* source: whose codes they are, and as of when */
    const struct reply *rows;
    size_t count;
    bool enhanced; /* codes of RFC 3463, the class digit left out */
};

/* The state of one conversation. What `open` and `awaited` say is kept by the dialogue, the rest by the protocol, which
 * is free in the use of words; all zero when a session begins. */
struct hearing {
    const struct verb *open;    /* the client's latest command, while it is not answered; else NULL */
    const struct verb *awaited; /* the command that the next reply answers; else NULL */
    bool open_argument, awaited_argument; /* these had an argument */
    bool tokens;                          /* the dialect marks line ends in the text: lengths are exact */
    bool opened;                          /* the log shows the connection from its opening on */
    bool greeted;                         /* the server has spoken */
    bool asked;                           /* the server's latest line asked for a response */
    bool unsure;     /* part of a chunk is not in the log: its length cannot be followed */
    bool unfinished; /* the client's line before has no end in the log: this one may go on with it */
    bool answered;   /* behind the line at hand the other side speaks; told only where text_of is */
    /* Lines of this side (1 + enum side; 0: of neither) that do not begin with text_mark are text of a payload and
     * nothing else: they need not be heard one by one, but for a login that is answered. */
    uint8_t text_of;
    char text_mark;
    uint8_t mode;
    uint64_t remaining; /* bytes of a chunk still to come */
    /* The same of the server, where it may be within something while the client is, too. */
    uint8_t server_mode;
    bool server_unsure;  /* the client goes on in the midst of a chunk */
    bool server_cut;     /* part of a chunk is not in the log … */
    bool server_closing; /* … and the line before may have ended it */
    uint64_t server_remaining;
    bool begun;           /* the client has said a command, or the log shows all that it said */
    bool owed;            /* the rest of a credential follows one that stands on a stray line */
    bool secret;          /* what the client's line goes on with belongs to a credential */
    uint32_t mails;       /* in the server's response, not yet told of as whole */
    uint64_t mail_number; /* that the response is about */
    uint64_t tags[8];     /* of the client's latest commands, as far as they wait: imap_tags.h */
    uint8_t tag_count;
    bool tags_forgotten; /* more have waited than that */
};

/* Made anew for each line. Its texts are views into the line, and die with it. */
struct utterance {
    enum speech speech;
    size_t used;             /* bytes of the line that this is about; more may follow behind them */
    const struct verb *verb; /* REQUEST: its row, or NULL for an unknown verb */
    struct str tag, command, argument;
    struct str code, enhanced, text;
    unsigned answers; /* replies that only fit some verbs: the `kind` they answer, else 0 */
    bool talk;        /* NOISE: it has the shape of a command or of a status line all the same */
    bool secret;      /* mask what stands from secret_at on */
    size_t secret_at;
    size_t unspoken;            /* bytes at the end that are masked, but repeat no secret: its length */
    struct str mechanism, user; /* REQUEST: where the line shows them and they are no secret */
    bool user_quoted;           /* the user stood in a quoted string, as it is (RFC 9051 4.3) */
    enum tcplog_name status;    /* of a reply: NAMES_status_… */
    uint32_t payload;           /* PAYLOAD: bytes of content in it, without stuffing and line end */
    bool whole;                 /* PAYLOAD: a line end belongs to it … */
    bool bare;                  /* … of one byte, where the length is exact */
    bool last;                  /* PAYLOAD: as far as the log can tell, the chunk ends with it */
    bool breaks_off;   /* a reply: the one before it will have no end, and this answers the next command */
    uint64_t unlogged; /* bytes of payload that were announced, and are not in the log */
    struct str capabilities;         /* all that the server offers, blanks between */
    uint32_t mails;                  /* DATA: mails that came whole in it */
    bool mail_opens;                 /* DATA_OPENS: what follows is a mail, of this … */
    uint64_t mail_number, mail_size; /* … number and size */
    uint64_t gone; /* DATA: the number of a mail that is no longer there, nor is its number; else 0 */
};

/* Masks a line of so many bytes from `at` on; nothing where that is its end or beyond. */
static inline void mask_from(struct utterance *said, size_t at, size_t length)
{
    said->secret = at < length;
    said->secret_at = at;
}

/* The same for the n bytes at `at`: what stands behind them is masked, too, but repeats no secret. */
static inline void mask_part(struct utterance *said, size_t at, size_t n, size_t length)
{
    mask_from(said, at, length);
    if (said->secret)
        said->unspoken = length - at - n;
}

struct protocol {
    const char *name;
    enum tcplog_name id; /* NAMES_protocol_… */
    enum pairing pairing;
    /* How sure it is that text is the first thing a server of this protocol says: 0 not, 100 sure. */
    int (*bid)(struct str greeting);
    /* Whether a server may open its talk with this. A prompt is no welcome: it may help to guess a secret, and of the
     * welcome the session's id is made. */
    bool (*welcomes)(struct str text);
    /* How sure it is that text is a command of this protocol. */
    int (*bid_command)(struct str text);
    /* Whether a record without a line end is only a part of the line that this side is saying. */
    bool (*joins)(const struct hearing *hearing, enum side side);
    /* `end`: bytes of line end behind the line, 0 for a fragment or a record that was cut. */
    void (*hear)(struct hearing *hearing, enum side side, struct str line, unsigned end,
                 struct utterance *said);
    /* Meanings: code and enhanced code of a reply to verb (or "GREETING"); NULL if there is none. */
    const struct reply *(*meaning)(struct str code, struct str enhanced, struct str verb);
    const struct code_table *tables; /* where they come from, the last one without a title; or NULL */
};

#endif

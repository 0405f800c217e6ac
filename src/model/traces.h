/* What a session leaves behind for its diagnosis: where replies refused, and where the dialogue broke off. It holds
 * line numbers and a few bits; what they amount to is for enrich/diagnosis.def to say. */
#ifndef MODEL_TRACES_H
#define MODEL_TRACES_H

#include "tcplog/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Where in a session something was heard: what a reply answers, or what kind of line it was; END: nowhere, it is
 * concluded when the session is over. */
enum stage {
    AT_GREETING = 1 << 0,
    AT_HELLO = 1 << 1,
    AT_TLS = 1 << 2,
    AT_LOGIN = 1 << 3,
    AT_SENDER = 1 << 4,
    AT_RECIPIENT = 1 << 5,
    AT_MESSAGE = 1 << 6,
    AT_MAILBOX = 1 << 7,
    AT_RETRIEVAL = 1 << 8,
    AT_GOODBYE = 1 << 9,
    AT_OTHER = 1 << 10,
    UNASKED = 1 << 11, /* the server spoke on its own */
    ERROR = 1 << 12,   /* a numbered error of the old network library */
    REMARK = 1 << 13,  /* a warning or an unknown remark: the new library's errors may be among them */
    END = 1 << 14,
    ASTRAY = 1 << 15, /* beside END: only where the session did not come to its goodbye in order */
    STAGES = 16,      /* how many they are */
};

/* Room for the rows of diagnosis.def, which checks it when it is compiled; for the notes of a session. */
enum { FINDINGS_MOST = 96, NOTES_MOST = 24, ROW_WORDS = 2 };

struct diagnosis;

/* Some of the rows. */
struct row_set {
    uint64_t bits[ROW_WORDS];
};

_Static_assert(FINDINGS_MOST <= 64 * ROW_WORDS, "struct row_set has a bit for each row");

static inline void row_set_add(struct row_set *set, size_t row)
{
    set->bits[row / 64] |= (uint64_t)1 << row % 64;
}

static inline bool row_set_has(const struct row_set *set, size_t row)
{
    return set->bits[row / 64] >> row % 64 & 1;
}

/* The lowest row from `row` on; FINDINGS_MOST if there is none. */
static inline size_t row_set_next(const struct row_set *set, size_t row)
{
    for (size_t i = row / 64; i < ROW_WORDS; i++, row = i * 64) {
        uint64_t left = set->bits[i] >> row % 64;
        if (left)
            return row + (size_t)__builtin_ctzll(left);
    }
    return FINDINGS_MOST;
}

/* The latest remark or error, and the rows of which it has words at its stage. That is so in any session: it is no trace of
 * one, and is not forgotten with it, for programs say the same again and again. */
struct remark_seen {
    enum stage stage; /* 0: none so far */
    char text[128];
    size_t n;
    struct row_set worded;
};

/* Lines are numbers from 1; 0: it did not happen. */
struct traces {
    struct row_set
        shown; /* the rows of diagnosis.def that were heard: of the others, nothing below is told */
    uint64_t found[FINDINGS_MOST];  /* for each row, the first line in which it was heard; 0: it was not */
    uint64_t rumour[FINDINGS_MOST]; /* the same of remarks: believed only where the dialogue bears them out */
    struct remark_seen remark_seen;
    uint8_t heard[STAGES];       /* how often something was found wrong at each stage … */
    uint64_t heard_code[STAGES]; /* … and the last time, with which codes: the last bytes of each */
    unsigned stages_ok;          /* enum stage: where the server agreed; of logins, that it let somebody in */
    uint64_t last_ok[STAGES];    /* … and the line of the last time */
    uint64_t unanswered;         /* the first command, goodbyes apart, that got no reply */
    bool outwaited;              /* and the log waited for it as long as its timeout */
    uint64_t goodbye;            /* a goodbye without a reply */
    uint64_t message_sent;       /* the end of a message that got no reply */
    uint64_t taken;              /* the latest message that was sent and accepted … */
    uint64_t discarded;          /* … and the first one that was thrown away for all that */
    uint64_t message_open;       /* the last line of a message that has no end */
    uint64_t fetch_open;         /* the same of one that the server was sending */
    uint64_t starttls;           /* the server agreed to begin TLS */
    uint64_t secured;            /* TLS was begun, the program says */
    uint64_t handshake;          /* the client began TLS unasked */
    uint64_t clear_login;        /* a password went out without TLS */
    bool tls_passed_up;          /* … which had been offered: after a login it is not any more */
    uint64_t stranger;           /* the server's first words, of another protocol than expected, or of none */
    uint64_t answer;             /* the last reply */
    uint64_t warning, remark;    /* the first of each */
    uint64_t closing;            /* the ending */
};

/* Keeps the first line of a kind. */
static inline void traces_mark(uint64_t *line, uint64_t found)
{
    if (*line == 0)
        *line = found;
}

/* The same of a row: said by a reply or an error, or only rumoured by a remark. */
static inline void traces_mark_row(struct traces *traces, size_t row, bool rumour, uint64_t line)
{
    if (!row_set_has(&traces->shown, row))
        traces->found[row] = traces->rumour[row] = 0;
    row_set_add(&traces->shown, row);
    traces_mark(rumour ? &traces->rumour[row] : &traces->found[row], line);
}

/* What it amounts to. */
struct verdict {
    const struct diagnosis *cause; /* NULL: nothing went wrong that matters */
    uint64_t line;                 /* the line that proves it */
    struct str notes[NOTES_MOST];
    size_t note_count;
};

#endif

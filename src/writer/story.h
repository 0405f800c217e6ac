/* What a page needs of a session until its last record comes: exchanges, remarks and mails in short form, in a store of
 * fixed size. Of more exchanges than it holds it keeps the first, the last, and those that failed. */
#ifndef WRITER_STORY_H
#define WRITER_STORY_H

#include "tcplog/record.h"

/* Rows, refusals, mails, and bytes of texts that are kept: some 700 KiB in all. */
enum { ROW_HEAD = 400, ROW_TAIL = 200, ROW_KEPT = 150, ROW_MOST = ROW_HEAD + ROW_TAIL + ROW_KEPT };
enum { REFUSED_MOST = 8, MAILS_MOST = 40 };
enum { WORD_ROOM = 24, NAME_ROOM = 200, TEXT_ROOM = 320 };
#define TIME_NONE INT64_MIN

enum row_kind { ROW_EXCHANGE, ROW_REMARK, ROW_ALARM };
enum row_end { END_WELL, END_REFUSED, END_UNANSWERED, END_UNASKED };
/* How far a duration can be trusted, as the names of `timing`. */
enum trust { TRUST_NONE, TRUST_EXACT, TRUST_REPAIRED, TRUST_UNCERTAIN, TRUST_LOGGING, TRUST_COUNT };

/* One line of the waterfall. */
struct row {
    enum row_kind kind;
    enum row_end end;
    enum trust trust;
    uint64_t line, line_end, reply_line;
    int64_t at;    /* ms since 1970, or TIME_NONE */
    int64_t took;  /* ms, -1: not known */
    int64_t bytes; /* of the payload, -1: none */
    bool greets;
    char code[WORD_ROOM], command[WORD_ROOM];
    char what[NAME_ROOM]; /* the argument; of a remark, all of it */
    char reply[TEXT_ROOM];
};

/* What was refused, for its own section of the page. */
struct refusal {
    uint64_t line;
    char command[WORD_ROOM], what[NAME_ROOM], code[WORD_ROOM], reply[TEXT_ROOM];
    char meaning[TEXT_ROOM], action[TEXT_ROOM];
};

/* One mail; of several recipients the first one, and how many there are. */
struct mail {
    uint64_t line;
    bool sent, went_well, unanswered, deleted;
    bool carried;          /* its content was sent, or asked for */
    int64_t bytes, number; /* -1: not known */
    uint64_t recipients, rejected;
    char from[NAME_ROOM], to[NAME_ROOM], not_to[NAME_ROOM];
    char queue_id[NAME_ROOM], message_id[NAME_ROOM], reply[TEXT_ROOM];
    bool has_sender;
};

struct story {
    uint32_t rows, kept; /* in the head and the tail, and of those that left the tail but failed */
    uint32_t tail;       /* where the oldest row of the tail is, once it is full */
    uint64_t left_out, left_out_from, left_out_to; /* rows, and their lines */
    uint64_t refusals, mails;
    uint64_t trusted[TRUST_COUNT];
    uint64_t set_back, masked;
    bool spoken;              /* an exchange has come */
    struct row row[ROW_MOST]; /* head, tail, kept */
    struct refusal refusal[REFUSED_MOST];
    struct mail mail[MAILS_MOST];
    uint16_t order[ROW_MOST]; /* of rows by line, made by story_sort */
    uint32_t ordered;
};

/* Empties the story for the next session; the texts are left, for nobody looks at them any more. */
void story_clear(struct story *story);
/* Any record but a session's. */
void story_add(struct story *story, const struct record *record);
/* Puts all rows that are held in order; story_row(i) for i < story->ordered. */
void story_sort(struct story *story);
static inline const struct row *story_row(const struct story *story, uint32_t i)
{
    return &story->row[story->order[i]];
}

/* When a record begins: ms since 1970 in UTC, or in local time where the zone is unknown, or since midnight where
 * the date is; TIME_NONE where nothing is known. */
int64_t story_time(const struct record *record);
/* Whether the field is there and is this name. */
bool record_is(const struct record *record, enum field_id id, enum tcplog_name name);
/* The number in a field, or what stands for it where it is missing. */
int64_t record_count(const struct record *record, enum field_id id, int64_t otherwise);

#endif

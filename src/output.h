/* The end of the journey: records → writer → buffer → sinks. It owns the writer's state, the buffer and the chain. */
#ifndef OUTPUT_H
#define OUTPUT_H

#include "roll.h"
#include "sink/sink.h"
#include "source/source.h"
#include "tcplog/problem.h"
#include "tcplog/writer.h"

#include <sys/stat.h>

/* Where the records of a session begin, or end, among those of an output that holds them. */
struct mark {
    size_t at; /* in the buffer */
    bool end;
    uint32_t beginning; /* a hash of how the session begins */
    uint32_t content;   /* at its end: a hash of all of it … */
    bool stamped;       /* … which is worth something, for there are time stamps in it */
    uint64_t line;      /* likewise: its first line, 0 in an archive … */
    uint64_t records;   /* … and how many it has */
    const void *input;  /* likewise: which one it is of */
};

struct output {
    const struct writer *writer;
    void *state;
    struct buf buf;
    struct sink *sink;
    bool members;     /* the sink makes of each write what can be read on its own */
    size_t block;     /* bytes of text from which on they leave */
    bool held;        /* its sink holds what another output will write … */
    struct buf marks; /* … and has to know where sessions begin and end: struct mark */
    struct roll roll; /* if members */
    struct stat
        targets[2]; /* the regular files that it and its index go to, or will replace; all zero: none */
    uint64_t records;
    bool lacks_index; /* it could not be opened for that */
};

struct output_options {
    const struct writer *writer;
    const struct tcplog_page *page; /* for a writer of pages */
    enum kind kind;                 /* the first that is wanted: what a writer of one kind writes */
    const char *path;               /* NULL or "-": standard output */
    bool gzip, force;
    struct packing packing;            /* if gzip */
    const volatile sig_atomic_t *stop; /* NULL, or: a write that waits is given up when it is set */
};

/* errno tells more where it fails. */
enum tcplog_status output_open(struct output *output, const struct output_options *options);
/* One whose records go to `sink` until it is their turn to be written to `whole`, by output_pass. */
enum tcplog_status output_hold(struct output *output, const struct output *whole,
                               const struct output_options *options, struct sink *sink);
/* Text of whole records, and the entries of a roll of them, if members. */
void output_pass(struct output *output, struct str text, const struct buf *entries);
/* Hands over what an output holds. */
void output_leave(struct output *output);
/* A session begins or ends here: of use only where the output holds its records. */
void output_mark(struct output *output, struct mark mark);
/* Whether the output, or its index, goes to the very file that this source reads. */
bool output_replaces(const struct output *output, const struct source *source);
/* What went wrong so far; nothing where it is not open. */
enum tcplog_status output_status(const struct output *output);
enum tcplog_status output_close(struct output *output, bool keep);
/* What is told where it failed, by errno; `index`: for it lacks one. `name` is room for what is named. */
enum { OUTPUT_NAME = 4096 + 8 };
struct tcplog_problem output_complaint(enum tcplog_status status, const char *path, bool index,
                                       char name[OUTPUT_NAME]);

/* A record with its sequel; the writer must take such. */
void output_sequel(struct output *output, const struct record *first, const struct sequel *sequel);

/* A member ends with a record, and holds no more text than this unless a single record does. */
enum { OUTPUT_BLOCK = 128 * 1024, OUTPUT_MEMBER = 1 << 20 };

/* The buffer is full. */
void output_full(struct output *output);

static inline void output_record(struct output *output, const struct record *record)
{
    output->writer->record(output->state, &output->buf, record);
    output->records++;
    if (output->members)
        roll_note(&output->roll, record, output->buf.n);
    if (output->buf.n >= output->block)
        output_full(output);
}

#endif

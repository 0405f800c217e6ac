/* A writer turns records into bytes, in memory only. It is one file in src/writer/ that ends with a const struct
 * writer, and one line in src/registry.def. It owns no memory: the framework hands it state_size zeroed bytes. */
#ifndef TCPLOG_WRITER_H
#define TCPLOG_WRITER_H

#include "buf.h"
#include "page.h"
#include "record.h"

struct sequel;

/*   look (pages only) → begin → record, sequel, record, … → end
 *
 * All append to `out`, whose memory is kept and emptied in between. begin is told the kind that a rectangle is of; other
 * writers do not ask. */
struct writer {
    const char *name;    /* --format NAME */
    const char *suffix;  /* taken when the output's name ends so */
    const char *summary; /* its line in --help */
    bool one_kind;       /* a rectangle: takes records of one kind only */
    size_t state_size;
    void (*look)(void *state, const struct tcplog_page *page); /* NULL: it writes for programs */
    void (*begin)(void *state, struct buf *out, enum kind kind);
    void (*record)(void *state, struct buf *out, const struct record *record);
    /* A record, and those that follow it with few changes (src/model/sequel.h); NULL: they come one by one. */
    void (*sequel)(void *state, struct buf *out, const struct record *first, const struct sequel *sequel);
    void (*end)(void *state, struct buf *out);
};

#endif

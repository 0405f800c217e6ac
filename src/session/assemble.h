/* Facts → records: the only maker of records. It owns the record of each kind and the texts made for it; every text
 * that it lets out is valid UTF-8, and masked. */
#ifndef SESSION_ASSEMBLE_H
#define SESSION_ASSEMBLE_H

#include "session/assembler.h"
#include "session/dialogue.h"

/* A line, with what was heard in it. */
struct line_facts {
    const struct event *event;
    const struct chronology *chronology;
    struct str text; /* what stands behind stamp and arrow, without a token that ends a line */
    uint64_t number, offset;
    enum side side; /* data only */
    bool tokens, has_side;
    struct heard heard;
};

struct record *assemble_line(struct assembler *assembler, const struct line_facts *facts);
struct record *assemble_exchange(struct assembler *assembler, const struct exchange *exchange,
                                 const struct chronology *chronology);
/* Its recipients are views of the maker's. */
struct record *assemble_message(struct assembler *assembler, const struct message *message,
                                const struct chronology *chronology);
struct record *assemble_session(struct assembler *assembler, const struct session_facts *facts,
                                const struct chronology *chronology);

#endif

/* The header of a content that passes, and the Message-ID in it. The chunks of a mail are one stream (RFC 3030 2): a line
 * may begin in one and end in the next, whoever is answered in between. */
#ifndef SESSION_MAIL_HEADER_H
#define SESSION_MAIL_HEADER_H

#include "tcplog/str.h"

enum { PIECE_MOST = 256 }; /* more of a line than a Message-ID takes */

struct mail_header {
    bool open;       /* it has not ended */
    bool id_is_next; /* the Message-ID was folded: its value is on the next line */
    bool in_stream;  /* a chunk has passed that is not the last of its mail */
    bool split;      /* the next line goes on with the piece */
    size_t piece_n;  /* of the latest line, if it had no end */
    char piece[PIECE_MOST];
};

/* A content begins, or another chunk of the one before. */
void mail_header_begins(struct mail_header *header);
void mail_header_goes_on(struct mail_header *header);
/* A line, as long as it is open; one without an end waits for the next chunk. Answers the Message-ID that ends in it, or
 * nothing: a view into the line or the header, that dies with the next line. */
struct str mail_header_line(struct mail_header *header, struct str line, bool whole);

#endif

/* The lines of an export, plain or gzip, in constant memory. Which of the two is told by the first bytes, never by
 * the file's name. What the lines mean is jsonl.c's and csv.c's. */
#ifndef READBACK_STREAM_H
#define READBACK_STREAM_H

#include "tcplog/buf.h"

#include <zlib.h>

/* No record of ours comes near it; it keeps a file without line ends from filling the memory. */
enum { STREAM_LINE_MOST = 64 << 20, STREAM_BLOCK = 1 << 16 };

/* How the bytes came to their end. */
enum stream_end {
    STREAM_OPEN,     /* more may come */
    STREAM_WHOLE,    /* ended as it should */
    STREAM_DAMAGED,  /* gzip ended early or did not add up */
    STREAM_TRAILING, /* something else behind the gzip data */
    STREAM_FAILED,   /* read error: see status */
};

/*   raw block ──(inflate, or as it is)──► window:  [0 … at) given out  [at … n) not yet, of it
 *                                                  [at … at + searched) holds no line feed       */
struct stream {
    int fd;
    bool gzip, ours; /* ours: to be closed */
    bool part;       /* only the bytes from number `from` on are read, and of these no more than `left` */
    uint64_t from, left;
    bool skipping;   /* the rest of a line that was too long is being passed over */
    bool too_long;   /* the line given out last is the tail of one that was */
    uint64_t quotes; /* if so: how many the whole line had */
    size_t returned; /* bytes of a line that were given back */
    enum stream_end end;
    enum tcplog_status status;
    int error;       /* errno of a read error */
    uint64_t number; /* of the line given out last, from 1 */
    struct buf window;
    size_t at, searched;
    z_stream inflater;
    size_t raw_n;
    unsigned char raw[STREAM_BLOCK];
};

/* *stream is all zero. False: status says why; closing is still due. */
bool stream_open(struct stream *stream, const char *path);
/* The members that lie in `bytes` bytes of an open gzip file from number `from` on. The file is the caller's to close. */
bool stream_open_members(struct stream *stream, int fd, uint64_t from, uint64_t bytes);
/* The text itself, of which a copy is made. */
void stream_open_text(struct stream *stream, struct str text);
/* The first byte still to be given out, -1 if there is none. */
int stream_peek(struct stream *stream);
/* The same behind a byte order mark and line ends, if there is something: it tells the format. */
int stream_sniff(struct stream *stream);
/* Whether what is still to be given out begins with this text. */
bool stream_begins(struct stream *stream, struct str text);
/* That much is not given out. It must have been looked at. */
void stream_pass(struct stream *stream, size_t n);
/* The next line with its line feed, which only the last one may lack; false at the end. The unfinished last line of
 * a damaged stream is not given out: its record is lost anyway. Valid until the next call. */
bool stream_line(struct stream *stream, struct str *line);
/* The last n bytes of the line given out last, which was not too long, are the next line. */
void stream_return(struct stream *stream, size_t n);
/* Also after a failure to open. Standard input stays open. */
void stream_close(struct stream *stream);

#endif

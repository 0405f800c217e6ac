/* How pages for people look: what tcplog_open is told, besides what to convert, to write one page a session. */
#ifndef TCPLOG_PAGE_H
#define TCPLOG_PAGE_H

#include <stdbool.h>

/* What the reader's screen can show. Control characters of a log never reach it, whichever it is. */
enum tcplog_letters {
    TCPLOG_LETTERS_PLAIN,  /* texts in UTF-8, as they are; all else in ASCII: for files and pipes */
    TCPLOG_LETTERS_BLOCKS, /* UTF-8 and its block characters */
    TCPLOG_LETTERS_ASCII,  /* nothing past ASCII: question marks stand for the rest */
};

enum { TCPLOG_PAGE_NARROWEST = 40, TCPLOG_PAGE_WIDEST = 240 };

struct tcplog_page {
    unsigned width; /* columns; brought between the narrowest and the widest */
    enum tcplog_letters letters;
    bool colour; /* by ANSI escape sequences; nothing is said by colour alone */
};

#endif

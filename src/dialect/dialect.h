/* A dialect: which program, of which generation or side, wrote a session's log. It is one file a program that ends with
 * const structs, and a line each in src/registry.def. The physical grammar is common to all (grammar.h). */
#ifndef DIALECT_DIALECT_H
#define DIALECT_DIALECT_H

#include "dialect/grammar.h"
#include "model/session.h"

/* How well an opening fits. What is possible only tells which clocks and remarks to expect, and names no program. */
enum { BID_POSSIBLE = 20, BID_LIKELY = 60, BID_SURE = 100 };

struct dialect {
    const char *name;
    enum tcplog_name id;          /* NAMES_dialect_… */
    enum tcplog_name application; /* NAMES_application_… */
    bool one_clock;               /* its stamps come from one clock (FORMAT 4) */
    /* BID_…, 0 not at all; `application` is the file name's, or NAMES_count. */
    int (*bid)(const struct opening *opening, enum tcplog_name application);
    /* Adds what a [*] remark says; texts are views into the remark. */
    void (*tls_remark)(struct str text, struct tls_facts *facts);
};

/* The remarks of the two generations of the network library that the programs share: CryptLib's in the old one,
 * OpenSSL's in the new one (FORMAT 0, 2.2). */
void dialect_old_tls_remark(struct str text, struct tls_facts *facts);
void dialect_new_tls_remark(struct str text, struct tls_facts *facts);

#endif

/* A session: one connection, from its opening to its end. Its texts live in the session's arena. */
#ifndef MODEL_SESSION_H
#define MODEL_SESSION_H

#include "model/moment.h"
#include "model/stamp.h"
#include "model/traces.h"
#include "tcplog/record.h"

/* Hexadecimal digits of XXH3-128; more than servers offer. */
enum { SESSION_ID_TEXT = 32, CAPABILITIES_MOST = 64 };

/* What the remarks of the log say of TLS; views of the text of one remark, or in the arena. */
struct tls_facts {
    bool established;
    struct str version, cipher, subject;
    size_t version_room, cipher_room, subject_room; /* bytes that the longest of each took in the arena */
};

/* Of the exchange with the longest final round trip, and of all of them. */
struct round_trips {
    uint32_t *samples; /* RTT_SAMPLES of them */
    size_t count;      /* more than fit: the median is not known exactly and left out */
    bool median_known;
    uint32_t median_ms;
    int64_t slowest_ms;
    char slowest_command[33];
    uint64_t slowest_line;
};

/* For the median, 64 KiB of them. A session of more exchanges has none. */
enum { RTT_SAMPLES = 16384 };

struct protocol;

/* Filled while the session runs. An exchange's enricher sees what is known so far, the session's own sees all of
 * it. */
struct session_facts {
    char id[SESSION_ID_TEXT];
    bool has_application, has_dialect, has_role, has_protocol_source;
    enum tcplog_name application, dialect, role, protocol, protocol_source;
    const struct protocol *spoken;
    struct str server, peer;
    uint32_t timeout; /* seconds; 0: not logged */
    bool opened;      /* its opening is in the log */
    bool one_clock;   /* the dialect takes seconds and milliseconds from one clock */

    /* its first stamp; the line `Connect to`; whatever came first behind that (TLS, talk, an error), for then the
     * connection stood; the greeting; its last stamp */
    struct moment began, connected, first_sign, greeted, ended;
    struct stamp stamp;
    struct phases phases;
    enum tcplog_name phase_source; /* NAMES_count: nothing is known of the phase */
    uint32_t resolution_ms;        /* 0: too few steps to tell */

    enum tcplog_name ending;
    struct str error; /* the first numbered error, e.g. "8: Socket read timeout" */
    uint64_t error_line;
    uint64_t unparsed_line; /* the first that was not understood */
    struct tls_facts tls;
    struct str mechanism, user;
    size_t mechanism_room, user_room; /* bytes that the longest of them took */
    bool login_ok;
    struct str capabilities[CAPABILITIES_MOST];
    size_t capability_rooms[CAPABILITIES_MOST]; /* likewise, of as many as were offered at once … */
    size_t capability_count, capability_slots;  /* … which is the latter */

    uint64_t line, line_end, offset;
    bool has_offset;     /* the client wrote its zone into a mail … */
    int32_t offset_told; /* … seconds east of Greenwich */
    uint64_t lines, lines_unparsed, client_bytes, server_bytes;
    uint64_t exchanges, failures, unanswered, messages_sent, messages_fetched;
    uint64_t goodbyes; /* that were answered */
    struct traces traces;
    struct verdict verdict; /* once it has ended */
    struct round_trips trips;
};

#endif

/* Mercury/32 to 4.72: its client modules (D, C, E) open with a date and `Connect to 'host', timeout N.`, its servers
 * (S, P, I) with `Connection from address, date`. */
#include "dialect/dialect.h"

/* "timeout 30 seconds." is Pegasus's. Of an opening alone, the name of the file decides. */
static int mercury_client_bid(const struct opening *opening, enum tcplog_name application)
{
    bool opens = opening->ctime || opening->plain;
    if (opening->server || opening->seconds || !(opens || opening->connect))
        return 0;
    /* the name of the file says so (TCPxxxx.MC): the opening need only not speak against it */
    if (application == NAMES_application_mercury)
        return BID_SURE;
    return opening->connect && opening->timeout && application != NAMES_application_pegasus ? BID_LIKELY : 0;
}

static int mercury_server_bid(const struct opening *opening, enum tcplog_name application)
{
    (void)application;
    /* no other program writes `Connection from` */
    return opening->server ? BID_SURE : 0;
}

const struct dialect dialect_mercury_client = {
    .name = "mercury-client",
    .id = NAMES_dialect_mercury_client,
    .application = NAMES_application_mercury,
    .bid = mercury_client_bid,
    .tls_remark = dialect_old_tls_remark,
};

const struct dialect dialect_mercury_server = {
    .name = "mercury-server",
    .id = NAMES_dialect_mercury_server,
    .application = NAMES_application_mercury,
    .bid = mercury_server_bid,
    .tls_remark = dialect_old_tls_remark,
};

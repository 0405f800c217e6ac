/* Pegasus Mail: up to 4.6x with the old network library, from 4.70 (2014) with the new one. It is always the client;
 * "timeout N seconds." tells it from Mercury. */
#include "dialect/dialect.h"

static int bid(const struct opening *opening, enum tcplog_name application)
{
    if (opening->server || application == NAMES_application_mercury)
        return 0;
    if (opening->seconds)
        return BID_SURE;
    /* Mercury's client opens in the same way, but bids less where there is no `Connect to` to tell them apart */
    return application == NAMES_application_pegasus ? BID_LIKELY : BID_POSSIBLE;
}

static int pegasus_old_bid(const struct opening *opening, enum tcplog_name application)
{
    return opening->ctime ? bid(opening, application) : 0;
}

static int pegasus_new_bid(const struct opening *opening, enum tcplog_name application)
{
    return opening->plain ? bid(opening, application) : 0;
}

const struct dialect dialect_pegasus_old = {
    .name = "pegasus-old",
    .id = NAMES_dialect_pegasus_old,
    .application = NAMES_application_pegasus,
    .bid = pegasus_old_bid,
    .tls_remark = dialect_old_tls_remark,
};

const struct dialect dialect_pegasus_new = {
    .name = "pegasus-new",
    .id = NAMES_dialect_pegasus_new,
    .application = NAMES_application_pegasus,
    .one_clock = true,
    .bid = pegasus_new_bid,
    .tls_remark = dialect_new_tls_remark,
};

/* The options of a run as a text: equal texts, equal records. */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "base/keyed_hash.h"
#include "sink/sink.h"
#include "tcplog/options.h"

/* For tcplog_describe: options as tcplog_open completed them; NULL: nothing is packed, there are no pseudonyms. */
char *describe(const struct tcplog_options *options, const struct packing *packing,
               const struct keyed_hash *key);

#endif

/* The options that all commands have which write records, however they are called there. */
#ifndef CMD_CONVERSION_OPTIONS_H
#define CMD_CONVERSION_OPTIONS_H

#include "options.h"
#include "tcplog.h"

struct conversion_options {
    enum option_id format, kinds, output, gzip, engine, zone, redact, redact_key;
};

/* Fills *options with what these say, all else is zero; -1, or the exit code of a fault that the user has been told. */
int conversion_parse(const struct command *command, const struct parsed *parsed,
                     const struct conversion_options *asks, struct tcplog_options *options);

#endif

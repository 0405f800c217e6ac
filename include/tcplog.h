/* libtcplog: session logs of Pegasus Mail and Mercury/32 in, records that follow the published schema out.
 *
 *   tcplog_open → tcplog_convert (once an input; each is told to options.finished) → tcplog_settle → tcplog_close
 *
 * The library never writes to standard error, never exits, keeps no global state, and asks for neither locale nor time zone
 * of the process. Runs in several threads do not know of each other; a run belongs to one thread at a time.
 *
 * It sets no signal's action. Where output goes to a pipe or a socket whose reader goes away, SIGPIPE ends the process unless
 * the process ignores or blocks it: only then is the end of such a run TCPLOG_PIPE. */
#ifndef TCPLOG_H
#define TCPLOG_H

#include "tcplog/append.h"
#include "tcplog/cat.h"
#include "tcplog/codes.h"
#include "tcplog/input.h"
#include "tcplog/options.h"
#include "tcplog/problem.h"
#include "tcplog/record.h"
#include "tcplog/schema.h"
#include "tcplog/status.h"
#include "tcplog/validate.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TCPLOG_VERSION "0.1.0"

struct tcplog;

/* Opens the output; on success *made is the caller's to close. */
enum tcplog_status tcplog_open(const struct tcplog_options *options, struct tcplog **made);
/* The writers there are: name and summary of number i; NULL past the last. */
const char *tcplog_format(size_t i, const char **summary);
/* What names of outputs in its format end with, but for a .gz: ".jsonl". */
const char *tcplog_suffix(const struct tcplog *log);
/* What can compress, the fastest first: name of number i; NULL past the last. Not all of them need be built in. */
const char *tcplog_gzip_engine(size_t i);
/* Converts one input. What came of it is told to options.finished, maybe later than this returns, but before tcplog_close
 * does; `input` and its texts may be gone by then: what is told of is a copy. False: the run is over (stopped, the output
 * failed, or strict and something was wrong), and further inputs are in vain. */
bool tcplog_convert(struct tcplog *log, const struct tcplog_input *input);
/* Waits until what came of every input has been told; tcplog_close does, too, but then it is too late to decide whether
 * to keep the output. False: the run is over. */
bool tcplog_settle(struct tcplog *log);
/* Ends the output (the file appears under its name now, if keep) and fills *summary where not NULL. Where an input ended the
 * run, this is its status, and the file does not appear, unless it is TCPLOG_STOPPED. */
enum tcplog_status tcplog_close(struct tcplog *log, bool keep, struct tcplog_summary *summary);
/* How many bytes of a log that is still being written can be converted for good: up to its last line feed if its last
 * session has ended, else up to where that session begins; TCPLOG_PACKED: it is an archive or compressed, and can be
 * converted once all of it is there. TCPLOG_UNREADABLE: errno says why. */
enum tcplog_status tcplog_finished_bytes(const char *path, uint64_t *bytes);
/* The hash that an outcome would tell of the input's bytes, also of what is packed; false: it cannot be read, errno says
 * why. */
bool tcplog_fingerprint(const struct tcplog_input *input, char digits[33]);
/* A file's name as it stands in JSON Lines, quotes included: source_file. NULL: no memory. The text is the caller's to
 * free. */
char *tcplog_json_name(const char *path);
/* All that decides what records say, but for the inputs: "version=0.1.0 schema=1.0 format=jsonl kinds=exchange …". Of a
 * key it tells no more than a pseudonym does. NULL: no memory. The text is the caller's to free. */
char *tcplog_describe(const struct tcplog *log);
/* Whether a file's name alone says session log (FORMAT: TCPxxxx.MS, TCP-YYMMDD-HHMM-N.pop …), any case. */
bool tcplog_is_log_name(const char *path);

#ifdef __cplusplus
}
#endif

#endif

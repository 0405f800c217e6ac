/* What a target makes of the fuzzer's bytes: they are short, logs are long, and some bytes are options. The last byte is
 * the options, so that a log as it is, which ends in LF, is an input as it is; all options are off then. */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include "source/source.h"
#include "tcplog/buf.h"

struct input {
    struct str bytes;
    uint8_t options;
};

/* Long inputs come of short ones by 0x1E, a count, a byte: the byte again and again; and by 0x1F, a count: the line
 * before it. The bytes live until the next call. */
struct input input_of(const uint8_t *data, size_t size);

/* A source that gives a few bytes at a time: nothing may depend on how a file is read. */
void source_open_dribble(struct source *source, struct str bytes);

/* A view of nothing, or one that lies within whole. */
bool inside(struct str view, struct str whole);
bool holds(struct str text, struct str word);
/* The length of "HH:MM:SS.mmm: " where a line begins like that, else 0. */
size_t stamp_length(struct str line);

#endif

/* Opens the chain of sinks, and moves full buffers into it. */
#include "output.h"

#include "base/error.h"
#include "tcplog/cat.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool is_standard(const struct output_options *options)
{
    return !options->path || strcmp(options->path, "-") == 0;
}

/* Beside a file that appears under a name; nothing else can be opened in the middle. False: it cannot be had. */
static bool open_index(const struct output_options *options, const struct sink *file, struct sink **index,
                       bool *lacks, enum tcplog_status *status)
{
    char *path;
    *index = NULL;
    if (!sink_appears(file))
        return true;
    if (asprintf(&path, "%s" TCPLOG_INDEX_SUFFIX, options->path) < 0) {
        *status = TCPLOG_MEMORY;
        return false;
    }
    *index = sink_file(path, options->force, status);
    *lacks = !*index;
    free(path);
    return *index != NULL;
}

static struct sink *open_sink(const struct output_options *options, bool *lacks_index,
                              enum tcplog_status *status)
{
    struct sink *index, *sink = is_standard(options) ? sink_standard_output(status)
                                                     : sink_file(options->path, options->force, status);
    if (sink)
        sink->stop = options->stop;
    if (!sink || !options->gzip)
        return sink;
    if (open_index(options, sink, &index, lacks_index, status))
        return sink_gzip(sink, index, &options->packing, status);
    int error = errno;
    sink->class->close(sink, false);
    errno = error;
    return NULL;
}

struct tcplog_problem output_complaint(enum tcplog_status status, const char *path, bool index,
                                       char name[OUTPUT_NAME])
{
    const struct output_options options = { .path = path };
    bool there = errno == EEXIST;
    const char *text = index ? "The index exists already; --force overwrites it."
                             : "The output exists already; --force overwrites it.";
    if (status == TCPLOG_MEMORY)
        text = "Out of memory.";
    else if (!there)
        text = error_text(errno);
    snprintf(name, OUTPUT_NAME, "%s%s", is_standard(&options) ? "standard output" : path,
             index ? TCPLOG_INDEX_SUFFIX : "");
    return (struct tcplog_problem){ .id = "output-failed", .field = name, .text = text };
}

/* Before it is opened: what a name stands for may be another file afterwards. */
static void look_at_targets(struct output *output, const struct output_options *options)
{
    struct stat about;
    char *index = NULL;
    int failed = is_standard(options) ? fstat(STDOUT_FILENO, &about) : stat(options->path, &about);
    if (failed == 0 && S_ISREG(about.st_mode))
        output->targets[0] = about;
    if (options->gzip && !is_standard(options) &&
        asprintf(&index, "%s" TCPLOG_INDEX_SUFFIX, options->path) > 0 && stat(index, &about) == 0 &&
        S_ISREG(about.st_mode))
        output->targets[1] = about;
    free(index);
}

static bool is_target(const struct stat *target, const struct source *source)
{
    return target->st_mode != 0 && source_is(source, target);
}

bool output_replaces(const struct output *output, const struct source *source)
{
    return is_target(&output->targets[0], source) || is_target(&output->targets[1], source);
}

enum tcplog_status output_open(struct output *output, const struct output_options *options)
{
    enum tcplog_status status = TCPLOG_OK;
    *output = (struct output){ .writer = options->writer,
                               .state = calloc(1, options->writer->state_size),
                               .members = options->gzip,
                               .block = options->gzip ? OUTPUT_MEMBER + 1 : OUTPUT_BLOCK };
    if (!output->state)
        return TCPLOG_MEMORY;
    if (options->writer->look)
        options->writer->look(output->state, options->page);
    look_at_targets(output, options);
    output->sink = open_sink(options, &output->lacks_index, &status);
    if (output->sink)
        output->writer->begin(output->state, &output->buf, options->kind);
    return status;
}

enum tcplog_status output_hold(struct output *output, const struct output *whole,
                               const struct output_options *options, struct sink *sink)
{
    *output = (struct output){ .writer = options->writer,
                               .state = calloc(1, options->writer->state_size),
                               .sink = sink,
                               .members = whole->members,
                               .block = OUTPUT_BLOCK,
                               .held = true };
    memcpy(output->targets, whole->targets, sizeof(output->targets));
    if (!output->state)
        return TCPLOG_MEMORY;
    if (options->writer->look)
        options->writer->look(output->state, options->page);
    /* what is written once is written by the other one */
    output->writer->begin(output->state, &output->buf, options->kind);
    output->buf.n = 0;
    return output->buf.status;
}

/* The first n bytes leave. */
static void flush(struct output *output, size_t n)
{
    struct buf *buf = &output->buf;
    struct sink *sink = output->sink;
    if (sink->class->about)
        sink->class->about(sink, roll_tell(&output->roll, n));
    if (sink->class->take) {
        sink->class->take(sink, buf, n);
        return;
    }
    sink->class->write(sink, (struct str){ buf->p, n });
    buf->n -= n;
    if (buf->n)
        memmove(buf->p, buf->p + n, buf->n);
}

static enum tcplog_status memory_status(const struct output *output)
{
    enum tcplog_status noted = roll_status(&output->roll);
    if (output->buf.status != TCPLOG_OK)
        return output->buf.status;
    return output->marks.status != TCPLOG_OK ? output->marks.status : noted;
}

void output_leave(struct output *output)
{
    if (output->buf.n + output->marks.n)
        output->sink->class->take(output->sink, &output->buf, output->buf.n);
}

/* Sessions without a record leave marks and no text. */
void output_mark(struct output *output, struct mark mark)
{
    enum { MARKS_MOST = 64 << 10 };
    mark.at = output->buf.n;
    if (!output->held)
        return;
    tcplog_buf_add(&output->marks, (struct str){ (const char *)&mark, sizeof(mark) });
    if (output->marks.n >= MARKS_MOST)
        output_leave(output);
}

/* Where members end must not depend on anything but the records: each holds as many as fit. */
void output_full(struct output *output)
{
    if (output->held)
        output_leave(output);
    else if (!output->members)
        flush(output, output->buf.n);
    else
        while (output->buf.n > OUTPUT_MEMBER && memory_status(output) == TCPLOG_OK)
            flush(output, roll_cut(&output->roll, OUTPUT_MEMBER));
}

void output_pass(struct output *output, struct str text, const struct buf *entries)
{
    if (!output->members) {
        if (output->buf.n)
            flush(output, output->buf.n);
        output->sink->class->write(output->sink, text);
        return;
    }
    roll_join(&output->roll, entries, output->buf.n);
    tcplog_buf_add(&output->buf, text);
    if (output->buf.n >= output->block)
        output_full(output);
}

void output_sequel(struct output *output, const struct record *first, const struct sequel *sequel)
{
    size_t before = output->buf.n;
    output->writer->sequel(output->state, &output->buf, first, sequel);
    output->records += 1 + sequel->count;
    if (output->members)
        roll_note_sequel(&output->roll, first, sequel, &output->buf, before);
    if (output->buf.n >= output->block)
        output_full(output);
}

enum tcplog_status output_status(const struct output *output)
{
    enum tcplog_status memory = memory_status(output);
    return memory != TCPLOG_OK || !output->sink ? memory : output->sink->status;
}

enum tcplog_status output_close(struct output *output, bool keep)
{
    enum tcplog_status status = TCPLOG_OK;
    if (output->sink && !output->held) {
        output->writer->end(output->state, &output->buf);
        flush(output, output->buf.n);
        enum tcplog_status memory = memory_status(output);
        status = output->sink->class->close(output->sink, keep && memory == TCPLOG_OK);
        if (status == TCPLOG_OK)
            status = memory;
    }
    int error = errno;
    tcplog_buf_free(&output->buf);
    roll_free(&output->roll);
    tcplog_buf_free(&output->marks);
    free(output->state);
    *output = (struct output){ 0 };
    errno = error;
    return status;
}

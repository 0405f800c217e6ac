/* Opens the chain of sinks, and moves full buffers into it. */
#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static bool is_standard(const struct output_options *options)
{
    return !options->path || strcmp(options->path, "-") == 0;
}

static struct sink *open_sink(const struct output_options *options, enum tcplog_status *status)
{
    struct sink *sink = is_standard(options) ? sink_standard_output(status)
                                             : sink_file(options->path, options->force, status);
    if (sink)
        sink->stop = options->stop;
    return sink && options->gzip ? sink_gzip(sink, &options->packing, status) : sink;
}

/* Before it is opened: what a name stands for may be another file afterwards. */
static void look_at_target(struct output *output, const struct output_options *options)
{
    struct stat about;
    int failed = is_standard(options) ? fstat(STDOUT_FILENO, &about) : stat(options->path, &about);
    if (failed == 0 && S_ISREG(about.st_mode))
        output->target = about;
}

bool output_replaces(const struct output *output, const struct source *source)
{
    return output->target.st_mode != 0 && source_is(source, &output->target);
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
    look_at_target(output, options);
    output->sink = open_sink(options, &status);
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
                               .block = whole->members ? 0 : OUTPUT_BLOCK,
                               .held = true,
                               .target = whole->target };
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
    output->sink->class->write(output->sink, (struct str){ buf->p, n });
    buf->n -= n;
    if (buf->n)
        memmove(buf->p, buf->p + n, buf->n);
}

void output_leave(struct output *output)
{
    if (output->buf.n + output->marks.n)
        output->sink->class->take(output->sink, &output->buf);
}

void output_mark(struct output *output, struct mark mark)
{
    mark.at = output->buf.n;
    if (output->held)
        tcplog_buf_add(&output->marks, (struct str){ (const char *)&mark, sizeof(mark) });
}

static void hold(struct output *output)
{
    if (output->members)
        tcplog_buf_add(&output->ends, (struct str){ (const char *)&output->buf.n, sizeof(output->buf.n) });
    if (output->buf.n >= OUTPUT_BLOCK)
        output_leave(output);
}

/* Where members end must not depend on anything but the records: the latest one begins the next member. */
void output_full(struct output *output, size_t before)
{
    if (output->held)
        hold(output);
    else
        flush(output, output->members && before ? before : output->buf.n);
}

static void add(struct output *output, struct str text)
{
    size_t before = output->buf.n;
    tcplog_buf_add(&output->buf, text);
    if (output->buf.n >= output->block)
        output_full(output, before);
}

void output_pass(struct output *output, struct str text, const size_t *ends, size_t count)
{
    size_t at = 0;
    for (size_t i = 0; i < count; at = ends[i++])
        add(output, (struct str){ text.p + at, ends[i] - at });
    if (count)
        return;
    if (output->buf.n)
        flush(output, output->buf.n);
    output->sink->class->write(output->sink, text);
}

void output_sequel(struct output *output, const struct record *first, const struct sequel *sequel)
{
    size_t before = output->buf.n;
    output->writer->sequel(output->state, &output->buf, first, sequel);
    output->records += 1 + sequel->count;
    if (output->buf.n >= output->block)
        output_full(output, before);
}

enum tcplog_status output_status(const struct output *output)
{
    if (output->buf.status != TCPLOG_OK)
        return output->buf.status;
    if (output->ends.status != TCPLOG_OK || output->marks.status != TCPLOG_OK)
        return TCPLOG_MEMORY;
    if (!output->sink)
        return TCPLOG_OK;
    return output->sink->status;
}

enum tcplog_status output_close(struct output *output, bool keep)
{
    enum tcplog_status status = TCPLOG_OK;
    if (output->sink && !output->held) {
        output->writer->end(output->state, &output->buf);
        if (output->buf.n)
            flush(output, output->buf.n);
        enum tcplog_status memory = output->buf.status;
        status = output->sink->class->close(output->sink, keep && memory == TCPLOG_OK);
        if (status == TCPLOG_OK)
            status = memory;
    }
    int error = errno;
    tcplog_buf_free(&output->buf);
    tcplog_buf_free(&output->ends);
    tcplog_buf_free(&output->marks);
    free(output->state);
    *output = (struct output){ 0 };
    errno = error;
    return status;
}

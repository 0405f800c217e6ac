/* Opens the chain of sinks, and moves full buffers into it. */
#include "output.h"

#include <errno.h>
#include <stdlib.h>

static struct sink *open_sink(const struct output_options *options, enum tcplog_status *status)
{
    bool standard = !options->path || strcmp(options->path, "-") == 0;
    struct sink *sink =
        standard ? sink_standard_output(status) : sink_file(options->path, options->force, status);
    return sink && options->gzip ? sink_gzip(sink, status) : sink;
}

enum tcplog_status output_open(struct output *output, const struct output_options *options)
{
    enum tcplog_status status = TCPLOG_OK;
    *output = (struct output){ .writer = options->writer, .state = calloc(1, options->writer->state_size) };
    if (!output->state)
        return TCPLOG_MEMORY;
    output->sink = open_sink(options, &status);
    if (output->sink)
        output->writer->begin(output->state, &output->buf, options->kind);
    return status;
}

void output_flush(struct output *output)
{
    output->sink->class->write(output->sink, buf_str(&output->buf));
    output->buf.n = 0;
}

enum tcplog_status output_status(const struct output *output)
{
    return output->buf.status != TCPLOG_OK ? output->buf.status : output->sink->status;
}

enum tcplog_status output_close(struct output *output, bool keep)
{
    enum tcplog_status status = TCPLOG_OK;
    if (output->sink) {
        output->writer->end(output->state, &output->buf);
        output_flush(output);
        enum tcplog_status memory = output->buf.status;
        status = output->sink->class->close(output->sink, keep && memory == TCPLOG_OK);
        if (status == TCPLOG_OK)
            status = memory;
    }
    int error = errno;
    tcplog_buf_free(&output->buf);
    free(output->state);
    *output = (struct output){ 0 };
    errno = error;
    return status;
}

/* The face of the library (include/tcplog.h): options are checked here, parts are picked from the registry, and a
 * pipeline runs each input. */
#include "tcplog.h"

#include "append.h"
#include "base/error.h"
#include "describe.h"
#include "finished.h"
#include "jobs/jobs.h"
#include "registry.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

struct tcplog {
    struct pipeline pipeline;
    struct trade trade;
    struct output output; /* of all inputs, unless each has an export */
    struct jobs *jobs;
};

const char *tcplog_format(size_t i, const char **summary)
{
    size_t count = 0;
    while (registry_writers[count])
        count++;
    if (i >= count)
        return NULL;
    if (summary)
        *summary = registry_writers[i]->summary;
    return registry_writers[i]->name;
}

const char *tcplog_gzip_engine(size_t i)
{
    const struct engine *engine = engine_at(i);
    return engine ? engine->name : NULL;
}

static bool ends_with(const char *path, const char *suffix)
{
    return str_ends(str_of(path), str_of(suffix));
}

/* By name, else by the end of the output's name (before a ".gz"), else the first. */
static const struct writer *find_writer(const char *format, const char *output)
{
    char stem[4096] = "";
    size_t n = output ? strlen(output) : 0;
    if (n && n < sizeof(stem))
        memcpy(stem, output, n - (ends_with(output, ".gz") ? 3 : 0));
    for (const struct writer *const *each = registry_writers; *each; each++)
        if (format ? strcmp((*each)->name, format) == 0 : ends_with(stem, (*each)->suffix))
            return *each;
    return format ? NULL : registry_writers[0];
}

static enum kind first_kind(unsigned kinds)
{
    enum kind kind = 0;
    while (!(kinds >> kind & 1))
        kind++;
    return kind;
}

static enum tcplog_status complain(const struct tcplog_options *options, enum tcplog_status status,
                                   const char *id, const char *value, const char *text)
{
    const struct tcplog_problem problem = { .id = id, .text = text, .field = value };
    if (options->report)
        options->report(options->context, &problem);
    return status;
}

static enum tcplog_status read_key(const struct tcplog_options *options, struct keyed_hash *hash)
{
    const char *path = options->redact_key_file;
    switch (keyed_hash_read(hash, path)) {
    case KEY_TOO_SHORT:
        return complain(options, TCPLOG_USAGE, "bad-key", path, "A key has at least 16 bytes.");
    case KEY_TOO_LONG: return complain(options, TCPLOG_USAGE, "bad-key", path, "A key has at most 64 KiB.");
    case KEY_UNREADABLE: return complain(options, TCPLOG_UNREADABLE, "unreadable", path, error_text(errno));
    default: return TCPLOG_OK;
    }
}

static enum tcplog_status start_identities(struct pipeline *pipeline, const struct tcplog_options *options)
{
    if (options->redact != TCPLOG_REDACT_IDENTITIES)
        return TCPLOG_OK;
    pipeline->identities = identities_make();
    if (!pipeline->identities)
        return complain(options, TCPLOG_MEMORY, "out-of-memory", NULL, "Out of memory.");
    pipeline->session.dialogue.veil = true;
    struct keyed_hash *hash = &pipeline->identities->pseudonyms.hash;
    if (options->redact_key_file)
        return read_key(options, hash);
    return keyed_hash_make(hash) ? TCPLOG_OK
                                 : complain(options, TCPLOG_UNREADABLE, "no-key", NULL,
                                            "The system has no random bytes for a key.");
}

/* Levels are zlib's: who asks for one asks for zlib. */
static const struct engine *find_engine(const struct tcplog_options *options)
{
    if (options->gzip_engine)
        return engine_named(options->gzip_engine);
    return options->gzip_level ? &engine_zlib : engine_best();
}

static bool is_compressed(const struct tcplog_options *options)
{
    return options->gzip || (options->output && ends_with(options->output, ".gz"));
}

static enum tcplog_status choose_packing(const struct tcplog_options *options, struct packing *packing)
{
    const char *name = options->gzip_engine;
    const struct engine *engine = find_engine(options);
    *packing = (struct packing){ .engine = engine, .level = options->gzip_level, .jobs = options->jobs };
    if (!engine)
        return complain(options, TCPLOG_USAGE, "unknown-engine", name, "There is no such engine.");
    if (name && !options->exports && !is_compressed(options))
        return complain(options, TCPLOG_USAGE, "engine-without-use", name,
                        "An engine is of use only where the output is compressed.");
    if (!engine->open)
        return complain(options, TCPLOG_USAGE, "engine-not-built-in", name,
                        "This tcplog was built on a machine without the library.");
    if (options->gzip_level < 0 || options->gzip_level > engine->levels)
        return complain(options, TCPLOG_USAGE, "no-such-level", engine->name,
                        "The engine has no such level: zlib has 1 to 9, the others none.");
    return TCPLOG_OK;
}

/* Where records go that are to be read back. */
static bool reads_back(const struct tcplog_options *options)
{
    struct stat about;
    const char *path = options->output;
    return options->exports ||
           (path && strcmp(path, "-") != 0 && (stat(path, &about) != 0 || S_ISREG(about.st_mode)));
}

/* What no command line says, but a program may. */
static enum tcplog_status check_values(const struct tcplog_options *options)
{
    const struct {
        const char *option;
        bool good;
    } values[] = {
        { "kinds", options->kinds >> KIND_COUNT == 0 },
        { "redact", (unsigned)options->redact <= TCPLOG_REDACT_IDENTITIES },
        { "output", !options->output || options->output[0] },
        { "jobs", options->jobs <= TCPLOG_MOST_JOBS },
        { "limits.depth", options->limits.depth <= TCPLOG_MOST_DEPTH },
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
        if (!values[i].good)
            return complain(options, TCPLOG_USAGE, "bad-value", values[i].option,
                            "The option cannot have this value.");
    return TCPLOG_OK;
}

static enum tcplog_status check_needs(const struct tcplog_options *options, const struct writer *writer)
{
    if (writer->one_kind && options->kinds & (options->kinds - 1))
        return complain(options, TCPLOG_USAGE, "one-kind-only", writer->name,
                        "This format takes one kind of record at a time: name it with -k.");
    if (options->redact_key_file && options->redact != TCPLOG_REDACT_IDENTITIES)
        return complain(options, TCPLOG_USAGE, "key-without-use", options->redact_key_file,
                        "A key is of use only where identities are redacted.");
    if (options->dedupe && options->exports)
        return complain(options, TCPLOG_USAGE, "dedupe-without-output", NULL,
                        "Sessions are left out of one output, not of a folder of exports.");
    return options->verify && !reads_back(options)
               ? complain(options, TCPLOG_USAGE, "verify-without-file", options->output,
                          "Only what is a file in the end can be read back.")
               : TCPLOG_OK;
}

static enum tcplog_status complain_of_output(const struct tcplog_options *options, enum tcplog_status status,
                                             bool of_index)
{
    char name[OUTPUT_NAME];
    const struct tcplog_problem problem = output_complaint(status, options->output, of_index, name);
    if (status != TCPLOG_OK && options->report)
        options->report(options->context, &problem);
    return status;
}

static enum tcplog_status complain_of_zone(const struct tcplog_options *options, int error)
{
    if (error == ENOMEM)
        return complain(options, TCPLOG_MEMORY, "out-of-memory", NULL, "Out of memory.");
    if (error == ENODATA)
        return complain(
            options, TCPLOG_USAGE, "no-zone-data", zone_folder(),
            "There are no time zones in this folder: install tzdata, or set TZDIR; offsets such as "
            "+02:00 need none.");
    return complain(options, TCPLOG_USAGE, "unknown-zone", options->time_zone,
                    "There is no such time zone; give an IANA name like Europe/Amsterdam, or +02:00.");
}

static enum tcplog_status start(struct tcplog *log, const struct tcplog_options *options,
                                const struct writer *writer, const struct packing *packing)
{
    struct pipeline *pipeline = &log->pipeline;
    log->trade = (struct trade){ registry_dialects, registry_protocols };
    pipeline->options = *options;
    if (!pipeline_make(pipeline, &log->trade, registry_enrichers))
        return complain(options, TCPLOG_MEMORY, "out-of-memory", NULL, "Out of memory.");
    pipeline->session.kinds = options->kinds;
    pipeline->session.dialogue.talk.reveal = pipeline->session.assembler.reveal =
        options->redact == TCPLOG_REDACT_NONE;
    enum tcplog_status keyed = start_identities(pipeline, options);
    if (keyed != TCPLOG_OK)
        return keyed;
    if (options->time_zone && !zone_open(&pipeline->session.assembler.zone, options->time_zone))
        return complain_of_zone(options, errno);
    pipeline->target = (struct output_options){ .writer = writer,
                                                .page = options->page,
                                                .kind = first_kind(options->kinds),
                                                .path = options->output,
                                                .gzip = is_compressed(options) && !options->divided,
                                                .packing = *packing,
                                                .force = options->force,
                                                .stop = options->stop };
    if (options->fingerprint && !(pipeline->print = fingerprint_make()))
        return complain(options, TCPLOG_MEMORY, "out-of-memory", NULL, "Out of memory.");
    enum tcplog_status status = options->exports ? TCPLOG_OK : output_open(&log->output, &pipeline->target);
    if (status != TCPLOG_OK)
        return complain_of_output(options, status, log->output.lacks_index);
    log->jobs = jobs_open(pipeline, options->exports ? NULL : &log->output);
    return log->jobs ? TCPLOG_OK : complain(options, TCPLOG_MEMORY, "out-of-memory", NULL, "Out of memory.");
}

enum tcplog_status tcplog_open(const struct tcplog_options *options, struct tcplog **made)
{
    struct tcplog_options checked = *options;
    *made = NULL;
    if (check_values(options) != TCPLOG_OK)
        return TCPLOG_USAGE;
    if (checked.page)
        checked.kinds = (1u << KIND_COUNT) - 1;
    if (checked.kinds == 0)
        checked.kinds = 1u << KIND_EXCHANGE;
    if (checked.jobs == 0)
        checked.jobs = jobs_cores();
    const struct writer *writer = checked.page ? &writer_page : find_writer(checked.format, checked.output);
    if (!writer)
        return complain(options, TCPLOG_USAGE, "unknown-format", checked.format, "There is no such format.");
    struct packing packing;
    enum tcplog_status status = check_needs(&checked, writer);
    checked.format = writer->name;
    if (status == TCPLOG_OK)
        status = choose_packing(&checked, &packing);
    if (status != TCPLOG_OK)
        return status;
    struct tcplog *log = calloc(1, sizeof(*log));
    if (!log)
        return TCPLOG_MEMORY;
    status = start(log, &checked, writer, &packing);
    if (status == TCPLOG_OK)
        *made = log;
    else
        tcplog_close(log, false, NULL);
    return status;
}

const char *tcplog_suffix(const struct tcplog *log)
{
    return log->pipeline.target.writer->suffix;
}

char *tcplog_describe(const struct tcplog *log)
{
    const struct pipeline *pipeline = &log->pipeline;
    const struct identities *identities = pipeline->identities;
    return describe(&pipeline->options, is_compressed(&pipeline->options) ? &pipeline->target.packing : NULL,
                    identities ? &identities->pseudonyms.hash : NULL);
}

enum tcplog_status tcplog_append(const struct tcplog *log, const char *path, struct tcplog_growth *growth,
                                 struct str records)
{
    struct output_options target = log->pipeline.target;
    target.gzip = is_compressed(&log->pipeline.options);
    return append_records(&target, path, growth, records);
}

/* What the records say of where they come from. */
static const char *name_of(const struct tcplog_options *options, const struct tcplog_input *input)
{
    if (input->name)
        return input->name;
    return options->name && strcmp(input->path, "-") == 0 ? options->name : input->path;
}

bool tcplog_convert(struct tcplog *log, const struct tcplog_input *input)
{
    const struct named_input named = { *input, name_of(&log->pipeline.options, input) };
    return jobs_add(log->jobs, &named);
}

bool tcplog_settle(struct tcplog *log)
{
    return jobs_settle(log->jobs);
}

enum tcplog_status tcplog_close(struct tcplog *log, bool keep, struct tcplog_summary *summary)
{
    struct pipeline *pipeline = &log->pipeline;
    struct tcplog_summary ignored;
    enum tcplog_status ended = TCPLOG_OK;
    if (log->jobs) {
        jobs_settle(log->jobs);
        ended = jobs_close(log->jobs, summary ? summary : &ignored);
    }
    /* who stops a run knows that there is more, and may want what there is */
    keep &= ended == TCPLOG_OK || ended == TCPLOG_STOPPED;
    output_close(&pipeline->output, false);
    enum tcplog_status status = output_close(&log->output, keep);
    if (status == TCPLOG_UNWRITABLE || status == TCPLOG_MEMORY)
        complain_of_output(&pipeline->options, status, false);
    pipeline_free(pipeline);
    free(log);
    return status == TCPLOG_OK ? ended : status;
}

bool tcplog_is_log_name(const char *path)
{
    struct log_name name;
    log_name_read(path, &name);
    return name.known;
}

enum tcplog_status tcplog_finished_bytes(const char *path, uint64_t *bytes)
{
    return finished_measure(path, bytes);
}

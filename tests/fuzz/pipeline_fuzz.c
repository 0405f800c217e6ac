/* A log through the whole program, in memory: bytes in, JSON Lines, CSV and pages of every kind out. Secrets are planted
 * and must not come out, nor names where identities are redacted; lines and mails balance, what comes out is valid, and
 * the same whichever kinds are asked for together, and however a writer is told of lines. */
#include "export.h"
#include "pipeline.h"
#include "plant.h"
#include "registry.h"
#include "secret.h"
#include "source/magic.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ALL_KINDS = (1 << KIND_COUNT) - 1, NO_LINES = ALL_KINDS & ~(1 << KIND_LINE) };
enum { OPTION_ZONE = 3, OPTION_OPEN = 4, OPTION_DRIBBLE = 8, OPTION_NAMES = 128 };
enum { OPTION_NAME_SHIFT = 4, OPTION_NAME = 7, SCHEMA_MOST = 256 * 1024 };

struct converted {
    struct buf out;
    struct tcplog_summary summary;
};

/* An input, secrets planted, and what is asked for. */
struct trial {
    struct str log;
    uint8_t options;
    struct masking masking;
};

struct memory_sink {
    struct sink sink;
    struct buf *to;
};

static void memory_write(struct sink *sink, struct str bytes)
{
    tcplog_buf_add(((struct memory_sink *)sink)->to, bytes);
}

static enum tcplog_status memory_close(struct sink *sink, bool keep)
{
    (void)keep;
    return ((struct memory_sink *)sink)->to->status;
}

static const struct sink_class memory_class = {
    .name = "memory",
    .write = memory_write,
    .close = memory_close,
};

static struct zone zone_of(uint8_t options)
{
    static struct zone zones[OPTION_ZONE + 1];
    if (!zones[1].name.n)
        assert(zone_open(&zones[1], "Europe/Amsterdam") && zone_open(&zones[2], "-03:30"));
    return zones[options & OPTION_ZONE];
}

static const char *name_of(uint8_t options)
{
    static const char *const names[OPTION_NAME + 1] = {
        "TCP0000.MS",  "TCP0000.MD",
        "TCP0000.MI",  "logs/TCP-140806-2141-0.smtp",
        "pasted.txt",  "TCP-140210-2137-0.pop",
        "TCP0000.WPM", "TCP0000.MB",
    };
    return names[options >> OPTION_NAME_SHIFT & OPTION_NAME];
}

static void hear_problem(void *context, const struct tcplog_problem *problem)
{
    const struct masking *masking = context;
    assert(problem->id && problem->text && problem->file);
    assert(masking->open || !secret_in(str_of(problem->text)));
    assert(!masking->names || !secret_name_in(str_of(problem->text)));
}

static void open_pipeline(struct pipeline *pipeline, const struct trial *trial)
{
    static const struct trade trade = { registry_dialects, registry_protocols };
    assert(pipeline_make(pipeline, &trade, registry_enrichers));
    pipeline->session.assembler.zone = zone_of(trial->options);
    pipeline->session.dialogue.talk.reveal = pipeline->session.assembler.reveal = trial->masking.open;
    pipeline->session.dialogue.veil = trial->masking.names;
    /* its key is all zeros: the same input does the same again */
    pipeline->identities = trial->masking.names ? identities_make() : NULL;
    assert(pipeline->identities || !trial->masking.names);
    pipeline->options.report = hear_problem;
    pipeline->options.context = (void *)(uintptr_t)&trial->masking;
}

static void open_output(struct output *output, struct sink *sink, const struct writer *writer, unsigned kinds)
{
    static const struct tcplog_page page = { .width = TCPLOG_PAGE_WIDEST };
    enum kind first = 0;
    while (!(kinds >> first & 1))
        first++;
    output->writer = writer;
    output->state = calloc(1, writer->state_size);
    output->sink = sink;
    if (writer->look)
        writer->look(output->state, &page);
    writer->begin(output->state, &output->buf, first);
}

static struct converted convert(const struct writer *writer, unsigned kinds, const struct trial *trial)
{
    struct converted run = { 0 };
    struct source source;
    struct memory_sink sink = { .sink.class = &memory_class, .to = &run.out };
    struct pipeline *pipeline = calloc(1, sizeof(*pipeline));
    open_pipeline(pipeline, trial);
    open_output(&pipeline->output, &sink.sink, writer, kinds);
    pipeline->session.kinds = kinds;
    if (trial->options & OPTION_DRIBBLE && kinds != ALL_KINDS)
        source_open_dribble(&source, trial->log);
    else
        source_open_memory(&source, trial->log);
    const struct named_input named = { { .named = true }, name_of(trial->options) };
    const struct task task = { .input = &named, .piece.last = true };
    assert(pipeline_run(pipeline, source, &task));
    assert(output_close(&pipeline->output, true) == TCPLOG_OK);
    struct teller teller;
    struct sieve nothing_met = { 0 };
    teller_open(&teller, &pipeline->options, &nothing_met);
    teller_tell(&teller, &pipeline->ledger, &named, TCPLOG_OK);
    run.summary = teller.total;
    pipeline->session.assembler.zone = (struct zone){ 0 };
    pipeline_free(pipeline);
    free(pipeline);
    return run;
}

static const struct writer *writer_named(const char *name)
{
    const struct writer *const *each = registry_writers;
    while (strcmp((*each)->name, name) != 0)
        each++;
    return *each;
}

static void check_balance(const struct tcplog_summary *summary, const struct tally *tally, struct str log)
{
    uint64_t lines = log.n && log.p[log.n - 1] != '\n';
    for (size_t i = 0; i < log.n; i++)
        lines += log.p[i] == '\n';
    assert(summary->lines == lines && summary->lines == summary->lines_recorded + summary->lines_diagnosed);
    assert(summary->lines_recorded == tally->records[KIND_LINE]);
    assert(summary->lines_recorded == tally->session_lines);
    assert(summary->sessions == tally->records[KIND_SESSION]);
    assert(summary->exchanges == tally->records[KIND_EXCHANGE]);
    assert(tally->session_sent == tally->sent && tally->session_fetched <= tally->fetched);
}

/* Without lines, bodies are passed over in runs: what is left must be what it is with them. */
static void check_without_lines(struct str with, const struct trial *trial)
{
    static const struct str line = { "{\"kind\":\"line\"", 14 };
    struct converted run = convert(writer_named("jsonl"), NO_LINES, trial);
    struct str without = buf_str(&run.out);
    while (with.n) {
        size_t n = (size_t)((const char *)memchr(with.p, '\n', with.n) + 1 - with.p);
        if (!str_starts(with, line)) {
            assert(n <= without.n && memcmp(with.p, without.p, n) == 0);
            without = str_from(without, n);
        }
        with = str_from(with, n);
    }
    assert(without.n == 0);
    tcplog_buf_free(&run.out);
}

/* With a writer that is told of lines one by one: the very same bytes. */
static void check_one_by_one(struct str with, const struct trial *trial)
{
    struct writer writer = *writer_named("jsonl");
    writer.sequel = NULL;
    struct converted run = convert(&writer, ALL_KINDS, trial);
    assert(str_equal(with, buf_str(&run.out)));
    tcplog_buf_free(&run.out);
}

/* Of no line in particular: where a body may be open, kinds that show it are passed over. */
static void check_masked(struct str out, const struct masking *masking, bool shows_bodies)
{
    bool may = masking->open || (shows_bodies && masking->bodies != UINT64_MAX);
    assert(may || !secret_in(out));
    assert(!masking->names || !secret_name_in(out));
}

static void check_table(enum kind kind, const struct trial *trial, const struct tally *tally)
{
    struct converted run = convert(writer_named("csv"), 1u << kind, trial);
    struct str out = buf_str(&run.out);
    assert(export_check_csv(out) == tally->records[kind]);
    if (out.n < SCHEMA_MOST)
        export_check_schema(out, tally->records[kind]);
    check_masked(out, &trial->masking, kind == KIND_LINE || kind == KIND_SESSION);
    tcplog_buf_free(&run.out);
}

static void check_page(const struct trial *trial)
{
    struct converted run = convert(&writer_page, ALL_KINDS, trial);
    struct str out = buf_str(&run.out);
    export_check_page(out);
    check_masked(out, &trial->masking, true);
    tcplog_buf_free(&run.out);
}

/* One comparison an input, by turns: all of them would be six times slower. */
static void compare(struct str out, const struct trial *trial, const struct tally *tally)
{
    enum { WITHOUT_LINES = KIND_COUNT, ONE_BY_ONE, PAGE, TURNS };
    unsigned turn = (unsigned)(trial->log.n % TURNS);
    if (turn == WITHOUT_LINES)
        check_without_lines(out, trial);
    else if (turn == ONE_BY_ONE)
        check_one_by_one(out, trial);
    else if (turn == PAGE)
        check_page(trial);
    else
        check_table((enum kind)turn, trial, tally);
}

static void check(const struct trial *trial)
{
    struct converted run = convert(writer_named("jsonl"), ALL_KINDS, trial);
    struct str out = buf_str(&run.out);
    struct tally tally = export_check_jsonl(out, trial->log, &trial->masking);
    uint64_t records = 0;
    for (enum kind kind = 0; kind < KIND_COUNT; kind++)
        records += tally.records[kind];
    /* what is long is more of the same */
    if (records && out.n < SCHEMA_MOST)
        export_check_schema(out, records);
    check_balance(&run.summary, &tally, trial->log);
    compare(out, trial, &tally);
    tcplog_buf_free(&run.out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf planted = { 0 };
    struct input input = input_of(data, size);
    struct trial trial = { .options = input.options };
    /* the fuzzer has guessed a word: then it may stand anywhere */
    if (secret_in(input.bytes) || secret_dashed_in(input.bytes) || secret_name_in(input.bytes))
        return 0;
    tcplog_buf_room(&planted, input.bytes.n + 1);
    trial.masking.names = input.options & OPTION_NAMES;
    trial.masking.open = !trial.masking.names && input.options & OPTION_OPEN;
    trial.masking.bodies = plant(input.bytes, trial.masking.names, &planted);
    trial.log = buf_str(&planted);
    /* what is packed has other lines than its file */
    if (magic_of(trial.log) == MAGIC_NONE)
        check(&trial);
    tcplog_buf_free(&planted);
    return 0;
}

/* A log through the whole program, in memory: bytes in, JSON Lines and CSV of every kind out. Secrets are planted and
 * must not come out, lines balance, what comes out is valid, and the same whichever kinds are asked for together and
 * however a writer is told of lines. */
#include "export.h"
#include "pipeline.h"
#include "registry.h"
#include "secret.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ALL_KINDS = (1 << KIND_COUNT) - 1, NO_LINES = ALL_KINDS & ~(1 << KIND_LINE) };
enum { OPTION_ZONE = 3, OPTION_OPEN = 4, OPTION_DRIBBLE = 8, OPTION_NAME_SHIFT = 4, OPTION_NAME = 7 };

struct run {
    struct buf out;
    struct tcplog_summary summary;
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
    const bool *open = context;
    assert(problem->id && problem->text && problem->file);
    assert(*open || !secret_in(str_of(problem->text)));
}

static void open_pipeline(struct pipeline *pipeline, const struct writer *writer, unsigned kinds,
                          uint8_t options)
{
    static const struct trade trade = { registry_dialects, registry_protocols };
    enum kind first = 0;
    while (!(kinds >> first & 1))
        first++;
    assert(pipeline_make(pipeline, &trade));
    pipeline->enrichers = registry_enrichers;
    pipeline->session.kinds = kinds;
    pipeline->session.assembler.zone = zone_of(options);
    pipeline->session.dialogue.talk.reveal = pipeline->session.assembler.reveal = options & OPTION_OPEN;
    pipeline->output.writer = writer;
    pipeline->output.state = calloc(1, writer->state_size);
    writer->begin(pipeline->output.state, &pipeline->output.buf, first);
}

static struct run convert(const struct writer *writer, unsigned kinds, struct input input)
{
    struct run run = { 0 };
    struct source source;
    bool open = input.options & OPTION_OPEN;
    struct memory_sink sink = { .sink.class = &memory_class, .to = &run.out };
    struct pipeline *pipeline = calloc(1, sizeof(*pipeline));
    open_pipeline(pipeline, writer, kinds, input.options);
    pipeline->output.sink = &sink.sink;
    struct teller teller;
    const struct tcplog_options options = { .report = hear_problem, .context = &open };
    teller_open(&teller, &options);
    if (input.options & OPTION_DRIBBLE && kinds != ALL_KINDS)
        source_open_dribble(&source, input.bytes);
    else
        source_open_memory(&source, input.bytes);
    const struct named_input named = { { .named = true }, name_of(input.options) };
    const struct task task = { .input = &named, .piece = { .to = UINT64_MAX, .last = true }, .fd = -1 };
    assert(pipeline_run(pipeline, source, &task));
    assert(output_close(&pipeline->output, true) == TCPLOG_OK);
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
}

/* Without lines, bodies are passed over in runs: what is left must be what it is with them. */
static void check_without_lines(struct str with, struct input input)
{
    static const struct str line = { "{\"kind\":\"line\"", 14 };
    struct run run = convert(writer_named("jsonl"), NO_LINES, input);
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
static void check_one_by_one(struct str with, struct input input)
{
    struct writer writer = *writer_named("jsonl");
    writer.sequel = NULL;
    struct run run = convert(&writer, ALL_KINDS, input);
    assert(str_equal(with, buf_str(&run.out)));
    tcplog_buf_free(&run.out);
}

static void check_table(enum kind kind, struct input input, const struct tally *tally, bool bodies)
{
    struct run run = convert(writer_named("csv"), 1u << kind, input);
    struct str out = buf_str(&run.out);
    bool may = bodies && kind != KIND_EXCHANGE;
    assert(export_check_csv(out) == tally->records[kind]);
    export_check_schema(out, tally->records[kind]);
    assert(input.options & OPTION_OPEN || may || !secret_in(out));
    tcplog_buf_free(&run.out);
}

static void check(struct input input)
{
    bool open = input.options & OPTION_OPEN, bodies = secret_may_be_body(input.bytes);
    struct run run = convert(writer_named("jsonl"), ALL_KINDS, input);
    struct str out = buf_str(&run.out);
    struct tally tally = export_check_jsonl(out, input.bytes, open, bodies);
    uint64_t records = 0;
    for (enum kind kind = 0; kind < KIND_COUNT; kind++)
        records += tally.records[kind];
    if (records)
        export_check_schema(out, records);
    check_balance(&run.summary, &tally, input.bytes);
    /* one comparison an input, by turns: all of them would be four times slower */
    size_t turn = input.bytes.n % (KIND_COUNT + 2);
    if (turn == KIND_COUNT + 1)
        check_one_by_one(out, input);
    else if (turn == KIND_COUNT)
        check_without_lines(out, input);
    else
        check_table((enum kind)turn, input, &tally, bodies);
    tcplog_buf_free(&run.out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf planted = { 0 };
    struct input input = input_of(data, size);
    /* the fuzzer has guessed the word: then it may stand anywhere */
    if (secret_in(input.bytes))
        return 0;
    tcplog_buf_room(&planted, input.bytes.n + 1);
    secret_plant(input.bytes, &planted);
    input.bytes = buf_str(&planted);
    check(input);
    tcplog_buf_free(&planted);
    return 0;
}

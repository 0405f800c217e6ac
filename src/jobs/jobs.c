/* Inputs become units here, and whatever is ready is written and told. */
#include "jobs/jobs.h"

#include "base/stop.h"
#include "jobs/joint.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { WORKERS_MOST = 256, UNITS_A_WORKER = 3 };
_Static_assert((int)CUT_LEAST > (int)UNIT_BYTES, "what is cut is a unit of its own");

/* Where records go that need not wait: those of the caller's pipeline. */
struct straight_sink {
    struct sink sink;
    struct sieve *sieve;
    struct output *from;
};

struct jobs {
    struct pipeline *pipeline; /* of the caller's thread */
    struct output *output;     /* NULL: each input has an export */
    struct straight_sink straight;
    struct sieve sieve;
    struct teller teller;
    struct joint joint;
    struct runs runs;
    unsigned count;   /* workers that are wanted; 1: the caller's thread is the only one */
    unsigned running; /* and those that there are */
    struct turns turns;
    struct worker *workers;
    struct unit *open; /* it may get more inputs; NULL: none */
    bool skipped;      /* inputs that the caller's pipeline has not read back: nobody behind them asked */
};

unsigned jobs_cores(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) != 0)
        return 1;
    return (unsigned)CPU_COUNT(&set);
}

static void straight_take(struct sink *sink, struct buf *bytes, size_t n)
{
    struct straight_sink *straight = (struct straight_sink *)sink;
    struct output *from = straight->from;
    sieve_pass(straight->sieve, str_upto(buf_str(bytes), n), &from->roll.entries, &from->marks);
    sink->status = sieve_status(straight->sieve);
    bytes->n = from->roll.entries.n = from->marks.n = 0;
}

static const struct sink_class straight_class = { .name = "straight", .take = straight_take };

struct jobs *jobs_open(struct pipeline *pipeline, struct output *output)
{
    const struct tcplog_options *options = &pipeline->options;
    struct jobs *jobs = calloc(1, sizeof(*jobs));
    if (!jobs)
        return NULL;
    jobs->pipeline = pipeline;
    jobs->output = output;
    jobs->count = options->jobs < WORKERS_MOST ? options->jobs : WORKERS_MOST;
    jobs->straight = (struct straight_sink){ { .class = &straight_class }, &jobs->sieve, &pipeline->output };
    teller_open(&jobs->teller, options, &jobs->sieve);
    jobs->joint.model = pipeline;
    bool made = sieve_open(&jobs->sieve, output, options->dedupe);
    if (made && output)
        made = output_hold(&pipeline->output, output, &pipeline->target, &jobs->straight.sink) == TCPLOG_OK;
    if (made)
        return jobs;
    sieve_free(&jobs->sieve);
    free(jobs);
    return NULL;
}

/* What is wrong with the output of the run, if anything is; a run that is stopped need not say so. */
static enum tcplog_status output_trouble(const struct jobs *jobs)
{
    bool stopped = stop_is_set(jobs->pipeline->options.stop);
    return jobs->output && !stopped ? sieve_status(&jobs->sieve) : TCPLOG_OK;
}

/* --- here --------------------------------------------------------------------------------------------------- */

/* `source`: what was opened of it; NULL: nothing. */
static void run_here(struct jobs *jobs, const struct named_input *input, struct source *source,
                     struct origin origin, const struct past *past)
{
    const struct task task = {
        .input = input, .origin = origin, .piece.last = true, .source = source, .past = past
    };
    pipeline_run_task(jobs->pipeline, &task);
    if (jobs->output)
        output_leave(&jobs->pipeline->output);
    teller_tell(&jobs->teller, &jobs->pipeline->ledger, input, output_trouble(jobs));
}

static void run_unit_here(struct jobs *jobs, struct unit *unit)
{
    witnesses_leap(&jobs->pipeline->session.witnesses, unit->origins[0], 0);
    for (size_t i = 0; i < unit->count && !jobs->teller.over; i++)
        run_here(jobs, &unit->inputs[i], NULL, unit->origins[i], &unit->past);
    unit_free(unit);
}

/* --- by workers --------------------------------------------------------------------------------------------- */

/* The first time that there is enough to do. Where no thread can be had, it goes without. */
static bool have_workers(struct jobs *jobs)
{
    if (jobs->running > 0 || jobs->count == 1)
        return jobs->running > 0;
    jobs->workers = calloc(jobs->count, sizeof(*jobs->workers));
    bool made = jobs->workers && turns_make(&jobs->turns, jobs->count, jobs->pipeline->target.gzip);
    jobs->turns.straight = made && jobs->output && sink_never_waits(jobs->output->sink);
    if (made)
        while (jobs->running < jobs->count && worker_start(&jobs->workers[jobs->running], jobs->pipeline,
                                                           jobs->output ? &jobs->sieve : NULL, &jobs->turns))
            jobs->running++;
    if (jobs->running == 0)
        jobs->count = 1;
    return jobs->running > 0;
}

static void write_blocks(struct jobs *jobs, struct unit *unit)
{
    struct block *blocks = turns_blocks(&jobs->turns, unit);
    bool joins = joint_is_of(unit);
    for (const struct block *block = blocks; block; block = block->next)
        if (joins)
            joint_pass(&jobs->joint, unit, block);
        else
            sieve_pass(&jobs->sieve, buf_str(&block->buf), &block->entries, &block->marks);
    turns_written(&jobs->turns, blocks);
    if ((joins ? jobs->joint.status : sieve_status(&jobs->sieve)) != TCPLOG_OK)
        turns_halt(&jobs->turns);
}

static void tell(struct jobs *jobs, struct unit *unit)
{
    uint64_t line;
    if (unit->cut && !unit->whole && cut_broke(unit->cut, &line))
        teller_broke(&jobs->teller, unit->inputs->name, line);
    if (joint_is_of(unit))
        joint_tell(&jobs->joint, &jobs->teller, unit);
    else
        teller_tell(&jobs->teller, &unit->ledger, unit->inputs, output_trouble(jobs));
    /* before the next one is first */
    if (jobs->teller.over)
        turns_end(&jobs->turns);
    turns_pop(&jobs->turns);
}

/* As if it had been stopped before its first line. */
static void drop(struct jobs *jobs, struct unit *unit)
{
    const struct part part = { .status = TCPLOG_STOPPED, .last = true, .summary = { .slowest_ms = -1 } };
    ledger_part(&unit->ledger, &part);
    tell(jobs, unit);
}

/* Writes and tells what is ready, until no more than `most` units are left. */
static void drain(struct jobs *jobs, size_t most)
{
    struct unit *unit;
    while (!jobs->teller.over) {
        if (stop_is_set(jobs->pipeline->options.stop))
            turns_halt(&jobs->turns);
        switch (turns_look(&jobs->turns, most, &unit)) {
        case TURN_WRITE: write_blocks(jobs, unit); break;
        case TURN_TELL: tell(jobs, unit); break;
        case TURN_DROP: drop(jobs, unit); break;
        case TURN_AGAIN: break;
        default: return;
        }
    }
    turns_halt(&jobs->turns);
}

/* The open unit goes to the workers. */
static void submit(struct jobs *jobs)
{
    struct unit *unit = jobs->open;
    jobs->open = NULL;
    if (!unit)
        return;
    if (!have_workers(jobs)) {
        run_unit_here(jobs, unit);
        return;
    }
    turns_add(&jobs->turns, unit);
    drain(jobs, (size_t)jobs->running * UNITS_A_WORKER);
}

/* --- inputs ------------------------------------------------------------------------------------------------- */

/* Bytes of a regular file, or of a slice; UINT64_MAX: it is neither. */
static uint64_t size_of(const struct tcplog_input *input)
{
    struct stat about;
    const char *path = input->path;
    if (input->name)
        return input->bytes;
    bool regular = strcmp(path, "-") != 0 && stat(path, &about) == 0 && S_ISREG(about.st_mode);
    return regular ? (uint64_t)about.st_size : UINT64_MAX;
}

/* Nothing comes of it, and the run ends. Those before it are told first, when nobody else is at the sieve any more. */
static void refuse(struct jobs *jobs, const struct named_input *input, enum tcplog_status status,
                   const struct tcplog_problem *problem)
{
    const struct part part = { .status = status, .last = true, .summary = { .slowest_ms = -1 } };
    if (!jobs_settle(jobs))
        return;
    if (problem)
        ledger_problem(&jobs->pipeline->ledger, problem);
    ledger_part(&jobs->pipeline->ledger, &part);
    teller_tell(&jobs->teller, &jobs->pipeline->ledger, input, TCPLOG_OK);
}

/* There is no memory for it. */
static void fail(struct jobs *jobs, const struct named_input *input)
{
    refuse(jobs, input, TCPLOG_MEMORY, NULL);
}

/* Its records have a place only where options and input say the same. */
static bool has_place(struct jobs *jobs, const struct named_input *input)
{
    bool wanted = jobs->output == NULL, there = input->input.exported_to != NULL;
    if (wanted == there || input->input.skip)
        return true;
    const struct tcplog_problem problem = { .id = wanted ? "export-missing" : "export-without-use",
                                            .file = input->name,
                                            .field = input->input.exported_to,
                                            .text =
                                                wanted
                                                    ? "The run has no output, so each input needs an export."
                                                    : "The run has an output, so no input has an export." };
    refuse(jobs, input, TCPLOG_USAGE, &problem);
    return false;
}

/* A large log may be cut, unless only a part of it is wanted. */
static void look_for_pieces(struct jobs *jobs, const struct named_input *input, uint64_t size)
{
    struct unit *unit = jobs->open;
    if (size < CUT_LEAST || input->input.bytes)
        return;
    unit->cut =
        cut_open(input->input.path, &jobs->pipeline->session.assembler.zone, jobs->pipeline->print != NULL);
    unit->uncut = unit->cut != NULL;
}

/* Whether the unit at hand has to go before this input comes. */
static bool must_go(const struct jobs *jobs, uint64_t size)
{
    return jobs->open && unit_is_full(jobs->open, size);
}

static bool add_to_open(struct jobs *jobs, const struct named_input *input, struct origin origin,
                        uint64_t size)
{
    if (!jobs->open)
        jobs->open = unit_make();
    if (!jobs->open)
        return false;
    if (unit_add(jobs->open, input, origin, size, &jobs->runs))
        return true;
    if (jobs->open->count == 0) {
        unit_free(jobs->open);
        jobs->open = NULL;
    }
    return false;
}

static void enqueue(struct jobs *jobs, const struct named_input *input, uint64_t size)
{
    if (must_go(jobs, size))
        submit(jobs);
    struct origin origin = runs_next(&jobs->runs, input, size);
    if (!add_to_open(jobs, input, origin, size)) {
        fail(jobs, input);
        return;
    }
    look_for_pieces(jobs, input, size);
    /* strict: nothing must leave that comes behind what is wrong */
    if (unit_is_full(jobs->open, 0) || jobs->open->bytes >= UNIT_BYTES || jobs->pipeline->options.strict)
        submit(jobs);
}

/* In the caller's thread. Where some before it were skipped, its past has to be read back, by the first session that asks
 * for it: in its log or in one that comes later. */
static void add_here(struct jobs *jobs, const struct named_input *input, struct source *source, uint64_t size)
{
    struct past past;
    struct witnesses *witnesses = &jobs->pipeline->session.witnesses;
    struct origin origin = runs_next(&jobs->runs, input, size);
    if (jobs->skipped) {
        runs_past(&jobs->runs, origin, &past);
        witnesses_leap(witnesses, origin, 0);
    }
    run_here(jobs, input, source, origin, jobs->skipped ? &past : NULL);
    jobs->skipped &= witnesses->known > 0;
}

/* A slice comes only once: what it proves is heard now. */
static void hear(struct jobs *jobs, const struct named_input *input, uint64_t size)
{
    struct source source;
    struct pipeline *pipeline = jobs->pipeline;
    struct session *session = &pipeline->session;
    witnesses_come(&session->witnesses, runs_next(&jobs->runs, input, size));
    source_open_next(&source, size, pipeline->options.stop);
    jobs->skipped = false;
    if (!recall_hear(&pipeline->recall, source, input->name, session->trade, &session->witnesses))
        fail(jobs, input);
}

/* Nothing comes of it, but those behind it may want to know what it proves. */
static void skip(struct jobs *jobs, const struct named_input *input, uint64_t size)
{
    submit(jobs);
    runs_next(&jobs->runs, input, size);
    jobs->skipped = true;
}

/* A file of a folder that is to be converted now: it is opened, and asked for its size when it is open, which is cheaper than
 * by its name. False: it is not that, or cannot be opened. */
static bool open_here(const struct jobs *jobs, const struct tcplog_input *input, struct source *source)
{
    bool now = jobs->count == 1 && !jobs->open && !jobs->teller.over;
    bool file = !input->named && !input->name && !input->skip && strcmp(input->path, "-") != 0;
    return now && file && source_open_file(source, input->path, jobs->pipeline->options.stop);
}

bool jobs_add(struct jobs *jobs, const struct named_input *input)
{
    struct source source;
    if (jobs->teller.over || !has_place(jobs, input))
        return false;
    bool opened = open_here(jobs, &input->input, &source);
    uint64_t size = opened ? source_size(&source) : size_of(&input->input);
    bool slice = input->input.name != NULL, here = jobs->count == 1 || size == UINT64_MAX || slice;
    if (here)
        jobs_settle(jobs);
    if (jobs->teller.over)
        return false;
    if (input->input.skip && slice)
        hear(jobs, input, size);
    else if (input->input.skip)
        skip(jobs, input, size);
    else if (here)
        add_here(jobs, input, opened ? &source : NULL, size);
    else
        enqueue(jobs, input, size);
    /* one thread reads nothing back unless something was skipped, as only happens where there are exports */
    bool remembered = jobs->count > 1 || jobs->pipeline->options.exports;
    if (remembered && size != UINT64_MAX && !slice &&
        !runs_keep(&jobs->runs, input->input.path, input->name, size))
        fail(jobs, input);
    return !jobs->teller.over;
}

bool jobs_settle(struct jobs *jobs)
{
    /* a unit is not worth the threads */
    if (jobs->open && jobs->running == 0 && !jobs->open->uncut) {
        struct unit *unit = jobs->open;
        jobs->open = NULL;
        run_unit_here(jobs, unit);
    }
    submit(jobs);
    if (jobs->running > 0)
        drain(jobs, 0);
    return !jobs->teller.over;
}

enum tcplog_status jobs_close(struct jobs *jobs, struct tcplog_summary *summary)
{
    enum tcplog_status ended = jobs->teller.ended;
    if (jobs->running > 0)
        turns_halt(&jobs->turns);
    for (unsigned i = 0; i < jobs->running; i++)
        worker_end(&jobs->workers[i]);
    if (jobs->workers)
        turns_free(&jobs->turns);
    free(jobs->workers);
    if (jobs->open)
        unit_free(jobs->open);
    joint_close(&jobs->joint);
    runs_free(&jobs->runs);
    sieve_free(&jobs->sieve);
    *summary = jobs->teller.total;
    free(jobs);
    return ended;
}

/* Units are taken and run until there are no more. */
#include "jobs/worker.h"

/* It is the turn of the unit under way: from its worker's hands to the output, while they are in the cache. Nobody else
 * touches the sieve meanwhile. */
static enum tcplog_status write_first(struct held_sink *held, const struct buf *bytes)
{
    const struct output *output = held->output;
    struct block *blocks = turns_blocks(held->turns, held->unit);
    for (const struct block *block = blocks; block; block = block->next)
        sieve_pass(held->sieve, buf_str(&block->buf), &block->entries, &block->marks);
    if (blocks)
        turns_written(held->turns, blocks);
    sieve_pass(held->sieve, buf_str(bytes), &output->roll.entries, &output->marks);
    if (sieve_status(held->sieve) == TCPLOG_OK)
        return TCPLOG_OK;
    turns_halt(held->turns);
    return TCPLOG_STOPPED;
}

static enum tcplog_status pass(struct held_sink *held, const struct buf *bytes)
{
    switch (turns_hold(held->turns, held->unit, held->output)) {
    case HOLD_DONE: return TCPLOG_OK;
    case HOLD_FIRST: return write_first(held, bytes);
    case HOLD_NO_MEMORY: return TCPLOG_MEMORY;
    default: return TCPLOG_STOPPED;
    }
}

static void held_take(struct sink *sink, struct buf *bytes, size_t n)
{
    (void)n; /* all: nobody but output_leave asks */
    struct held_sink *held = (struct held_sink *)sink;
    struct output *output = held->output;
    /* what has no memory is not handed on, for its status would go with it */
    sink->status = output_status(output);
    if (sink->status == TCPLOG_OK)
        sink->status = pass(held, bytes);
    bytes->n = output->roll.entries.n = output->marks.n = 0;
}

static const struct sink_class held_class = {
    .name = "held",
    .take = held_take,
};

/* The records of a piece wait for their turn, also where they go to an export of its log. */
static bool hold_piece(struct worker *worker, const struct unit *unit)
{
    struct pipeline *pipeline = &worker->pipeline;
    const char *export = unit->inputs[0].input.exported_to;
    const struct output whole = { .members = pipeline->target.gzip || str_ends(str_of(export), STR(".gz")) };
    const struct part failed = { .status = TCPLOG_MEMORY,
                                 .last = unit->piece.last,
                                 .summary = { .slowest_ms = -1 } };
    bool held = output_hold(&pipeline->output, &whole, &pipeline->target, &worker->sink.sink) == TCPLOG_OK;
    if (!held)
        ledger_part(&pipeline->ledger, &failed);
    return held;
}

static bool run_piece(struct pipeline *pipeline, const struct unit *unit, const struct task *task)
{
    struct source source;
    cut_source(unit->cut, &unit->piece, &source);
    return pipeline_run(pipeline, source, task);
}

static void run(struct worker *worker, struct unit *unit)
{
    struct pipeline *pipeline = &worker->pipeline;
    bool joins = unit->cut && unit->inputs[0].input.exported_to;
    if (unit->cut)
        unit_find(unit, pipeline->lines.block);
    bool goes_on = !joins || hold_piece(worker, unit);
    worker->sink.unit = unit;
    witnesses_leap(&pipeline->session.witnesses, unit->origins[0], unit->piece.from);
    for (size_t i = 0; i < unit->count && goes_on; i++) {
        const struct task task = unit_task(unit, i);
        goes_on = unit->cut ? run_piece(pipeline, unit, &task) : pipeline_run_task(pipeline, &task);
    }
    if (pipeline->output.held)
        output_leave(&pipeline->output);
    if (joins)
        output_close(&pipeline->output, false);
    unit->ledger = pipeline->ledger;
    pipeline->ledger = (struct ledger){ 0 };
    /* what left last was lost when all was told */
    if (worker->sink.sink.status == TCPLOG_MEMORY)
        unit->ledger.buf.status = TCPLOG_MEMORY;
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct unit *unit;
    while ((unit = turns_take(worker->turns)) != NULL) {
        run(worker, unit);
        turns_done(worker->turns, unit);
    }
    return NULL;
}

/* Signals are the caller's. */
static bool start_thread(struct worker *worker)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&worker->thread, NULL, work, worker) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void pass_turnstile(void *context)
{
    const struct held_sink *held = context;
    turns_await(held->turns, held->unit);
}

static bool make_pipeline(struct worker *worker, const struct pipeline *model, struct sieve *sieve)
{
    struct pipeline *pipeline = &worker->pipeline;
    if (!pipeline_copy(pipeline, model))
        return false;
    pipeline->options.stop = pipeline->target.stop = &worker->turns->halt;
    pipeline->target.packing.jobs = 1; /* of an export of its own */
    worker->sink = (struct held_sink){
        .sink.class = &held_class, .turns = worker->turns, .output = &pipeline->output, .sieve = sieve
    };
    /* strict: no export may appear that comes behind what is wrong */
    if (model->options.strict)
        pipeline->turnstile = (struct turnstile){ pass_turnstile, &worker->sink };
    return !sieve ||
           output_hold(&pipeline->output, sieve->to, &model->target, &worker->sink.sink) == TCPLOG_OK;
}

bool worker_start(struct worker *worker, const struct pipeline *model, struct sieve *sieve,
                  struct turns *turns)
{
    *worker = (struct worker){ .turns = turns };
    worker->started = make_pipeline(worker, model, sieve) && start_thread(worker);
    if (!worker->started)
        worker_end(worker);
    return worker->started;
}

void worker_end(struct worker *worker)
{
    if (worker->started)
        pthread_join(worker->thread, NULL);
    output_close(&worker->pipeline.output, false);
    pipeline_free(&worker->pipeline);
    worker->started = false;
}

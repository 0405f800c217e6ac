/* The memory of the stages: made once, and used for one input after another. */
#include "stages.h"

#include <assert.h>
#include <stdlib.h>

/* Lines pass them all. */
static bool enriches(const struct enricher *enricher, enum kind kind)
{
    return (kind == KIND_EXCHANGE && enricher->exchange) || (kind == KIND_MESSAGE && enricher->message) ||
           (kind == KIND_SESSION && enricher->session);
}

static void choose_enrichers(struct pipeline *pipeline)
{
    for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
        const struct enricher **to = pipeline->enrichers_of[kind];
        for (const struct enricher *const *each = pipeline->enrichers; *each; each++) {
            assert(each - pipeline->enrichers < ENRICHERS_MOST);
            *to = *each;
            to += enriches(*each, kind);
        }
        *to = NULL;
    }
}

bool pipeline_make(struct pipeline *pipeline, const struct trade *trade,
                   const struct enricher *const *enrichers)
{
    pipeline->session.trade = trade;
    pipeline->enrichers = enrichers;
    choose_enrichers(pipeline);
    return lines_make(&pipeline->lines) && batch_make(&pipeline->batch) && session_make(&pipeline->session);
}

static bool copy_identities(struct pipeline *pipeline, const struct pipeline *model)
{
    if (!model->identities)
        return true;
    pipeline->identities = identities_make();
    if (pipeline->identities)
        pipeline->identities->pseudonyms.hash = model->identities->pseudonyms.hash;
    return pipeline->identities != NULL;
}

bool pipeline_copy(struct pipeline *pipeline, const struct pipeline *model)
{
    struct session *session = &pipeline->session;
    pipeline->options = model->options;
    pipeline->target = model->target;
    if (!pipeline_make(pipeline, model->session.trade, model->enrichers) || !copy_identities(pipeline, model))
        return false;
    if (model->print && !(pipeline->print = fingerprint_make()))
        return false;
    pipeline->copied = true;
    session->kinds = model->session.kinds;
    session->dialogue.veil = model->session.dialogue.veil;
    session->dialogue.talk.reveal = model->session.dialogue.talk.reveal;
    session->assembler.reveal = model->session.assembler.reveal;
    session->assembler.zone = model->session.assembler.zone;
    return true;
}

void pipeline_free(struct pipeline *pipeline)
{
    if (pipeline->copied)
        pipeline->session.assembler.zone = (struct zone){ 0 };
    for (enum finding finding = 0; finding < FINDING_COUNT; finding++)
        free(pipeline->found_in[finding]);
    members_free(&pipeline->members);
    tcplog_buf_free(&pipeline->folder);
    tcplog_buf_free(&pipeline->whole);
    recall_free(pipeline->recall);
    ledger_free(&pipeline->ledger);
    fingerprint_free(pipeline->print);
    identities_free(pipeline->identities);
    session_free(&pipeline->session);
    batch_free(&pipeline->batch);
    lines_free(&pipeline->lines);
}

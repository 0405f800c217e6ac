/* The memory of the stages: made once, and used for one input after another. */
#include "stages.h"

#include <stdlib.h>

bool pipeline_make(struct pipeline *pipeline, const struct trade *trade)
{
    pipeline->session.trade = trade;
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
    pipeline->enrichers = model->enrichers;
    if (!pipeline_make(pipeline, model->session.trade) || !copy_identities(pipeline, model))
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

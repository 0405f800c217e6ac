/* One stream after the other goes through the same rows, which know from the header where the cells are. */
#include "scribe.h"

static void begin(struct scribe *scribe, struct str text)
{
    stream_close(&scribe->stream);
    memset(&scribe->stream, 0, sizeof(scribe->stream));
    stream_open_text(&scribe->stream, text);
}

bool scribe_open(struct scribe *scribe, struct str header)
{
    struct str row;
    begin(scribe, header);
    if (!rows_open(&scribe->rows, &scribe->stream))
        return false;
    if (scribe->rows.csv && rows_next(&scribe->rows, &row))
        rows_head(&scribe->rows, row);
    return scribe->stream.status == TCPLOG_OK;
}

bool scribe_note(struct scribe *scribe, struct str text, size_t at)
{
    struct rows *rows = &scribe->rows;
    const struct excerpt *session = &rows->values[WANTED_SESSION], *time = &rows->values[WANTED_TIME];
    struct str row;
    size_t end = 0;
    begin(scribe, text);
    while (rows_next(rows, &row)) {
        rows_look(rows, row);
        end += row.n;
        roll_note_text(&scribe->roll, (struct str){ session->text, session->n },
                       (struct str){ time->text, time->n }, at + end);
    }
    return end == text.n && scribe->stream.status == TCPLOG_OK && roll_status(&scribe->roll) == TCPLOG_OK;
}

void scribe_close(struct scribe *scribe)
{
    rows_close(&scribe->rows);
    stream_close(&scribe->stream);
    roll_free(&scribe->roll);
}

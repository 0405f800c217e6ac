/* Which file a session goes to. */
#include "partition.h"

#include "cells.h"

#include <errno.h>
#include <stdio.h>

enum { KEY_MOST = 100 };

/* Of a value that all records have in their own spelling. */
static const struct kind_of_key {
    const char *field, *otherwise;
    size_t most;
} keys[] = { [PARTITION_DAY] = { "time", "undated", 10 },
             [PARTITION_MONTH] = { "time", "undated", 7 },
             [PARTITION_SERVER] = { "server", "unknown", KEY_MOST },
             [PARTITION_PROTOCOL] = { "protocol", "unknown", KEY_MOST } };

enum { CELL_SESSION, CELL_KEY };

/* An export on its way into the files. */
struct division {
    struct partition *partition;
    struct cells cells;
    char *parts;                          /* where to */
    char session[64], name[NAME_MAX + 1]; /* of the record before, and its file's */
    bool good;
};

/* Letters, digits and what stands in names of hosts; no name is hidden, or a path. */
static void name_file(const struct partition *partition, struct str value, char name[NAME_MAX + 1])
{
    const struct kind_of_key *kind = &keys[partition->by];
    char key[KEY_MOST + 1];
    size_t n = value.n < kind->most ? value.n : kind->most;
    for (size_t i = 0; i < n; i++) {
        char c = value.p[i];
        bool letter =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || (c == '.' && i > 0);
        bool capital = c >= 'A' && c <= 'Z';
        key[i] = letter ? c : capital ? (char)(c - 'A' + 'a') : '_';
    }
    key[n] = '\0';
    snprintf(name, NAME_MAX + 1, "%s%s", n ? key : kind->otherwise, partition->suffix);
}

static void note_part(char parts[JOURNAL_PARTS], const char *name)
{
    size_t n = strlen(parts), more = strlen(name);
    const char *found = strstr(parts, name);
    if (strcmp(parts, "*") == 0 ||
        (found && (found == parts || found[-1] == ',') && (found[more] == ',' || !found[more])))
        return;
    if (n + more + 2 > JOURNAL_PARTS) {
        memcpy(parts, "*", 2);
        return;
    }
    if (n)
        parts[n++] = ',';
    memcpy(parts + n, name, more + 1);
}

static bool add_record(struct partition *partition, struct str record, const char *name)
{
    struct partition_file *file = partition_named(partition, name);
    if (!file)
        return false;
    tcplog_buf_add(&file->text, record);
    partition->buffered += record.n;
    return file->text.status == TCPLOG_OK &&
           (partition->buffered < PARTITION_BUFFERED || partition_flush(partition));
}

/* A session is as a whole where its first record belongs. */
static bool take(void *context, struct str text, bool header)
{
    struct division *division = context;
    if (header) {
        cells_head(&division->cells, text);
        return true;
    }
    struct str id = cells_value(&division->cells, text, CELL_SESSION);
    if (!division->name[0] || !str_equal(id, str_of(division->session))) {
        name_file(division->partition, cells_value(&division->cells, text, CELL_KEY), division->name);
        note_part(division->parts, division->name);
        snprintf(division->session, sizeof(division->session), "%.*s", (int)id.n, id.p ? id.p : "");
    }
    division->good = add_record(division->partition, text, division->name);
    return division->good;
}

bool partition_add(struct partition *partition, const char *export, char parts[JOURNAL_PARTS])
{
    struct division division = {
        .partition = partition,
        .cells.names = { [CELL_SESSION] = "session_id", [CELL_KEY] = keys[partition->by].field },
        .parts = parts,
        .good = true
    };
    parts[0] = '\0';
    errno = 0;
    bool whole = tcplog_cat(export, &(struct tcplog_query){ 0 }, take, NULL, &division) == TCPLOG_OK;
    return (whole && division.good) || partition_fail(partition);
}

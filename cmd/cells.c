/* In a line of JSON, an unescaped quote in front of a name can only begin a key; in CSV, columns are counted. */
#include "cells.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

/* The cell that the row begins with, without its quotes; the row is left with what stands behind its comma. */
static struct str take_cell(struct str *row)
{
    bool quoted = row->n && row->p[0] == '"';
    size_t n = 0;
    if (quoted)
        *row = str_from(*row, 1);
    /* two quotes in quotes are one (RFC 4180 2, rule 7) */
    while (n < row->n && (quoted ? row->p[n] != '"' || (n + 1 < row->n && row->p[n + 1] == '"')
                                 : row->p[n] != ',' && row->p[n] != '\r' && row->p[n] != '\n'))
        n += quoted && row->p[n] == '"' ? 2 : 1;
    struct str cell = str_upto(*row, n);
    size_t behind = n + quoted + 1;
    *row = str_from(*row, behind < row->n ? behind : row->n);
    return cell;
}

void cells_make(struct cells *cells, const char *first, const char *second)
{
    *cells = (struct cells){ .names = { first, second } };
    for (size_t i = 0; i < CELLS_MOST && cells->names[i]; i++)
        snprintf(cells->keys[i], CELLS_KEY, "\"%s\":\"", cells->names[i]);
}

void cells_head(struct cells *cells, struct str header)
{
    struct str mark = STR(BYTE_ORDER_MARK);
    cells->csv = true;
    cells->guarded = str_starts(header, mark);
    header = str_from(header, cells->guarded ? mark.n : 0);
    memset(cells->columns, 0, sizeof(cells->columns));
    for (size_t column = 1; header.n > 0; column++) {
        struct str name = take_cell(&header);
        for (size_t i = 0; i < CELLS_MOST && cells->names[i]; i++)
            if (name.n > 0 && str_equal(name, str_of(cells->names[i])))
                cells->columns[i] = column;
    }
}

static struct str value_of_row(struct str row, size_t column)
{
    struct str cell = { 0 };
    for (size_t i = 0; i < column; i++)
        cell = take_cell(&row);
    return cell;
}

static struct str value_of_line(struct str line, struct str key)
{
    const char *at = memmem(line.p, line.n, key.p, key.n);
    if (!at)
        return (struct str){ 0 };
    struct str rest = str_from(line, (size_t)(at - line.p) + key.n);
    const char *end = memchr(rest.p, '"', rest.n);
    return str_upto(rest, end ? (size_t)(end - rest.p) : 0);
}

struct str cells_value(const struct cells *cells, struct str record, size_t i)
{
    if (!cells->csv)
        return value_of_line(record, str_of(cells->keys[i]));
    struct str value = value_of_row(record, cells->columns[i]);
    return str_from(value, cells->guarded && str_starts(value, STR("'")));
}

bool cells_says(struct str value, struct str text)
{
    size_t at = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (at >= value.n || value.p[at] != text.p[i])
            return false;
        at += text.p[i] == '"' ? 2 : 1;
    }
    return at == value.n;
}

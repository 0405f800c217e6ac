/* Makes a record of a sequel whole: seldom, so without haste. */
#include "model/sequel.h"

#include "base/decimal.h"

static void count_on(struct record *record, enum field_id id, size_t more)
{
    record->values[id].number += (int64_t)more;
}

static void number_id(struct sequel_room *room, const struct record *first)
{
    char digits[DECIMAL_ROOM];
    size_t old = (size_t)(decimal(digits, first->values[FIELD_sequence].number) - digits);
    size_t before = first->values[FIELD_id].text.n - old;
    memcpy(room->id, first->values[FIELD_id].text.p, before);
    char *end = decimal(room->id + before, room->record.values[FIELD_sequence].number);
    record_text(&room->record, FIELD_id, (struct str){ room->id, (size_t)(end - room->id) });
}

static void set_time(struct sequel_room *room, const struct sequel_line *line)
{
    struct str time = room->record.values[FIELD_time].text;
    if (record_has(&room->record, FIELD_time_logged))
        record_text(&room->record, FIELD_time_logged, (struct str){ line->stamp, STAMP_TEXT });
    if (!record_has(&room->record, FIELD_time))
        return;
    memcpy(room->time, time.p, time.n);
    memcpy(room->time + SEQUEL_CLOCK, line->clock, STAMP_TEXT);
    room->record.values[FIELD_time].text.p = room->time;
}

const struct record *sequel_record(struct sequel_room *room, const struct record *first,
                                   const struct sequel *sequel, size_t i)
{
    const struct sequel_line *line = &sequel->lines[i];
    room->record = *first;
    count_on(&room->record, FIELD_sequence, i + 1);
    count_on(&room->record, FIELD_line, i + 1);
    count_on(&room->record, FIELD_line_end, i + 1);
    number_id(room, first);
    set_time(room, line);
    record_number(&room->record, FIELD_offset, (int64_t)line->offset);
    record_text(&room->record, FIELD_text, line->text);
    return &room->record;
}

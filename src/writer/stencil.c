/* Makes stencils: seldom, so without haste. */
#include "writer/stencil.h"

void stencil_begin(struct stencil *stencil, const struct record *record)
{
    stencil->ready = stencil->bad = false;
    stencil->count_count = stencil->words_count = 0;
    stencil->length = stencil->offset.last = 0;
    stencil->session = record->generation[LIFE_SESSION];
    stencil->present = stencil_present(record);
}

/* False: they cannot be told to stand there. */
static bool find_digits(struct digits *digits, size_t end, int64_t value)
{
    char text[DECIMAL_ROOM];
    size_t width = (size_t)(decimal(text, value) - text);
    if (value < 0 || end > STENCIL_TEXT || width >= end)
        return false;
    *digits = (struct digits){ .first = (uint16_t)(end - width), .last = (uint16_t)(end - 1) };
    return true;
}

/* Which of the numbers that are counted a field is; COUNTED: none. */
static unsigned counted(enum field_id id)
{
    static const enum field_id ids[COUNTED] = { FIELD_sequence, FIELD_line, FIELD_line_end };
    unsigned i = 0;
    while (i < COUNTED && ids[i] != id)
        i++;
    return i;
}

static bool add_count(struct stencil *stencil, enum field_id id, size_t end, int64_t value)
{
    unsigned which = counted(id);
    if (which == COUNTED || stencil->count_count == COUNTS ||
        !find_digits(&stencil->counts[stencil->count_count], end, value))
        return false;
    stencil->of[stencil->count_count++] = (uint8_t)which;
    stencil->base[which] = (uint64_t)value;
    return true;
}

static bool add_offset(struct stencil *stencil, size_t end, int64_t value)
{
    struct digits *digits = &stencil->offset;
    stencil->thousands = (uint64_t)value - (uint64_t)value % 1000;
    return find_digits(digits, end, value) && digits->last - digits->first >= 2;
}

void stencil_number(struct stencil *stencil, enum field_id id, size_t end, const struct record *record)
{
    int64_t value = record->values[id].number;
    if (!(id == FIELD_offset ? add_offset(stencil, end, value) : add_count(stencil, id, end, value)))
        stencil->bad = true;
}

/* Whether it does what a field of CHANGE_SEQUENCE should. */
static bool ends_with_sequence(const struct record *record, struct str text)
{
    char digits[DECIMAL_ROOM];
    size_t n = (size_t)(decimal(digits, sequel_sequence(record)) - digits);
    return record_has(record, FIELD_sequence) && str_ends(text, (struct str){ digits, n });
}

void stencil_text(struct stencil *stencil, enum field_id id, size_t end, const struct record *record)
{
    struct str text = record->values[id].text;
    if (sequel_change(id) == CHANGE_SEQUENCE && ends_with_sequence(record, text))
        stencil_number(stencil, FIELD_sequence, end, record);
    else if (stencil->words_count == WORDS_MOST || end > STENCIL_TEXT || end < text.n)
        stencil->bad = true;
    else
        stencil->words[stencil->words_count++] =
            (struct words){ .id = (uint8_t)id, .at = (uint16_t)(end - text.n), .width = (uint16_t)text.n };
}

/* What is to be known of the last two digits, and for how many steps they will do. */
static void look_at_counts(struct stencil *stencil)
{
    stencil->left = 100;
    for (unsigned i = 0; i < COUNTS; i++) {
        const struct digits *digits = &stencil->counts[i];
        const char *last = stencil->text + digits->last;
        bool one = digits->first == digits->last;
        unsigned two = (unsigned)(*last - '0') + (one ? 0 : (unsigned)(last[-1] - '0') * 10);
        uint64_t left = (one ? 10 : 100) - two;
        stencil->twos[i] = (uint8_t)two;
        stencil->before[i] = (uint16_t)(one ? last[-1] - '0' : 0);
        if (left < stencil->left)
            stencil->left = left;
    }
}

void stencil_end(struct stencil *stencil, struct str head)
{
    bool all = stencil->count_count == COUNTS && stencil->offset.last;
    stencil->ready = !stencil->bad && all && head.n <= STENCIL_TEXT;
    if (!stencil->ready)
        return;
    memcpy(stencil->text, head.p, head.n);
    stencil->length = (uint16_t)head.n;
    look_at_counts(stencil);
}

/* Adds one to the digits text[first..end); false: they are too few. */
static bool add_one(char *text, size_t first, size_t end)
{
    while (end-- > first) {
        if (text[end] != '9') {
            text[end]++;
            return true;
        }
        text[end] = '0';
    }
    return false;
}

static bool move_count(char *text, const struct digits *digits, unsigned two)
{
    bool fits = true;
    if (digits->first == digits->last) {
        text[digits->last] = (char)('0' + two);
        return two < 10;
    }
    if (two >= 100) {
        two -= 100;
        fits = add_one(text, digits->first, digits->last - 1u);
    }
    memcpy(text + digits->last - 1, decimal_groups[two].digits + 1, 2);
    return fits;
}

/* Up to `left`. */
static bool move_counts(struct stencil *stencil, uint64_t steps)
{
    bool fits = true;
    for (unsigned i = 0; i < COUNTED; i++)
        stencil->base[i] += steps;
    for (unsigned i = 0; i < COUNTS; i++)
        fits &= move_count(stencil->text, &stencil->counts[i], stencil->twos[i] + (unsigned)steps);
    look_at_counts(stencil);
    return fits;
}

bool stencil_move(struct stencil *stencil, uint64_t *steps, uint64_t offset)
{
    const struct digits *digits = &stencil->offset;
    bool fits = true;
    if (offset - stencil->thousands >= 1000) {
        stencil->thousands += 1000;
        fits = add_one(stencil->text, digits->first, digits->last - 2u);
    }
    if (*steps >= stencil->left) {
        fits &= move_counts(stencil, *steps);
        *steps = 0;
    }
    stencil->ready = fits;
    return fits;
}

/* False: it has not as many digits as are there. */
static bool write_digits(char *text, const struct digits *digits, uint64_t number)
{
    char all[DECIMAL_ROOM];
    size_t width = (size_t)(decimal(all, (int64_t)number) - all);
    if ((int64_t)number < 0 || width != digits->last - digits->first + 1u)
        return false;
    copy_short(text + digits->first, all, width);
    return true;
}

bool stencil_jump(struct stencil *stencil, const struct record *record)
{
    static const enum field_id ids[COUNTED] = { FIELD_sequence, FIELD_line, FIELD_line_end };
    uint64_t offset = (uint64_t)record->values[FIELD_offset].number;
    for (unsigned i = 0; i < COUNTED; i++)
        stencil->base[i] = (uint64_t)record->values[ids[i]].number;
    for (unsigned i = 0; i < COUNTS; i++)
        stencil->ready &= write_digits(stencil->text, &stencil->counts[i], stencil->base[stencil->of[i]]);
    stencil->ready &= write_digits(stencil->text, &stencil->offset, offset);
    stencil->thousands = offset - offset % 1000;
    look_at_counts(stencil);
    return stencil->ready;
}

/* False: no place for what changes here. */
static bool add_words(struct strip *strip, const struct words *words)
{
    switch (sequel_change((enum field_id)words->id)) {
    case CHANGE_NONE: return true;
    case CHANGE_STAMP: strip->stamp = (uint16_t)(words->at + SEQUEL_PART); return words->width == STAMP_TEXT;
    case CHANGE_TIME:
        strip->clock = (uint16_t)(words->at + SEQUEL_CLOCK + SEQUEL_PART);
        return words->width >= SEQUEL_CLOCK + STAMP_TEXT;
    default: return false;
    }
}

/* Whether one of the numbers that are counted has but one digit. */
static bool has_short_count(const struct stencil *stencil)
{
    bool any = false;
    for (unsigned i = 0; i < COUNTS; i++)
        any |= stencil->before[i] != 0;
    return any;
}

/* Texts that no record of the sequel changes may have changed since the head was kept. */
bool stencil_strip(struct stencil *stencil, const struct record *record, struct str lead, struct str rest,
                   struct strip *strip)
{
    bool fits = stencil->ready && rest.n <= STENCIL_REST && stencil->length + lead.n <= STENCIL_TEXT;
    *strip = (struct strip){ .steps = stencil_steps(stencil, record) };
    fits &= strip->steps < stencil->left && !has_short_count(stencil);
    for (struct words *each = stencil->words; fits && each < stencil->words + stencil->words_count; each++) {
        copy_short(stencil->text + each->at, record->values[each->id].text.p, each->width);
        fits = add_words(strip, each);
    }
    if (!fits || !strip->stamp)
        return false;
    if (!strip->clock)
        strip->clock = strip->stamp;
    memcpy(stencil->text + stencil->length, lead.p, lead.n);
    memcpy(strip->rest, rest.p, rest.n);
    strip->length = (uint16_t)(stencil->length + lead.n);
    strip->rest_length = (uint8_t)rest.n;
    return true;
}

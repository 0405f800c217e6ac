/* A slot holds 32 bits that tell a session's beginning and 32 that tell all of it. Where copies are left out, another one, whose second
 * half is 0, stands for the beginning: so one that nobody has met passes at once, and only what may be a copy is held back. */
#include "sieve.h"

#include <stddef.h>
#include <stdlib.h>

/* HELD_MOST: text of a session that may have to be left out. */
enum { SLOTS_FIRST = 1024, HELD_MOST = 4 << 20 };

bool sieve_open(struct sieve *sieve, struct output *to, bool leaves_out)
{
    *sieve = (struct sieve){ .to = to, .leaves_out = leaves_out, .size = SLOTS_FIRST };
    sieve->slots = calloc(SLOTS_FIRST, sizeof(*sieve->slots));
    return sieve->slots != NULL;
}

void sieve_free(struct sieve *sieve)
{
    free(sieve->slots);
    tcplog_buf_free(&sieve->held);
    tcplog_buf_free(&sieve->entries);
    tcplog_buf_free(&sieve->met);
    *sieve = (struct sieve){ 0 };
}

/* --- what was met -------------------------------------------------------------------------------------------- */

static uint64_t slot_of(uint32_t beginning, uint32_t content)
{
    return (uint64_t)beginning << 32 | content;
}

/* Where a slot is, or belongs. The size is a power of two, and nobody waits for a division; many may begin alike, so both halves tell
 * the place. */
static size_t place_of(const uint64_t *slots, size_t size, uint64_t slot)
{
    const uint64_t golden = 0x9E3779B97F4A7C15U;
    const size_t mask = size - 1;
    size_t i = (slot * golden) >> 32 & mask;
    while (slots[i] && slots[i] != slot)
        i = (i + 1) & mask;
    return i;
}

static bool is_known(const struct sieve *sieve, uint32_t beginning)
{
    return sieve->slots[place_of(sieve->slots, sieve->size, slot_of(beginning, 0))] != 0;
}

/* Whether it was there already. */
static bool add(uint64_t *slots, size_t size, uint64_t slot)
{
    size_t i = place_of(slots, size, slot);
    bool met = slots[i] != 0;
    slots[i] = slot;
    return met;
}

static void grow(struct sieve *sieve)
{
    size_t size = sieve->size * 2;
    uint64_t *slots = aligned_alloc(_Alignof(max_align_t), size * sizeof(*slots));
    if (!slots) {
        sieve->status = TCPLOG_MEMORY;
        return;
    }
    /* calloc, which a compiler makes of malloc and memset, would do worse: of a page that is read first, the first write makes a
     * copy, and all threads wait for it */
    memset(slots, 0, size * sizeof(*slots));
    for (size_t i = 0; i < sieve->size; i++)
        if (sieve->slots[i])
            add(slots, size, sieve->slots[i]);
    free(sieve->slots);
    sieve->slots = slots;
    sieve->size = size;
}

static bool meet(struct sieve *sieve, const struct mark *mark)
{
    if (sieve->count * 4 >= sieve->size * 3)
        grow(sieve);
    /* without memory for more, what comes is not known again */
    if (sieve->status != TCPLOG_OK)
        return false;
    if (sieve->leaves_out)
        sieve->count += !add(sieve->slots, sieve->size, slot_of(mark->beginning, 0));
    bool met = add(sieve->slots, sieve->size, slot_of(mark->beginning, mark->content ? mark->content : 1));
    sieve->count += !met;
    return met;
}

/* There is one. */
static struct met *latest_of(struct sieve *sieve)
{
    return (struct met *)(void *)(sieve->met.p + sieve->met.n) - 1;
}

static struct met *note_of(struct sieve *sieve, const void *input)
{
    const struct met none = { .input = input };
    if (sieve->met.n > sieve->told && latest_of(sieve)->input == input)
        return latest_of(sieve);
    tcplog_buf_add(&sieve->met, (struct str){ (const char *)&none, sizeof(none) });
    if (sieve->met.status == TCPLOG_OK)
        return latest_of(sieve);
    sieve->status = TCPLOG_MEMORY;
    return NULL;
}

static void note(struct sieve *sieve, const struct mark *mark)
{
    struct met *met = note_of(sieve, mark->input);
    if (!met)
        return;
    if (met->count++ == 0)
        met->line = mark->line;
    if (sieve->gave_up && met->kept++ == 0)
        met->kept_line = mark->line;
    if (sieve->holding)
        met->left_out += mark->records;
}

struct met sieve_met(struct sieve *sieve, const void *input)
{
    struct met met = { .input = input };
    if (sieve->told == sieve->met.n)
        return met;
    const struct met *next = (const struct met *)(const void *)(sieve->met.p + sieve->told);
    if (next->input != input)
        return met;
    met = *next;
    sieve->told += sizeof(met);
    if (sieve->told == sieve->met.n)
        sieve->told = sieve->met.n = 0;
    return met;
}

/* --- what leaves --------------------------------------------------------------------------------------------- */

static void release(struct sieve *sieve)
{
    if (sieve->held.n)
        output_pass(sieve->to, buf_str(&sieve->held), &sieve->entries);
    sieve->held.n = sieve->entries.n = 0;
    sieve->holding = false;
}

/* A block that is passed on piece by piece, but in as few pieces as may be. */
struct passage {
    struct str bytes;
    size_t at; /* so far */
    const struct entry *entry, *last;
};

/* Entries count from the start of the text that they stand beside. */
static void take_entries(struct sieve *sieve, struct passage *passage, size_t to)
{
    for (; passage->entry < passage->last && passage->entry->end <= to; passage->entry++) {
        struct entry entry = *passage->entry;
        entry.end = (uint32_t)(entry.end - passage->at + sieve->held.n);
        tcplog_buf_add(&sieve->entries, (struct str){ (const char *)&entry, sizeof(entry) });
    }
}

static void pass_to(struct sieve *sieve, struct passage *passage, size_t to)
{
    const struct str text = { passage->bytes.p + passage->at, to - passage->at };
    take_entries(sieve, passage, to);
    passage->at = to;
    if (!sieve->holding) {
        if (text.n)
            output_pass(sieve->to, text, &sieve->entries);
        sieve->entries.n = 0;
        return;
    }
    tcplog_buf_add(&sieve->held, text);
    sieve->gave_up = sieve->held.n > HELD_MOST;
    if (sieve->gave_up)
        release(sieve);
}

/* Whether what comes behind the mark goes another way than what comes before it. */
static bool parts(const struct sieve *sieve, const struct mark *mark)
{
    if (mark->end)
        return sieve->holding;
    return sieve->leaves_out && is_known(sieve, mark->beginning);
}

static void hear(struct sieve *sieve, const struct mark *mark, bool parted)
{
    if (!mark->end) {
        sieve->holding = parted;
        sieve->gave_up = false;
        return;
    }
    if (mark->stamped && meet(sieve, mark)) {
        note(sieve, mark);
        if (sieve->holding)
            sieve->held.n = sieve->entries.n = 0;
    }
    release(sieve);
}

void sieve_pass(struct sieve *sieve, struct str bytes, const struct buf *entries, const struct buf *marks)
{
    const struct entry *first = (const struct entry *)(const void *)entries->p;
    const struct mark *mark = (const struct mark *)(const void *)marks->p;
    /* no entries, no address to count from */
    const struct entry *end = first ? first + entries->n / sizeof(*first) : NULL;
    struct passage passage = { bytes, 0, first, end };
    const bool held = sieve->holding;
    for (size_t left = marks->n / sizeof(*mark); left > 0; left--, mark++) {
        bool parted = parts(sieve, mark);
        if (parted)
            pass_to(sieve, &passage, mark->at);
        hear(sieve, mark, parted);
    }
    /* in one piece, as nearly all: with the entries as they are */
    if (passage.at == 0 && !held && !sieve->holding) {
        if (bytes.n)
            output_pass(sieve->to, bytes, entries);
        return;
    }
    pass_to(sieve, &passage, bytes.n);
}

enum tcplog_status sieve_status(const struct sieve *sieve)
{
    if (sieve->status != TCPLOG_OK)
        return sieve->status;
    if (sieve->held.status != TCPLOG_OK)
        return sieve->held.status;
    return sieve->entries.status != TCPLOG_OK ? sieve->entries.status : output_status(sieve->to);
}

/* The stack, the names on the way into it, and the caps. */
#include "source/members.h"

#include "base/ascii.h"

#include <errno.h>
#include <stdlib.h>

static void keep_hint(char *to, const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *base = slash ? slash + 1 : name;
    size_t n = strlen(base);
    n = n < MEMBER_HINT ? n : 0;
    memcpy(to, base, n);
    to[n] = '\0';
}

/* TCP0001.MS.gz is TCP0001.MS, compressed */
static void keep_uncompressed(char *to, const char *name)
{
    static const char *const suffixes[] = { ".gz", ".bz2", ".xz", ".zst" };
    memmove(to, name, strlen(name) + 1);
    char *dot = strrchr(to, '.');
    for (size_t i = 0; dot && i < sizeof(suffixes) / sizeof(*suffixes); i++)
        if (ascii_same(str_of(dot), str_of(suffixes[i])))
            *dot = '\0';
}

void members_begin(struct members *members, const struct tcplog_limits *limits, const char *path)
{
    bounds_begin(&members->bounds, limits);
    members->depth = 0;
    members->name[members->name_n = 0] = '\0';
    members->passed_over = 0;
    members->over = members->packed = false;
    members->fresh = TROUBLE_NONE;
    for (int i = 0; i < TROUBLE_COUNT; i++) {
        free(members->notes[i]);
        members->notes[i] = NULL;
    }
    keep_hint(members->hints[0], path);
}

const char *members_hint(const struct members *members)
{
    return members->hints[members->depth];
}

static void note(struct members *members, enum trouble trouble)
{
    struct trouble_note **place = &members->notes[trouble];
    if (!*place) {
        *place = calloc(1, sizeof(**place));
        if (!*place)
            return;
        memcpy((*place)->member, members->name, members->name_n + 1);
        members->fresh = trouble;
    }
    (*place)->count++;
}

/* No more is read of the file. */
static void end_by(struct members *members, enum trouble trouble)
{
    if (trouble == TROUBLE_NONE || members->over)
        return;
    note(members, trouble);
    members->over = true;
}

/* Whether a read of the file failed, below all layers. That it was interrupted is no trouble. */
static bool has_failed(struct members *members, const struct layer *layer)
{
    if (layer->error && layer->error != EINTR)
        end_by(members, TROUBLE_UNREADABLE);
    members->over |= layer->error != 0;
    return layer->error != 0;
}

/* What goes wrong above something that is damaged is no news, nor is what goes wrong because no more is read. */
static void take_trouble(struct members *members, struct layer *layer)
{
    bool news = layer->trouble != TROUBLE_NONE && !members->over && !has_failed(members, layer);
    for (unsigned i = 0; i < members->depth && members->layers[i] != layer; i++)
        news &= members->layers[i]->trouble == TROUBLE_NONE;
    if (news)
        note(members, layer->trouble);
}

static ptrdiff_t member_read(struct source *source, void *to, size_t n)
{
    struct members *members = source->members;
    struct layer *layer = source->layer;
    if (members->over)
        return 0;
    bool before = layer->trouble != TROUBLE_NONE;
    ptrdiff_t got = layer->class->read(layer, to, n);
    if (got <= 0 && has_failed(members, layer))
        return 0;
    if (!before)
        take_trouble(members, layer);
    unsigned depth = 0;
    while (members->layers[depth] != layer)
        depth++;
    members->bounds.read = members->layers[0]->read;
    end_by(members, bounds_count(&members->bounds, depth, got > 0 ? (uint64_t)got : 0));
    return got;
}

/* What it reads from is the layer's, which is closed when its turn comes. */
static void member_close(struct source *source)
{
    *source = (struct source){ 0 };
}

static const struct source_class member_class = {
    .name = "member",
    .read = member_read,
    .close = member_close,
};

/* The layer that will be the topmost; its memory may have served before. */
static struct layer *prepare(struct members *members, enum magic magic)
{
    struct layer **place = &members->layers[members->depth];
    if (!*place)
        *place = calloc(1, sizeof(**place));
    if (!*place)
        return NULL;
    (*place)->class = magic == MAGIC_GZIP ? &layer_gunzip : &layer_unpack;
    (*place)->library = &members->library;
    (*place)->magic = magic;
    return *place;
}

static enum trouble add_layer(struct members *members, enum magic magic, struct source *source,
                              struct str head)
{
    if (members->depth == members->bounds.limits.depth)
        return TROUBLE_DEPTH;
    if (magic != MAGIC_GZIP && !libarchive_load(&members->library))
        return TROUBLE_NO_LIBRARY;
    struct layer *layer = prepare(members, magic);
    if (!layer || !layer_begin(layer, *source, head))
        return TROUBLE_MEMORY;
    if (!layer->class->open(layer)) {
        layer->class->close(layer);
        return layer->trouble;
    }
    members->bases[members->depth++] = members->name_n;
    members->packed |= !magic_is_compression(magic);
    source_open_memory(source, (struct str){ 0 });
    return TROUBLE_NONE;
}

enum entrance members_enter(struct members *members, struct source *source, struct str head)
{
    enum magic magic = magic_of(head);
    if (magic == MAGIC_NONE)
        return NOT_PACKED;
    enum trouble trouble = add_layer(members, magic, source, head);
    if (trouble == TROUBLE_NONE)
        return ENTERED;
    if (!members->over)
        note(members, trouble);
    return NO_ENTRANCE;
}

static bool is_middle(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* "outer!/name"; a name that is too long loses its end, but no half of a character stays. */
static void set_name(struct members *members, const struct layer *layer)
{
    unsigned top = members->depth - 1;
    size_t base = members->bases[top], n = layer->name ? strlen(layer->name) : 0;
    char *to = members->name + base;
    if (magic_is_compression(layer->magic)) {
        *to = '\0';
        members->name_n = base;
        keep_uncompressed(members->hints[top + 1], members->hints[top]);
        return;
    }
    if (n && base && base + MEMBER_STEP.n < MEMBER_NAME) {
        memcpy(to, MEMBER_STEP.p, MEMBER_STEP.n);
        to += MEMBER_STEP.n;
    }
    size_t room = (size_t)(members->name + MEMBER_NAME - 1 - to);
    if (n > room)
        for (n = room; n > 0 && is_middle(layer->name[n]);)
            n--;
    if (n)
        memcpy(to, layer->name, n);
    to[n] = '\0';
    members->name_n = (size_t)(to + n - members->name);
    keep_hint(members->hints[top + 1], layer->name ? layer->name : "");
}

/* What stands behind the end of an archive is read, too, where it is compressed: its checksum is behind it. */
static void take_away(struct members *members, bool whole)
{
    char rest[4096];
    struct layer *layer = members->layers[--members->depth];
    struct source *below = &layer->below;
    members->name[members->name_n = members->bases[members->depth]] = '\0';
    while (whole && members->depth > 0 && below->class->read(below, rest, sizeof(rest)) > 0)
        continue;
    layer_end(layer);
}

/* Whether this member may be a log. */
static bool is_candidate(struct members *members, struct layer *layer)
{
    set_name(members, layer);
    if (!magic_is_compression(layer->magic))
        end_by(members, bounds_count_entry(&members->bounds));
    take_trouble(members, layer);
    if (layer->kind == MEMBER_ENCRYPTED || layer->kind == MEMBER_UNKNOWN)
        note(members, layer->kind == MEMBER_UNKNOWN ? TROUBLE_UNKNOWN : TROUBLE_ENCRYPTED);
    members->passed_over += layer->kind == MEMBER_OTHER;
    return layer->kind == MEMBER_FILE && !members->over;
}

/* Whether it was read to its end, whatever stands behind that. */
static bool is_whole(const struct layer *layer)
{
    return layer->trouble == TROUBLE_NONE || layer->trouble == TROUBLE_TRAILING;
}

bool members_next(struct members *members, struct source *source)
{
    while (members->depth > 0) {
        struct layer *layer = members->layers[members->depth - 1];
        enum trouble before = layer->trouble;
        layer->trouble = TROUBLE_NONE;
        if (members->over || !layer->class->next(layer) || has_failed(members, layer)) {
            /* what is behind the last member is none of its */
            if (layer->trouble != TROUBLE_NONE)
                set_name(members, layer);
            take_trouble(members, layer);
            take_away(members, before == TROUBLE_NONE && is_whole(layer) && !members->over);
        } else if (is_candidate(members, layer)) {
            *source = (struct source){ .class = &member_class, .members = members, .layer = layer };
            return true;
        }
    }
    return false;
}

void members_end(struct members *members)
{
    while (members->depth > 0)
        layer_end(members->layers[--members->depth]);
}

void members_free(struct members *members)
{
    for (unsigned i = 0; i < LAYERS_MOST; i++)
        if (members->layers[i])
            layer_free(members->layers[i]);
    for (int i = 0; i < TROUBLE_COUNT; i++)
        free(members->notes[i]);
    libarchive_unload(&members->library);
}

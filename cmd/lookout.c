/* Posts are kept in the order of their numbers, which inotify gives out in ascending order. The root is watched by its
 * name: whatever folder has that is the one that is meant, so it is compared with the one that was posted. */
#include "lookout.h"

#include "journal.h"
#include "tcplog/cat.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

struct lookout_post {
    int number;
    char *path;
};

enum {
    EVENTS = IN_CREATE | IN_MODIFY | IN_ATTRIB | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE |
             IN_ONLYDIR | IN_EXCL_UNLINK,
    PATH_ROOM = PATH_MAX + 1 + NAME_MAX + 1
};

/* A folder's name, behind which there is room for the names in it. */
struct place {
    size_t length;
    char path
        [PATH_ROOM]; /* a folder whose path is longer than PATH_MAX cannot be read, so a name always fits */
};

/* Answers the length to go back to. */
static size_t enter(struct place *place, const char *name)
{
    size_t before = place->length, n = strlen(name);
    if (before > 0 && place->path[before - 1] != '/')
        place->path[place->length++] = '/';
    memcpy(place->path + place->length, name, n + 1);
    place->length += n;
    return before;
}

static void leave(struct place *place, size_t before)
{
    place->length = before;
    place->path[before] = '\0';
}

static bool start(struct place *place, const char *folder)
{
    place->length = 0;
    if (strlen(folder) > PATH_MAX)
        return false;
    enter(place, folder);
    return true;
}

static void drop_posts(struct lookout *lookout)
{
    for (size_t i = 0; i < lookout->count; i++)
        free(lookout->posts[i].path);
    free(lookout->posts);
    lookout->posts = NULL;
    lookout->count = lookout->room = 0;
}

/* Without room for another post, by the system's limit or in memory, the rest is found by sweeping. */
static void give_up(struct lookout *lookout)
{
    drop_posts(lookout);
    close(lookout->fd);
    lookout->fd = -1;
}

static bool make_room(struct lookout *lookout)
{
    if (lookout->count < lookout->room)
        return true;
    size_t room = lookout->room ? 2 * lookout->room : 64;
    struct lookout_post *posts = realloc(lookout->posts, room * sizeof(*posts));
    if (!posts)
        return false;
    lookout->posts = posts;
    lookout->room = room;
    return true;
}

static int by_number(const void *a, const void *b)
{
    int one = ((const struct lookout_post *)a)->number, other = ((const struct lookout_post *)b)->number;
    return (one > other) - (one < other);
}

static struct lookout_post *find(const struct lookout *lookout, int number)
{
    struct lookout_post key = { .number = number };
    return lookout->count ? bsearch(&key, lookout->posts, lookout->count, sizeof(key), by_number) : NULL;
}

/* A folder that is watched already keeps its number, and may have got another name. Links below the root are not followed. */
static void post(struct lookout *lookout, const char *folder)
{
    bool root = strcmp(folder, lookout->root) == 0;
    int number = inotify_add_watch(lookout->fd, folder, root ? EVENTS : EVENTS | IN_DONT_FOLLOW);
    if (number < 0) {
        /* it may be gone by now, which is no reason to go blind */
        if (errno == ENOSPC || errno == ENOMEM)
            give_up(lookout);
        return;
    }
    if (root)
        lookout->number = number;
    struct lookout_post *old = find(lookout, number);
    char *path = strdup(folder);
    if (!path || (!old && !make_room(lookout))) {
        free(path);
        give_up(lookout);
    } else if (old) {
        free(old->path);
        old->path = path;
    } else {
        lookout->posts[lookout->count++] = (struct lookout_post){ number, path };
    }
}

static bool is_folder(const char *path, const struct dirent *entry)
{
    struct stat about;
    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type == DT_DIR;
    return lstat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool is_shunned(const struct lookout *lookout, const char *folder)
{
    char *real = lookout->shunned ? realpath(folder, NULL) : NULL;
    bool shunned = real && strcmp(real, lookout->shunned) == 0;
    free(real);
    return shunned;
}

/* Where exports lie among the logs, they must not wake whoever has just written them. */
static bool is_own(const struct lookout *lookout, const struct inotify_event *event)
{
    if (!lookout->shared || event->len == 0 || event->mask & IN_ISDIR)
        return false;
    return event->name[0] == '.' || strcmp(event->name, JOURNAL_NAME) == 0 ||
           str_ends(str_of(event->name), str_of(lookout->suffix)) ||
           str_ends(str_of(event->name), STR(TCPLOG_INDEX_SUFFIX));
}

/* Posted before it is read: a folder that comes meanwhile is met twice rather than never. */
static void post_all(struct lookout *lookout, struct place *place)
{
    if (!lookout->shared && is_shunned(lookout, place->path))
        return;
    post(lookout, place->path);
    DIR *folder = opendir(place->path);
    if (!folder)
        return;
    for (struct dirent *entry; lookout->fd >= 0 && (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        size_t before = enter(place, entry->d_name);
        if (is_folder(place->path, entry))
            post_all(lookout, place);
        leave(place, before);
    }
    closedir(folder);
}

static void forget(struct lookout *lookout, struct lookout_post *gone)
{
    size_t at = (size_t)(gone - lookout->posts);
    free(gone->path);
    memmove(gone, gone + 1, (lookout->count - at - 1) * sizeof(*gone));
    lookout->count--;
}

static void follow_folder(struct lookout *lookout, const struct inotify_event *event, const char *parent)
{
    struct place place;
    /* the posts below it go by names that are no more */
    if (event->mask & IN_MOVED_FROM) {
        lookout->missed = true;
    } else if (event->mask & (IN_CREATE | IN_MOVED_TO) && start(&place, parent)) {
        enter(&place, event->name);
        post_all(lookout, &place);
    }
}

static void hear(struct lookout *lookout, const struct inotify_event *event)
{
    struct lookout_post *at = find(lookout, event->wd);
    lookout->missed |=
        event->mask & IN_Q_OVERFLOW || (event->mask & IN_IGNORED && event->wd == lookout->number);
    if (at && event->mask & IN_IGNORED)
        forget(lookout, at);
    else if (at && event->mask & IN_ISDIR && event->len > 0)
        follow_folder(lookout, event, at->path);
}

static bool hear_all(struct lookout *lookout)
{
    _Alignas(struct inotify_event) char block[16384];
    ssize_t got;
    bool any = false;
    while (lookout->fd >= 0 && (got = read(lookout->fd, block, sizeof(block))) > 0) {
        for (ssize_t at = 0; at < got && lookout->fd >= 0;) {
            const struct inotify_event *event = (const struct inotify_event *)(block + at);
            any |= !is_own(lookout, event);
            hear(lookout, event);
            at += (ssize_t)(sizeof(*event) + event->len);
        }
    }
    return any;
}

static void take_posts(struct lookout *lookout)
{
    struct place place;
    drop_posts(lookout);
    lookout->missed = false;
    lookout->number = -1;
    /* before it is posted: if it is another one by then, that is seen */
    if (stat(lookout->root, &lookout->posted) != 0)
        lookout->posted = (struct stat){ 0 };
    lookout->shared = is_shunned(lookout, lookout->root);
    lookout->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (lookout->fd >= 0 && start(&place, lookout->root))
        post_all(lookout, &place);
}

/* By its name, there is another folder now, or one again. */
static bool is_replaced(const struct lookout *lookout)
{
    struct stat about;
    return stat(lookout->root, &about) == 0 && S_ISDIR(about.st_mode) &&
           (about.st_dev != lookout->posted.st_dev || about.st_ino != lookout->posted.st_ino ||
            lookout->number < 0);
}

void lookout_open(struct lookout *lookout, const char *root, const char *shunned, const char *suffix,
                  bool wanted)
{
    *lookout = (struct lookout){ .root = root, .shunned = shunned, .suffix = suffix, .fd = -1 };
    if (wanted)
        take_posts(lookout);
}

void lookout_close(struct lookout *lookout)
{
    if (lookout->fd >= 0)
        give_up(lookout);
}

bool lookout_hears(const struct lookout *lookout)
{
    return lookout->fd >= 0 && lookout->number >= 0;
}

bool lookout_wait(struct lookout *lookout, int ms)
{
    struct pollfd ready = { .fd = lookout->fd, .events = POLLIN };
    bool any = poll(&ready, lookout->fd >= 0, ms) > 0 && hear_all(lookout);
    bool replaced = lookout->fd >= 0 && is_replaced(lookout);
    if (lookout->fd >= 0 && (lookout->missed || replaced)) {
        give_up(lookout);
        take_posts(lookout);
    }
    return any || (replaced && lookout_hears(lookout));
}

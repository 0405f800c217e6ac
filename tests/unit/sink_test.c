/* Files that appear whole or not at all, and gzip in front of them, read back by zlib. */
#include "sink/sink.h"
#include "views.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static char folder[64], path[96];

static struct sink *open_file(bool force)
{
    enum tcplog_status status = TCPLOG_OK;
    struct sink *sink = sink_file(path, force, &status);
    assert_non_null(sink);
    assert_int_equal(sink->status, TCPLOG_OK);
    return sink;
}

static void write_text(struct sink *sink, struct str text)
{
    sink->class->write(sink, text);
}

static enum tcplog_status finish(struct sink *sink, bool keep)
{
    return sink->class->close(sink, keep);
}

static size_t read_file(char *to, size_t most)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(to, 1, most, file);
    fclose(file);
    return n;
}

static void same_content(struct str expected)
{
    char content[256];
    size_t n = read_file(content, sizeof(content));
    assert_str(((struct str){ content, n }), expected);
}

/* Files in the folder: a temporary one that stays behind is seen here. */
static int files(void)
{
    int count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(dir);
    return count;
}

static void a_file_appears_when_it_is_whole(void **state)
{
    (void)state;
    struct sink *sink = open_file(false);
    write_text(sink, STR("one "));
    write_text(sink, STR(""));
    write_text(sink, STR("two"));
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(files(), 1);
    assert_int_equal(finish(sink, true), TCPLOG_OK);
    same_content(STR("one two"));
    assert_int_equal(files(), 1);
}

static void or_not_at_all(void **state)
{
    (void)state;
    struct sink *sink = open_file(false);
    write_text(sink, STR("half"));
    assert_int_equal(finish(sink, false), TCPLOG_OK);
    assert_int_equal(files(), 0);
}

static void what_is_there_stays(void **state)
{
    (void)state;
    enum tcplog_status status = TCPLOG_OK;
    struct sink *sink = open_file(false);
    write_text(sink, STR("old"));
    finish(sink, true);
    assert_null(sink_file(path, false, &status));
    assert_int_equal(status, TCPLOG_UNWRITABLE);
    assert_int_equal(errno, EEXIST);
    same_content(STR("old"));
    sink = open_file(true);
    write_text(sink, STR("new"));
    same_content(STR("old"));
    assert_int_equal(finish(sink, true), TCPLOG_OK);
    same_content(STR("new"));
    sink = open_file(true);
    write_text(sink, STR("third"));
    finish(sink, false);
    same_content(STR("new"));
    assert_int_equal(files(), 1);
}

/* Somebody else takes the name while we write. */
static void a_name_that_was_taken_meanwhile(void **state)
{
    (void)state;
    struct sink *sink = open_file(false);
    write_text(sink, STR("ours"));
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("theirs", file);
    fclose(file);
    assert_int_equal(finish(sink, true), TCPLOG_UNWRITABLE);
    assert_int_equal(errno, EEXIST);
    same_content(STR("theirs"));
    assert_int_equal(files(), 1);
}

static void a_folder_that_is_not_there(void **state)
{
    (void)state;
    enum tcplog_status status = TCPLOG_OK;
    char nowhere[128];
    snprintf(nowhere, sizeof(nowhere), "%s/none/out", folder);
    assert_null(sink_file(nowhere, false, &status));
    assert_int_equal(status, TCPLOG_UNWRITABLE);
    assert_int_equal(errno, ENOENT);
}

static void access_rights_of_a_new_file(void **state)
{
    (void)state;
    struct stat about;
    mode_t before = umask(027);
    finish(open_file(false), true);
    umask(before);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0640);
    assert_int_equal(about.st_size, 0);
}

static void a_full_device_is_told(void **state)
{
    (void)state;
    enum tcplog_status status = TCPLOG_OK;
    if (access("/dev/full", W_OK) != 0)
        skip();
    struct sink *sink = sink_file("/dev/full", false, &status);
    assert_non_null(sink);
    write_text(sink, STR("x"));
    assert_int_equal(sink->status, TCPLOG_UNWRITABLE);
    write_text(sink, STR("y"));
    assert_int_equal(finish(sink, true), TCPLOG_UNWRITABLE);
    assert_int_equal(errno, ENOSPC);
    assert_int_equal(access("/dev/full", F_OK), 0);
}

/* Two thirds of it are noise, so that a member may be larger than its text; the rest is one letter. */
enum { MEMBERS_MOST = 64, TEXT = 3 << 19 };
static unsigned char packed[2 * TEXT];
static size_t members, longest, starts[MEMBERS_MOST + 1];
static char text[TEXT];

static void make_text(void)
{
    uint32_t dice = 1;
    for (size_t i = 0; i < TEXT; i++) {
        dice = dice * 1664525u + 1013904223u;
        text[i] = i % 3000 < 1000 ? 'x' : (char)(dice >> 24);
    }
}

static struct sink *open_gzip(struct sink *next, const struct packing *packing)
{
    enum tcplog_status status = TCPLOG_OK;
    struct sink *sink = sink_gzip(next, NULL, packing, &status);
    assert_non_null(sink);
    assert_int_equal(status, TCPLOG_OK);
    return sink;
}

/* Writes the first n bytes of the text in steps; answers the bytes of the file. */
static size_t pack(const struct packing *packing, size_t n, size_t step)
{
    struct sink *sink = open_gzip(open_file(true), packing);
    for (size_t at = 0; at < n; at += step)
        write_text(sink, (struct str){ text + at, step < n - at ? step : n - at });
    assert_int_equal(finish(sink, true), TCPLOG_OK);
    size_t size = read_file((char *)packed, sizeof(packed));
    assert_true(size < sizeof(packed));
    return size;
}

/* Every member by itself, by zlib, which checks CRC and length; where each starts is kept. Answers the bytes of text. */
static char plain[TEXT + 1];

static size_t unpack_all(size_t size)
{
    size_t at = 0, done = 0;
    for (members = 0, longest = 0; at < size; members++) {
        z_stream stream = { .next_in = packed + at, .avail_in = (unsigned)(size - at) };
        assert_true(members < MEMBERS_MOST);
        starts[members] = at;
        assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
        stream.next_out = (unsigned char *)plain + done;
        stream.avail_out = (unsigned)(sizeof(plain) - done);
        assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
        longest = stream.total_out > longest ? stream.total_out : longest;
        at += stream.total_in;
        done += stream.total_out;
        inflateEnd(&stream);
    }
    starts[members] = at;
    return done;
}

static void unpack(size_t size, size_t n, size_t step)
{
    assert_int_equal(unpack_all(size), n);
    assert_true(longest <= step);
    assert_memory_equal(plain, text, n);
}

/* All ways to compress that this build has. */
static size_t ways(struct packing *to)
{
    size_t count = 0;
    for (size_t i = 0; engine_at(i); i++)
        for (int level = 0; engine_at(i)->open && level <= engine_at(i)->levels; level++)
            to[count++] = (struct packing){ .engine = engine_at(i), .level = level };
    return count;
}

static void every_write_is_a_member_and_comes_back(void **state)
{
    (void)state;
    static const size_t steps[] = { TEXT, 1 << 20, 100000 };
    struct packing packings[32];
    for (size_t i = ways(packings); i--;) {
        for (size_t j = 0; j < sizeof(steps) / sizeof(*steps); j++) {
            unpack(pack(&packings[i], TEXT, steps[j]), TEXT, steps[j]);
            assert_int_equal(members, (TEXT + steps[j] - 1) / steps[j]);
        }
        unpack(pack(&packings[i], 1, 1), 1, 1);
        assert_int_equal(members, 1);
        unpack(pack(&packings[i], 0, 1), 0, 1);
        assert_int_equal(members, 1);
    }
}

/* RFC 1952: no time, no name, no system, so that the same export has the same bytes. */
static void headers_that_say_nothing(void **state)
{
    (void)state;
    static const unsigned char header[] = { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0 };
    struct packing packings[32];
    for (size_t i = ways(packings); i--;) {
        unpack(pack(&packings[i], 300000, 100000), 300000, 100000);
        assert_int_equal(members, 3);
        for (size_t j = 0; j < members; j++) {
            assert_memory_equal(packed + starts[j], header, sizeof(header));
            assert_int_equal(packed[starts[j] + 9], GZIP_OS_UNKNOWN);
        }
    }
}

/* Its bytes do not depend on what was compressed before it, and not on chance. */
static void a_member_depends_on_its_text_only(void **state)
{
    (void)state;
    static unsigned char first[100000];
    struct packing packings[32];
    for (size_t i = ways(packings); i--;) {
        unpack(pack(&packings[i], 100000, 50000), 100000, 50000);
        size_t second = starts[1], n = starts[2] - second;
        assert_true(n <= sizeof(first));
        memcpy(first, packed + second, n);
        struct sink *sink = open_gzip(open_file(true), &packings[i]);
        write_text(sink, (struct str){ text + 50000, 50000 });
        assert_int_equal(finish(sink, true), TCPLOG_OK);
        assert_int_equal(read_file((char *)packed, sizeof(packed)), n);
        assert_memory_equal(packed, first, n);
    }
}

/* More members than a crew holds at once, fewer than it has threads for, and the last one shorter. */
static void jobs_change_no_byte(void **state)
{
    (void)state;
    static unsigned char expected[sizeof(packed)];
    struct packing packings[32];
    for (size_t i = ways(packings); i--;)
        for (size_t n = 40000; packings[i].level == 0 && n <= TEXT; n += (TEXT - 40000) / 2) {
            size_t size = pack(&packings[i], n, 40000);
            memcpy(expected, packed, size);
            for (packings[i].jobs = 1; packings[i].jobs <= 9; packings[i].jobs++) {
                assert_int_equal(pack(&packings[i], n, 40000), size);
                assert_memory_equal(packed, expected, size);
            }
            packings[i].jobs = 0;
        }
    unpack(pack(&packings[0], TEXT, 40000), TEXT, 40000);
}

/* Beside it: a line a member, with what was told of it, and not of the next; it appears with its file. */
static void an_index_beside_it(void **state)
{
    (void)state;
    char index[128], line[256], expected[256];
    enum tcplog_status status = TCPLOG_OK;
    struct packing packing = { .engine = &engine_zlib };
    snprintf(index, sizeof(index), "%s.idx", path);
    for (packing.jobs = 1; packing.jobs <= 3; packing.jobs++) {
        struct sink *list = sink_file(index, true, &status);
        assert_non_null(list);
        assert_true(sink_appears(list));
        struct sink *sink = sink_gzip(open_file(true), list, &packing, &status);
        assert_non_null(sink);
        for (int i = 0; i < 9; i++) {
            snprintf(line, sizeof(line), "told %d", i);
            if (i != 4)
                sink->class->about(sink, str_of(line));
            write_text(sink, (struct str){ text + i, (size_t)i + 1 });
        }
        assert_int_equal(finish(sink, true), TCPLOG_OK);
        assert_int_equal(files(), 2);
        assert_int_equal(unpack_all(read_file((char *)packed, sizeof(packed))), 45);
        FILE *file = fopen(index, "r");
        assert_non_null(file);
        assert_string_equal(fgets(line, sizeof(line), file), "tcplog-index 1\n");
        for (size_t i = 0, at = 0; i < 9; at += ++i) {
            char told[16] = "";
            if (i != 4)
                snprintf(told, sizeof(told), "told %zu", i);
            snprintf(expected, sizeof(expected), "%zu %zu %08lx %zu %zu %s\n", starts[i],
                     starts[i + 1] - starts[i], crc32_z(0, (unsigned char *)text + i, i + 1), at, i + 1,
                     told);
            assert_string_equal(fgets(line, sizeof(line), file), expected);
        }
        snprintf(expected, sizeof(expected), "end 9 %zu 45 ", starts[9]);
        assert_non_null(fgets(line, sizeof(line), file));
        assert_memory_equal(line, expected, strlen(expected));
        fclose(file);
        unlink(index);
    }
}

/* It waits for nobody but the file behind it. */
static void what_may_wait(void **state)
{
    (void)state;
    enum tcplog_status status = TCPLOG_OK;
    const struct packing packing = { .engine = &engine_zlib };
    struct sink *file = open_file(true);
    assert_true(sink_never_waits(file));
    struct sink *packed_file = sink_gzip(file, NULL, &packing, &status);
    assert_true(sink_never_waits(packed_file));
    assert_int_equal(finish(packed_file, false), TCPLOG_OK);
    assert_int_equal(mkfifo(path, 0600), 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct sink *fifo = sink_gzip(open_file(true), NULL, &packing, &status);
    assert_false(sink_never_waits(fifo));
    assert_int_equal(finish(fifo, false), TCPLOG_OK);
    close(reader);
    unlink(path);
}

static void an_index_of_what_is_not_kept(void **state)
{
    (void)state;
    char index[128];
    enum tcplog_status status = TCPLOG_OK;
    struct packing packing = { .engine = &engine_zlib };
    snprintf(index, sizeof(index), "%s.idx", path);
    struct sink *sink = sink_gzip(open_file(true), sink_file(index, true, &status), &packing, &status);
    assert_non_null(sink);
    write_text(sink, STR("half"));
    assert_int_equal(finish(sink, false), TCPLOG_OK);
    assert_int_equal(files(), 0);
}

/* Whichever of the two cannot have its name, neither has. */
static void the_index_and_its_file_or_none(void **state)
{
    (void)state;
    char index[128];
    enum tcplog_status status = TCPLOG_OK;
    struct packing packing = { .engine = &engine_zlib };
    snprintf(index, sizeof(index), "%s.idx", path);
    for (int i = 0; i < 4; i++) {
        bool force = i % 2;
        const char *taken = i < 2 ? index : path;
        struct sink *sink = sink_gzip(open_file(force), sink_file(index, force, &status), &packing, &status);
        assert_non_null(sink);
        write_text(sink, STR("all"));
        assert_int_equal(files(), 2);
        assert_int_equal(mkdir(taken, 0700), 0);
        assert_int_equal(finish(sink, true), TCPLOG_UNWRITABLE);
        assert_int_equal(errno, force ? EISDIR : EEXIST);
        assert_int_equal(files(), 1);
        assert_int_equal(rmdir(taken), 0);
    }
}

/* What was to be replaced stays. */
static void an_export_whose_index_has_no_place(void **state)
{
    (void)state;
    char index[128];
    enum tcplog_status status = TCPLOG_OK;
    struct packing packing = { .engine = &engine_zlib };
    snprintf(index, sizeof(index), "%s.idx", path);
    struct sink *sink = open_file(false);
    write_text(sink, STR("old"));
    finish(sink, true);
    sink = sink_gzip(open_file(true), sink_file(index, true, &status), &packing, &status);
    assert_non_null(sink);
    assert_int_equal(mkdir(index, 0700), 0);
    assert_int_equal(finish(sink, true), TCPLOG_UNWRITABLE);
    assert_int_equal(rmdir(index), 0);
    same_content(STR("old"));
    assert_int_equal(files(), 1);
    unlink(path);
}

static void engines_by_name(void **state)
{
    (void)state;
    assert_ptr_equal(engine_named("zlib"), &engine_zlib);
    assert_ptr_equal(engine_named("isal"), &engine_isal);
    assert_null(engine_named("zli"));
    assert_non_null(engine_zlib.open);
    assert_ptr_equal(engine_best(), engine_isal.open ? &engine_isal : &engine_zlib);
}

static const struct packing alone = { .engine = &engine_zlib }, crowd = { .engine = &engine_zlib, .jobs = 3 };

static void gzip_that_is_not_wanted(void **state)
{
    (void)state;
    for (int writes = 1; writes <= 9; writes += 4) {
        struct sink *sink = open_gzip(open_file(false), writes > 1 ? &crowd : &alone);
        for (int i = 0; i < writes; i++)
            write_text(sink, (struct str){ text, 100000 });
        assert_int_equal(finish(sink, false), TCPLOG_OK);
        assert_int_equal(files(), 0);
    }
}

static void gzip_passes_failures_on(void **state)
{
    (void)state;
    enum tcplog_status status = TCPLOG_OK;
    if (access("/dev/full", W_OK) != 0)
        skip();
    for (int writes = 1; writes <= 9; writes += 4) {
        struct sink *sink = open_gzip(sink_file("/dev/full", false, &status), writes > 1 ? &crowd : &alone);
        for (int i = 0; i < writes; i++)
            write_text(sink, (struct str){ text, 100000 });
        assert_int_equal(finish(sink, true), TCPLOG_UNWRITABLE);
        assert_int_equal(errno, ENOSPC);
    }
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/tcplog-sink-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/out", folder);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_file_appears_when_it_is_whole),
        IN_FOLDER(or_not_at_all),
        IN_FOLDER(what_is_there_stays),
        IN_FOLDER(a_name_that_was_taken_meanwhile),
        IN_FOLDER(a_folder_that_is_not_there),
        IN_FOLDER(access_rights_of_a_new_file),
        IN_FOLDER(a_full_device_is_told),
        IN_FOLDER(every_write_is_a_member_and_comes_back),
        IN_FOLDER(headers_that_say_nothing),
        IN_FOLDER(a_member_depends_on_its_text_only),
        IN_FOLDER(jobs_change_no_byte),
        IN_FOLDER(what_may_wait),
        IN_FOLDER(an_index_beside_it),
        IN_FOLDER(an_index_of_what_is_not_kept),
        IN_FOLDER(the_index_and_its_file_or_none),
        IN_FOLDER(an_export_whose_index_has_no_place),
        cmocka_unit_test(engines_by_name),
        IN_FOLDER(gzip_that_is_not_wanted),
        IN_FOLDER(gzip_passes_failures_on),
    };
    make_text();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

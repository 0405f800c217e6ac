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

static unsigned char packed[1 << 20];

static size_t pack(struct str text, size_t step)
{
    enum tcplog_status status = TCPLOG_OK;
    struct sink *sink = sink_gzip(open_file(true), &status);
    assert_non_null(sink);
    for (size_t at = 0; at < text.n; at += step)
        write_text(sink, str_upto(str_from(text, at), step < text.n - at ? step : text.n - at));
    assert_int_equal(finish(sink, true), TCPLOG_OK);
    return read_file((char *)packed, sizeof(packed));
}

static void same_unpacked(size_t n, struct str expected)
{
    z_stream stream = { .next_in = packed, .avail_in = (unsigned)n };
    char *plain = malloc(expected.n + 1);
    assert_non_null(plain);
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_out = (unsigned char *)plain;
    stream.avail_out = (unsigned)expected.n + 1;
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.avail_in, 0);
    assert_str(((struct str){ plain, stream.total_out }), expected);
    inflateEnd(&stream);
    free(plain);
}

static void gzip_comes_back(void **state)
{
    (void)state;
    enum { ALL = 300000 };
    char *text = malloc(ALL);
    assert_non_null(text);
    uint32_t dice = 1;
    for (size_t i = 0; i < ALL; i++)
        text[i] = (char)((dice = dice * 1664525u + 1013904223u) >> 24);
    same_unpacked(pack((struct str){ text, ALL }, ALL), (struct str){ text, ALL });
    same_unpacked(pack((struct str){ text, ALL }, 7777), (struct str){ text, ALL });
    same_unpacked(pack((struct str){ text, 1 }, 1), (struct str){ text, 1 });
    same_unpacked(pack(STR(""), 1), STR(""));
    free(text);
}

/* RFC 1952: no time, no name, no system, so that the same export has the same bytes. */
static void a_header_that_says_nothing(void **state)
{
    (void)state;
    static const unsigned char header[] = { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0 };
    size_t n = pack(STR("text"), 4);
    assert_true(n > 18);
    assert_memory_equal(packed, header, sizeof(header));
    assert_int_equal(packed[9], 255);
    unsigned char first[64];
    assert_true(n <= sizeof(first));
    memcpy(first, packed, n);
    assert_int_equal(pack(STR("text"), 1), n);
    assert_memory_equal(packed, first, n);
}

static void gzip_that_is_not_wanted(void **state)
{
    (void)state;
    enum tcplog_status status = TCPLOG_OK;
    struct sink *sink = sink_gzip(open_file(false), &status);
    write_text(sink, STR("half"));
    assert_int_equal(finish(sink, false), TCPLOG_OK);
    assert_int_equal(files(), 0);
}

static void gzip_passes_failures_on(void **state)
{
    (void)state;
    enum tcplog_status status = TCPLOG_OK;
    if (access("/dev/full", W_OK) != 0)
        skip();
    struct sink *sink = sink_gzip(sink_file("/dev/full", false, &status), &status);
    assert_non_null(sink);
    write_text(sink, STR("x"));
    assert_int_equal(finish(sink, true), TCPLOG_UNWRITABLE);
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
        IN_FOLDER(gzip_comes_back),
        IN_FOLDER(a_header_that_says_nothing),
        IN_FOLDER(gzip_that_is_not_wanted),
        IN_FOLDER(gzip_passes_failures_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* libarchive, loaded when the first archive is met: linked, it and the seven libraries behind it would cost every run
 * more than a small log does (5 million instructions, 127 system calls). */
#ifndef SOURCE_LIBARCHIVE_H
#define SOURCE_LIBARCHIVE_H

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdbool.h>

/* Its functions that are used, without their archive_. */
#define LIBARCHIVE_FUNCTIONS(F)                                                                           \
    F(read_new)                                                                                           \
    F(read_free)                                                                                          \
    F(read_set_read_callback)                                                                             \
    F(read_set_seek_callback)                                                                             \
    F(read_set_callback_data)                                                                             \
    F(read_open1) F(read_open_memory) F(read_next_header) F(read_data_block) F(read_support_filter_bzip2) \
        F(read_support_filter_xz) F(read_support_filter_zstd) F(read_support_format_raw)                  \
            F(read_support_format_tar) F(read_support_format_zip_streamable) F(read_support_format_7zip)  \
                F(read_has_encrypted_entries) F(entry_pathname) F(entry_filetype) F(entry_hardlink)       \
                    F(entry_is_encrypted)

struct libarchive {
    void *handle;   /* NULL: not loaded */
    locale_t names; /* names of entries are taken as UTF-8: the process's own locale has no say */
#define FUNCTION(name) __typeof__(archive_##name) *name;
    LIBARCHIVE_FUNCTIONS(FUNCTION)
#undef FUNCTION
};

/* Loads it if it is not loaded yet. False: it is not on this machine. */
bool libarchive_load(struct libarchive *library);
void libarchive_unload(struct libarchive *library);

#endif

/* dlopen(3) and a table of functions. The library stays in memory once it is there: what it is linked with was not made
 * to leave. */
#include "source/libarchive.h"

#include <dlfcn.h>
#include <stddef.h>

static const char file_name[] = "libarchive.so.13";

static const struct function {
    const char *name;
    size_t at;
} functions[] = {
#define FUNCTION(name) { "archive_" #name, offsetof(struct libarchive, name) },
#include "source/libarchive.def"
#undef FUNCTION
};

static bool find_all(struct libarchive *library)
{
    bool found = true;
    for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
        void **place = (void **)((char *)library + functions[i].at);
        *place = dlsym(library->handle, functions[i].name);
        found &= *place != NULL;
    }
    return found;
}

bool libarchive_load(struct libarchive *library)
{
    if (library->handle)
        return true;
    library->handle = dlopen(file_name, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    if (!library->handle)
        return false;
    library->names = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (find_all(library))
        return true;
    libarchive_unload(library);
    return false;
}

void libarchive_unload(struct libarchive *library)
{
    if (library->names)
        freelocale(library->names);
    if (library->handle)
        dlclose(library->handle);
    *library = (struct libarchive){ 0 };
}

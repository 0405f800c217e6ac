#include "base/error.h"

#include <string.h>

const char *error_text(int error)
{
#ifdef __GLIBC__
    const char *text = strerrordesc_np(error);
#else
    /* nothing to be translated */
    const char *text = strerror(error);
#endif
    return text ? text : "The system has no text for this error.";
}

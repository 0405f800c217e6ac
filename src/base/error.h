/* What errno means, in one language: strerror(3) would ask the locale for it, and for its letters. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/* Static: "No such file or directory". */
const char *error_text(int error);

#endif

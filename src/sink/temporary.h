/* A new file beside another one, which is to take its place when it is whole. */
#ifndef SINK_TEMPORARY_H
#define SINK_TEMPORARY_H

/* Opens it for writing under a hidden name beside `path`, ".name.XXXXXX", with the access rights that any new file gets, and
 * sets *name, which the caller frees. -1: it cannot be had (errno), and *name is NULL. Any thread may call it. */
int temporary_open(const char *path, char **name);

#endif

/* What an option may be given: lists that stand elsewhere, looked up and shown. */
#ifndef CMD_CHOICES_H
#define CMD_CHOICES_H

#include "tcplog/str.h"

#include <stdio.h>

/* Number i of a list of choices; NULL past the last. */
typedef const char *choices(size_t i);

choices choices_any, choices_formats, choices_kinds, choices_kinds_all, choices_redacts, choices_forms,
    choices_progress_forms, choices_partitions, choices_colors, choices_engines;

/* Which of them the word is; -1: none. */
int choices_find(choices *list, struct str word);
/* "jsonl or csv"; nothing where anything goes. */
void choices_show(choices *list, FILE *to);

#endif

/* The lists behind options: formats and forms are the library's, kinds the schema's. Nothing is listed here that stands
 * somewhere else. */
#include "choices.h"

#include "tcplog.h"

const char *choices_any(size_t i)
{
    (void)i;
    return NULL;
}

const char *choices_formats(size_t i)
{
    return tcplog_format(i, NULL);
}

const char *choices_engines(size_t i)
{
    return tcplog_gzip_engine(i);
}

const char *choices_kinds(size_t i)
{
    return i < KIND_COUNT ? tcplog_kind_names[i] : NULL;
}

/* KIND_COUNT stands for all of them. */
const char *choices_kinds_all(size_t i)
{
    return i == KIND_COUNT ? "all" : choices_kinds(i);
}

const char *choices_redacts(size_t i)
{
    static const char *const names[] = { [TCPLOG_REDACT_SECRETS] = "secrets",
                                         [TCPLOG_REDACT_NONE] = "none",
                                         [TCPLOG_REDACT_IDENTITIES] = "identities" };
    return i < sizeof(names) / sizeof(*names) ? names[i] : NULL;
}

const char *choices_colors(size_t i)
{
    static const char *const names[] = { "auto", "always", "never" };
    return i < sizeof(names) / sizeof(*names) ? names[i] : NULL;
}

const char *choices_partitions(size_t i)
{
    static const char *const names[] = { "day", "month", "server", "protocol" };
    return i < sizeof(names) / sizeof(*names) ? names[i] : NULL;
}

const char *choices_progress_forms(size_t i)
{
    static const char *const names[] = { "bar", "json", "none" };
    return i < sizeof(names) / sizeof(*names) ? names[i] : NULL;
}

const char *choices_forms(size_t i)
{
    size_t count = 0;
    while (tcplog_schema_forms[count])
        count++;
    return i < count ? tcplog_schema_forms[i] : NULL;
}

int choices_find(choices *list, struct str word)
{
    const char *choice;
    for (size_t i = 0; (choice = list(i)) != NULL; i++)
        if (str_equal(str_of(choice), word))
            return (int)i;
    return -1;
}

void choices_show(choices *list, FILE *to)
{
    const char *choice;
    for (size_t i = 0; (choice = list(i)) != NULL; i++)
        fprintf(to, "%s%s", i == 0 ? "" : list(i + 1) ? ", " : " or ", choice);
}

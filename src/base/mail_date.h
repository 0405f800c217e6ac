/* The value of a mail's Date header (RFC 5322 3.3, and the obsolete forms of 4.3): local wall time and its offset. */
#ifndef BASE_MAIL_DATE_H
#define BASE_MAIL_DATE_H

#include "base/calendar.h"

struct mail_date {
    struct date date; /* as the writer's wall clock had it */
    int32_t offset;   /* seconds east of Greenwich */
};

/* False where it is no date, or its zone is not told: -0000, the military letters and unknown names tell none. */
bool mail_date_read(struct str text, struct mail_date *date);

#endif

/* What the remarks on certificates say of whose they are: attributes of a subject, in either of the two ways in which
 * the libraries write it, and fingerprints. Views and lengths only. */
#ifndef SESSION_CERTIFICATE_H
#define SESSION_CERTIFICATE_H

#include "tcplog/str.h"

/* "CN=mx.tern.example": bytes of the key with what follows it, and of the value. */
struct attribute {
    size_t key, value;
    bool host; /* the value is a host's name, or an address */
};

/* Whether a text is about a certificate at all. */
bool certificate_told(struct str text);
/* The attribute that begins at text[at], if it tells who somebody is. */
bool certificate_attribute(struct str text, size_t at, struct attribute *found);

#endif

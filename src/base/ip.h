/* IP addresses as people write them, in the one way that RFC 5952 recommends. It knows their shape, not where they
 * stand. */
#ifndef BASE_IP_H
#define BASE_IP_H

#include "tcplog/str.h"

/* Characters of the longest form, "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"; the room that it takes with its
 * NUL. */
enum { IP_LONGEST = 45, IP_TEXT = IP_LONGEST + 1 };

/* Bytes of the address that text begins with, 0 if it is none; in `same` becomes what all ways to write it have in
 * common. Times of day have colons, too: an address of version 6 has eight groups, or "::" and a digit. */
size_t ip_read_v4(struct str text, char same[IP_TEXT]);
size_t ip_read_v6(struct str text, char same[IP_TEXT]);

#endif

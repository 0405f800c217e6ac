/* inet_pton decides; what is done here is to find how far an address goes. */
#include "base/ip.h"

#include "base/decimal.h"
#include "base/hostname.h"

#include <arpa/inet.h>

size_t ip_read_v4(struct str text, char same[IP_TEXT])
{
    unsigned char parts[4];
    uint32_t part;
    size_t at = 0;
    for (int i = 0; i < 4; i++) {
        /* leading zeros are passed over: "192.168.001.010" is decimal here, not octal as for inet_aton */
        size_t n = decimal_read(str_from(text, at), &part);
        if (n == 0 || n > 3 || part > 255 || (i < 3 && (at + n >= text.n || text.p[at + n] != '.')))
            return 0;
        parts[i] = (unsigned char)part;
        at += n + (i < 3);
    }
    /* more numbers, or letters behind them, are something else */
    bool more = at + 1 < text.n && text.p[at] == '.' && is_digit(text.p[at + 1]);
    if (more || (at < text.n && (hostname_letter(text.p[at]) || text.p[at] == '-' || text.p[at] == '_')))
        return 0;
    inet_ntop(AF_INET, parts, same, IP_TEXT);
    return at;
}

/* However an address is written, it is the same one: "::FFFF:192.0.2.1" is 192.0.2.1 (RFC 4291 2.5.5.2). */
static bool make_same(struct str text, char same[IP_TEXT])
{
    struct in6_addr ip;
    char room[IP_TEXT] = "";
    /* the caller has seen to it that text.n <= IP_LONGEST: a NUL stands behind it */
    memcpy(room, text.p, text.n);
    if (inet_pton(AF_INET6, room, &ip) != 1)
        return false;
    if (IN6_IS_ADDR_V4MAPPED(&ip))
        inet_ntop(AF_INET, ip.s6_addr + 12, same, IP_TEXT);
    else
        inet_ntop(AF_INET6, &ip, same, IP_TEXT);
    return true;
}

size_t ip_read_v6(struct str text, char same[IP_TEXT])
{
    size_t n = 0, colons = 0, digits = 0;
    for (; n < text.n && n <= IP_LONGEST && text.p[n] && strchr("0123456789abcdefABCDEF:.", text.p[n]); n++) {
        colons += text.p[n] == ':';
        digits += text.p[n] != ':' && text.p[n] != '.';
    }
    if (colons < 2 || digits == 0 || n > IP_LONGEST || (n < text.n && hostname_letter(text.p[n])))
        return 0;
    if (make_same(str_upto(text, n), same))
        return n;
    /* what ends a clause does not end an address */
    bool ended = n > 2 && (text.p[n - 1] == ':' || text.p[n - 1] == '.');
    return ended && make_same(str_upto(text, n - 1), same) ? n - 1 : 0;
}

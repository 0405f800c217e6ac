/* Which bytes of a text's first blocks are its own. */
#include "base/scan.h"

#ifdef __SSE2__
#define EIGHT 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF
const unsigned char scan_inside[128] = { EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT };
#endif

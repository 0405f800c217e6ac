/* Whether wide registers are to be left alone. */
#include "base/wide.h"

bool wide_refused;

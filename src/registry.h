/* The parts that are registered in registry.def, each list NULL-terminated. */
#ifndef REGISTRY_H
#define REGISTRY_H

#include "dialect/dialect.h"
#include "enrich/enrich.h"
#include "protocol/protocol.h"
#include "tcplog/writer.h"

extern const struct protocol *const registry_protocols[];
extern const struct dialect *const registry_dialects[];
extern const struct enricher *const registry_enrichers[];
extern const struct writer *const registry_writers[];
/* Pages are not a format: tcplog explain is how to ask for them. */
extern const struct writer writer_page;

#endif

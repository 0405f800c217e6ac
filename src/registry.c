/* Makes the lists of registry.h out of registry.def: a part is declared and listed by its one line there. */
#include "registry.h"

#define PROTOCOL(name) extern const struct protocol protocol_##name;
#define DIALECT(name) extern const struct dialect dialect_##name;
#define ENRICHER(name) extern const struct enricher enricher_##name;
#define WRITER(name) extern const struct writer writer_##name;
#include "registry.def"
#undef PROTOCOL
#undef DIALECT
#undef ENRICHER
#undef WRITER

#define PROTOCOL(name) &protocol_##name,
#define DIALECT(name)
#define ENRICHER(name)
#define WRITER(name)
const struct protocol *const registry_protocols[] = {
#include "registry.def"
    NULL,
};
#undef PROTOCOL
#undef DIALECT
#define PROTOCOL(name)
#define DIALECT(name) &dialect_##name,
const struct dialect *const registry_dialects[] = {
#include "registry.def"
    NULL,
};
#undef DIALECT
#undef ENRICHER
#define DIALECT(name)
#define ENRICHER(name) &enricher_##name,
const struct enricher *const registry_enrichers[] = {
#include "registry.def"
    NULL,
};
#undef ENRICHER
#undef WRITER
#define ENRICHER(name)
#define WRITER(name) &writer_##name,
const struct writer *const registry_writers[] = {
#include "registry.def"
    NULL,
};

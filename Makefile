# The whole build in one file: program, library, checks, installation. Which packages a machine needs is
# contrib/setup's to say; what counts as a test is tests/run's. Everything made is under $(B), save schemas/.
# make V=1 shows the commands; CC, CFLAGS, LDFLAGS, PREFIX, libdir and DESTDIR may be given.
B       := build
PREFIX  := /usr/local
libdir  := $(PREFIX)/lib
CFLAGS  := -O3 -g
SANITIZE :=
# ISA-L is used where it is; asked for as late as this because setup may have just installed it.
LIBS     = -ljansson -lcsv -lsodium -lz $(ISAL)
ISAL     = $(if $(shell echo '#include <isa-l/igzip_lib.h>' | $(CC) -E -xc - 2>&1 >/dev/null),,-lisal)
DEFINES := -D_GNU_SOURCE -Iinclude -Isrc -Ischemas
STRICT  := -Wall -Wextra -Werror -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
# One set of objects serves both libraries: what is exported is decided by the linker, not by the compiler.
COMPILE  = $(CC) -std=c17 -pthread $(CFLAGS) $(SANITIZE) $(STRICT) $(DEFINES) -fPIC -fno-semantic-interposition
LINK     = $(CC) -pthread $(CFLAGS) $(SANITIZE) $(LDFLAGS)
Q        = $(if $(V),,@)

SRC     := $(wildcard src/*.c src/*/*.c)
CMD     := $(wildcard cmd/*.c)
UNIT    := $(wildcard tests/unit/*.c)
FUZZ    := $(wildcard tests/fuzz/*.c)
HEADERS := $(wildcard include/*.h include/*/*.h src/*.h src/*/*.h cmd/*.h tests/unit/*.h tests/fuzz/*.h)
TABLES  := $(wildcard schemas/*.def src/*.def src/*/*.def cmd/*.def)
SAMPLES := $(wildcard tests/corpus/pegasus/*.smtp tests/corpus/pegasus/*.pop tests/corpus/pegasus/*.imap)
LIB_OBJ := $(SRC:%.c=$(B)/%.o)
CMD_OBJ := $(CMD:%.c=$(B)/%.o)
AID_OBJ := $(patsubst %.c,$(B)/%.o,$(filter-out %_test.c,$(UNIT)))
TESTS   := $(patsubst tests/unit/%.c,$(B)/unit/%,$(filter %_test.c,$(UNIT)))
TARGETS := $(patsubst tests/fuzz/%_fuzz.c,$(B)/targets/%,$(filter %_fuzz.c,$(FUZZ)))
TIDIED  := $(patsubst %.c,$(B)/tidy/%.ok,$(SRC) $(CMD))
SCHEMAS := schemas
DIAGNOSES := docs/diagnosis.md
KINDS    = $(shell sed -n 's/^NAME(kind, *[a-z]*, *"\([a-z]*\)").*/\1/p' schemas/names.def)
VERSION  = $(shell sed -n 's/^.define TCPLOG_VERSION "\(.*\)"/\1/p' include/tcplog.h)
PROGRAM := $(B)/tcplog
SHARED  := $(B)/libtcplog.so.0
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --no-builtin-rules -j$(shell nproc 2>/dev/null || echo 1)
endif
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all run test e2e spark lint sanitize fuzz targets schemas bench install uninstall clean ALWAYS

all: $(PROGRAM) $(B)/libtcplog.a $(SHARED)

# The stamps stand for installed packages: looked at again only when the list of packages changes.
$(B)/.setup-%: contrib/setup
	@mkdir -p $(@D) && SERVERS=$(B)/servers SPARK=$(B)/spark contrib/setup $* && touch $@
$(B)/.setup-test $(B)/.setup-lint $(B)/.setup-fuzz $(B)/.setup-bench $(B)/.setup-e2e $(B)/.setup-spark: | $(B)/.setup-build
$(B)/.setup-spark: tests/spark/requirements.txt

# Other flags are another build: objects made with the old ones are out of date.
$(B)/.flags: ALWAYS
	@mkdir -p $(@D) && echo '$(COMPILE) | $(LINK)' | cmp -s - $@ || echo '$(COMPILE) | $(LINK)' >$@

$(B)/%.o: %.c $(B)/.flags | $(B)/.setup-build
	@mkdir -p $(@D) && echo "  CC   $<"
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<
$(UNIT:%.c=$(B)/%.o): | $(B)/.setup-test

# The program and the tests see all of it; who links the static library sees what the shared one shows.
$(B)/inside.a: $(LIB_OBJ)
	$(Q)rm -f $@ && ar rcs $@ $^
$(B)/libtcplog.a: $(LIB_OBJ)
	$(Q)$(CC) $(CFLAGS) -r -nostdlib -o $(B)/libtcplog.o $^ && objcopy --wildcard --keep-global-symbol='tcplog_*' $(B)/libtcplog.o
	$(Q)rm -f $@ && ar rcs $@ $(B)/libtcplog.o
$(SHARED): $(LIB_OBJ)
	@echo '{ global: tcplog_*; local: *; };' >$(B)/exports.map
	$(Q)$(LINK) -shared -Wl,-soname,$(@F),--version-script,$(B)/exports.map -o $@ $^ $(LIBS)
$(PROGRAM): $(CMD_OBJ) $(B)/inside.a
	@echo "  LINK $@"
	$(Q)$(LINK) -o $@ $^ $(LIBS)
$(B)/unit/%: $(B)/tests/unit/%.o $(AID_OBJ) $(B)/inside.a
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ -lcmocka $(LIBS)

# Exit 1 says that a sample is damaged, as some are on purpose: what came of it is shown all the same.
run: $(PROGRAM)
	@$(PROGRAM) convert --force -o $(B)/run.jsonl $(SAMPLES) 2>$(B)/run.txt || [ $$? -eq 1 ] || \
		{ cat $(B)/run.txt; exit 1; }
	@head -n 4 $(B)/run.jsonl && echo && cat $(B)/run.txt && echo "All records: $(B)/run.jsonl"

test: all $(TESTS) | $(B)/.setup-test
	@BUILD='$(abspath $(B))' SANITIZED='$(SANITIZE)' tests/run $(ONLY)

# Real servers, started on loopback ports for the minute that it takes.
e2e: all | $(B)/.setup-e2e
	@BUILD='$(abspath $(B))' tests/e2e/run $(ONLY)

# A Spark of two executors on loopback. PySpark is a download of 300 MB, so this is no part of what a change must pass.
spark: all | $(B)/.setup-spark
	@BUILD='$(abspath $(B))' tests/spark/run $(ONLY)

# ThreadSanitizer only for what has threads.
sanitize:
	@$(MAKE) --no-print-directory B=$(B)/sanitize CFLAGS='-O1 -g -fno-omit-frame-pointer' \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all' test
	@$(MAKE) --no-print-directory B=$(B)/threads CFLAGS='-O1 -g -fno-omit-frame-pointer' \
		SANITIZE='-fsanitize=thread' ONLY='jobs.py dedupe.py sink_test' test

# Promises under fire. CC=afl-clang-fast makes AFL++ do it; ONLY=pipeline takes one target.
fuzz: SECONDS = 60
fuzz: | $(B)/.setup-fuzz
	@$(MAKE) --no-print-directory B=$(B)/fuzz CC=$(FUZZ_CC) CFLAGS='-O1 -g -fno-omit-frame-pointer' \
		SANITIZE='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all' targets
	@BUILD='$(abspath $(B)/fuzz)' CC=$(FUZZ_CC) tests/fuzz/run $(SECONDS) $(ONLY)
FUZZ_CC  = $(if $(filter default,$(origin CC)),clang,$(CC))
targets: $(TARGETS)
$(B)/targets/%: $(B)/tests/fuzz/%_fuzz.o $(patsubst %.c,$(B)/%.o,$(filter-out %_fuzz.c,$(FUZZ))) $(B)/inside.a
	@mkdir -p $(@D) && echo "  LINK $@"
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $^ $(LIBS)

lint: $(TIDIED) | $(B)/.setup-lint
	@tests/floors
	$(Q)cppcheck --quiet --std=c11 -j2 --enable=warning,performance,portability --inline-suppr \
		--suppress=missingIncludeSystem --error-exitcode=1 $(DEFINES) src cmd
	$(Q)clang-format --dry-run -Werror --ferror-limit=1 $(SRC) $(CMD) $(UNIT) $(FUZZ) $(HEADERS)
$(B)/tidy/%.ok: %.c .clang-tidy $(HEADERS) $(TABLES) | $(B)/.setup-lint
	@mkdir -p $(@D) && echo "  TIDY $<"
	$(Q)clang-tidy --quiet $< -- -std=c17 $(DEFINES) >$@ 2>&1 || { cat $@; rm -f $@; exit 1; }

schemas: $(PROGRAM)
	@show() { $(PROGRAM) schema --form "$$@" >$(SCHEMAS)/.new && mv $(SCHEMAS)/.new $(SCHEMAS)/$$file; }; set -e; \
	file=FIELDS.md; show markdown; file=tcplog.schema.json; show json-schema; \
	for kind in $(KINDS); do file=$$kind.schema.json; show json-schema -k $$kind; \
		file=$$kind.table-schema.json; show table-schema -k $$kind; file=$$kind.csv; show csv -k $$kind; done; \
	$(PROGRAM) codes --diagnoses >$(SCHEMAS)/.new && mv $(SCHEMAS)/.new $(DIAGNOSES)

bench: all | $(B)/.setup-bench
	@BUILD='$(abspath $(B))' TCPLOG='$(abspath $(PROGRAM))' tests/bench/run

TO      := $(DESTDIR)$(PREFIX)
TO_LIB  := $(DESTDIR)$(libdir)
PUBLIC  := $(notdir $(wildcard include/tcplog/*.h schemas/*.def))
SHARE   := $(notdir $(wildcard schemas/*.json schemas/*.csv schemas/*.md))
# Written here and copied as the rest is: a mask of 077 would keep it from others. Made anew, for PREFIX is no file.
$(B)/tcplog.pc: src/tcplog.pc.in ALWAYS
	$(if $(word 2,$(PREFIX))$(word 2,$(libdir)),$(error PREFIX and libdir must not have blanks in them: pkg-config would take them for several))
	$(Q)sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(subst $(PREFIX)/,$${prefix}/,$(libdir))|; s|@VERSION@|$(VERSION)|; s|@ISAL@|$(ISAL)|' \
		src/tcplog.pc.in >$@
install: all $(B)/tcplog.pc
	install -d '$(TO)/bin' '$(TO_LIB)/pkgconfig' '$(TO)/include/tcplog' '$(TO)/share/man/man1' '$(TO)/share/tcplog/schemas'
	install $(PROGRAM) '$(TO)/bin'
	install -m 644 $(B)/libtcplog.a $(SHARED) '$(TO_LIB)'
	ln -sf $(notdir $(SHARED)) '$(TO_LIB)/libtcplog.so'
	install -m 644 $(B)/tcplog.pc '$(TO_LIB)/pkgconfig'
	install -m 644 include/tcplog.h '$(TO)/include'
	install -m 644 include/tcplog/*.h schemas/*.def '$(TO)/include/tcplog'
	install -m 644 docs/tcplog.1 '$(TO)/share/man/man1'
	install -m 644 $(addprefix schemas/,$(SHARE)) '$(TO)/share/tcplog/schemas'

# What install puts there, and nothing else; folders of our own go where nothing is left in them.
uninstall:
	rm -f '$(TO)/bin/tcplog' '$(TO)/include/tcplog.h' '$(TO)/share/man/man1/tcplog.1' '$(TO_LIB)/pkgconfig/tcplog.pc'
	cd '$(TO_LIB)' 2>/dev/null && rm -f libtcplog.a libtcplog.so $(notdir $(SHARED)) || true
	cd '$(TO)/include/tcplog' 2>/dev/null && rm -f $(PUBLIC) || true
	cd '$(TO)/share/tcplog/schemas' 2>/dev/null && rm -f $(SHARE) || true
	rmdir '$(TO)/include/tcplog' '$(TO)/share/tcplog/schemas' '$(TO)/share/tcplog' 2>/dev/null || true

clean:
	rm -rf $(B)

-include $(patsubst %.o,%.d,$(LIB_OBJ) $(CMD_OBJ) $(UNIT:%.c=$(B)/%.o) $(FUZZ:%.c=$(B)/%.o))
